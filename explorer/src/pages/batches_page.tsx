import { paths } from "../api/client";
import type { Batch } from "../api/types";
import { useResource } from "../api/use_resource";
import { Hash, OnL1 } from "../components/hash";
import { Card, Page } from "../components/page";
import { Empty, Shown } from "../components/states";
import { Table, type Column } from "../components/table";
import { formatBytes, formatNumber, formatPercent } from "../format/number";
import { Link } from "../navigation";

const REFRESH_MS = 2000;

const COLUMNS: readonly Column[] = [
  { name: "Batch" },
  { name: "L1 block" },
  { name: "L2 blocks" },
  { name: "Count", kind: "number" },
  { name: "Raw", kind: "number wide" },
  { name: "On L1", kind: "number" },
  { name: "Ratio", kind: "number wide" },
  { name: "Data", kind: "wide" },
];

const Row = ({ batch }: { batch: Batch }) => (
  <tr>
    <td>
      <Hash value={batch.l1TransactionHash} to={`/batch/${batch.l1TransactionHash}`} />
    </td>
    <td>
      <OnL1 thing="block" value={batch.l1BlockNumber} />
    </td>
    <td>
      <Link to={`/block/${batch.firstBlock}`}>{formatNumber(batch.firstBlock)}</Link> –{" "}
      <Link to={`/block/${batch.lastBlock}`}>{formatNumber(batch.lastBlock)}</Link>
    </td>
    <td class="number">{formatNumber(batch.lastBlock - batch.firstBlock + 1)}</td>
    <td class="number wide">{formatBytes(batch.rawBytes)}</td>
    <td class="number">{formatBytes(batch.compressedBytes)}</td>
    <td class="number wide">{formatPercent(batch.compressedBytes, batch.rawBytes)}</td>
    <td class="wide">{batch.dataAvailability}</td>
  </tr>
);

export function BatchesPage() {
  const batches = useResource(paths.batches, REFRESH_MS);
  return (
    <Page title="Batches" aside={<p class="muted">L2 blocks as data on L1, from which anyone rebuilds the chain</p>}>
      <Shown resource={batches} what="list of batches">
        {({ batches }) => (
          <Card>
            {batches.length === 0 ? (
              <Empty>No batch on L1 yet.</Empty>
            ) : (
              <Table caption="Batches, newest first" columns={COLUMNS}>
                {batches.map((batch) => (
                  <Row key={batch.channelId} batch={batch} />
                ))}
              </Table>
            )}
          </Card>
        )}
      </Shown>
    </Page>
  );
}

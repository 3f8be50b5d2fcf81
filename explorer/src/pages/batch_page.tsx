import { paths } from "../api/client";
import type { Batch } from "../api/types";
import { useResource } from "../api/use_resource";
import { BlockTable } from "../components/block_rows";
import { Hash, OnL1 } from "../components/hash";
import { Card, Fact, Facts, Page } from "../components/page";
import { Shown } from "../components/states";
import { formatBytes, formatNumber, formatPercent } from "../format/number";
import { Link } from "../navigation";

const REFRESH_MS = 5000;

const BatchFacts = ({ batch }: { batch: Batch }) => (
  <Card label="Batch">
    <Facts>
      <Fact name={batch.l1TransactionHashes.length > 1 ? "L1 transactions" : "L1 transaction"}>
        {batch.l1TransactionHashes.map((hash) => (
          <OnL1 key={hash} thing="tx" value={hash} whole copy="the hash" />
        ))}
      </Fact>
      <Fact name="L1 block">
        <OnL1 thing="block" value={batch.l1BlockNumber} /> <Hash value={batch.l1BlockHash} copy="the L1 block's hash" />
      </Fact>
      <Fact name="Channel">
        <Hash value={batch.channelId} whole copy="the channel's id" />
      </Fact>
      <Fact name="L2 blocks">
        <Link to={`/block/${batch.firstBlock}`}>{formatNumber(batch.firstBlock)}</Link> –{" "}
        <Link to={`/block/${batch.lastBlock}`}>{formatNumber(batch.lastBlock)}</Link>{" "}
        <span class="muted">({formatNumber(batch.lastBlock - batch.firstBlock + 1)})</span>
      </Fact>
      <Fact name="Size">
        {formatBytes(batch.compressedBytes)}{" "}
        <span class="muted">
          of {formatBytes(batch.rawBytes)} raw ({formatPercent(batch.compressedBytes, batch.rawBytes)})
        </span>
      </Fact>
      <Fact name="Data is in">{batch.dataAvailability}</Fact>
    </Facts>
  </Card>
);

export function BatchPage({ hash }: { hash: string }) {
  const batch = useResource(paths.batch(hash), REFRESH_MS);
  return (
    <Page title="Batch" tab={`Batch ${hash.slice(0, 10)}`}>
      <Shown resource={batch} what="batch">
        {(data) => {
          const count = data.lastBlock - data.firstBlock + 1;
          return (
            <>
              <BatchFacts batch={data} />
              <Card
                title="Its blocks"
                aside={
                  data.blocks.length < count && (
                    <span class="muted">
                      the first {formatNumber(data.blocks.length)} of {formatNumber(count)}
                    </span>
                  )
                }
              >
                <BlockTable blocks={data.blocks} caption="Blocks of the batch" />
              </Card>
            </>
          );
        }}
      </Shown>
    </Page>
  );
}

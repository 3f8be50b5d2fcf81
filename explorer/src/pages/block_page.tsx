import { paths } from "../api/client";
import { useOverview } from "../api/overview";
import type { Block } from "../api/types";
import { useResource } from "../api/use_resource";
import { Address, Hash, OnL1 } from "../components/hash";
import { Card, Fact, Facts, Page } from "../components/page";
import { Empty, Shown } from "../components/states";
import { TimelineStepper } from "../components/timeline_stepper";
import { TxTable } from "../components/tx_rows";
import { Amount, Status, Time } from "../components/values";
import { formatBytes, formatNumber, formatPercent } from "../format/number";
import { Link } from "../navigation";
import { watchInterval } from "../timeline";

function Neighbours({ number }: { number: number }) {
  const newest = useOverview().data?.heads.unsafe.number ?? number;
  return (
    <nav class="pager" aria-label="Neighbouring blocks">
      {number > 0 && (
        <Link to={`/block/${number - 1}`} class="button" label={`Block ${number - 1}`}>
          ←
        </Link>
      )}
      {number < newest && (
        <Link to={`/block/${number + 1}`} class="button" label={`Block ${number + 1}`}>
          →
        </Link>
      )}
    </nav>
  );
}

const Root = ({ name, value, help }: { name: string; value: string | null; help?: string }) =>
  value === null ? null : (
    <Fact name={name} {...(help === undefined ? {} : { help })}>
      <Hash value={value} whole copy={`the ${name.toLowerCase()}`} />
    </Fact>
  );

const BlockFacts = ({ block }: { block: Block }) => (
  <Card label="Block">
    <Facts>
      <Root name="Hash" value={block.hash} />
      <Fact name="Time">
        <Time ms={block.timestampMs} exact />
      </Fact>
      <Fact name="Status">
        <Status status={block.status} />
      </Fact>
      <Fact name="Gas used">
        {formatNumber(block.gasUsed)}{" "}
        <span class="muted">
          of {formatNumber(block.gasLimit)} ({formatPercent(block.gasUsed, block.gasLimit)})
        </span>
      </Fact>
      <Fact name="Base fee">
        <Amount wei={block.baseFee} />
      </Fact>
      <Fact name="Size">{formatBytes(block.sizeBytes)}</Fact>
      {block.l1Origin && (
        <Fact name="L1 origin" help="The L1 block whose attributes and deposits it carries">
          <OnL1 thing="block" value={block.l1Origin.number} />{" "}
          <Hash value={block.l1Origin.hash} copy="the L1 block's hash" />
          {block.sequenceNumber !== null && <span class="muted"> sequence number {block.sequenceNumber}</span>}
        </Fact>
      )}
      <Fact name="Fees to">
        <Address value={block.coinbase} copy />
      </Fact>
    </Facts>
    <details>
      <summary>Roots and extra data</summary>
      <Facts>
        <Fact name="Parent">
          {block.number > 0 ? (
            <Hash value={block.parentHash} to={`/block/${block.parentHash}`} whole copy="the parent's hash" />
          ) : (
            <Hash value={block.parentHash} whole />
          )}
        </Fact>
        <Root name="State root" value={block.stateRoot} />
        <Root name="Transactions root" value={block.transactionsRoot} />
        <Root name="Receipts root" value={block.receiptsRoot} />
        <Root
          name="Withdrawals root"
          value={block.withdrawalsRoot}
          help="Storage root of the message passer: what withdrawals are proven against"
        />
        <Root name="Output root" value={block.outputRoot} help="What an output on L1 claims" />
        <Root name="Extra data" value={block.extraData} />
      </Facts>
    </details>
  </Card>
);

export function BlockPage({ id }: { id: string }) {
  const block = useResource(paths.block(id), watchInterval);
  const number = block.data?.number ?? (id.startsWith("0x") ? null : Number(id));
  return (
    <Page
      title={number === null ? "Block" : `Block ${formatNumber(number)}`}
      aside={number !== null && <Neighbours number={number} />}
    >
      <Shown resource={block} what="block">
        {(data) => (
          <>
            <TimelineStepper timeline={data.timeline} />
            <BlockFacts block={data} />
            <Card title="Transactions" aside={<span class="muted">{formatNumber(data.transactionList.length)}</span>}>
              {data.transactionList.length === 0 ? (
                <Empty>None.</Empty>
              ) : (
                <TxTable transactions={data.transactionList} caption="Transactions of the block" />
              )}
            </Card>
          </>
        )}
      </Shown>
    </Page>
  );
}

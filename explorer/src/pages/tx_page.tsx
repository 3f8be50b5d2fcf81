import { paths } from "../api/client";
import type { Tx } from "../api/types";
import { useResource } from "../api/use_resource";
import { Address, Hash } from "../components/hash";
import { InputData } from "../components/input_data";
import { LogList } from "../components/log_list";
import { Card, Fact, Facts, Page } from "../components/page";
import { Shown } from "../components/states";
import { TimelineStepper } from "../components/timeline_stepper";
import { methodOf } from "../components/tx_rows";
import { Amount, Outcome, Status, Time } from "../components/values";
import { printable } from "../format/hex";
import { formatNumber, formatPercent } from "../format/number";
import { Link } from "../navigation";
import { watchInterval } from "../timeline";

const TYPES: Record<number, string> = {
  0: "legacy",
  1: "access list (EIP-2930)",
  2: "dynamic fee (EIP-1559)",
  3: "blob (EIP-4844)",
  4: "set code (EIP-7702)",
  126: "deposit (OP Stack)",
};

function Place({ tx }: { tx: Tx }) {
  if (tx.blockNumber === null) return <span class="muted">in none yet</span>;
  const where = tx.index === null ? "" : `at ${tx.index}`;
  if (tx.blockHash === null)
    return (
      <>
        {formatNumber(tx.blockNumber)} <span class="muted">in progress {where}</span>
      </>
    );
  return (
    <>
      <Link to={`/block/${tx.blockNumber}`}>{formatNumber(tx.blockNumber)}</Link> <span class="muted">{where}</span>
    </>
  );
}

const TxFacts = ({ tx }: { tx: Tx }) => (
  <Card title="Details">
    <Facts>
      <Fact name="Hash">
        <Hash value={tx.hash} whole copy="the hash" />
      </Fact>
      <Fact name="Outcome">
        <Outcome success={tx.success} /> <Status status={tx.status} />
        {tx.revertReason !== null && <span class="revert">{printable(tx.revertReason)}</span>}
      </Fact>
      <Fact name="Block">
        <Place tx={tx} />
      </Fact>
      <Fact name="Time">
        <Time ms={tx.timestampMs} exact />
      </Fact>
      <Fact name="From">
        <Address value={tx.from} whole copy />
      </Fact>
      {tx.to === null ? (
        <Fact name="Created">
          {tx.contractAddress === null ? (
            <span class="muted">no contract</span>
          ) : (
            <Address value={tx.contractAddress} whole copy />
          )}
        </Fact>
      ) : (
        <Fact name="To">
          <Address value={tx.to} whole copy />
        </Fact>
      )}
      <Fact name="Value">
        <Amount wei={tx.value} />
      </Fact>
      {tx.mint !== undefined && (
        <Fact name="Minted" help="Ether that the deposit brings from L1">
          <Amount wei={tx.mint} />
        </Fact>
      )}
      <Fact name="Method">
        <span class="tag method">{methodOf(tx)}</span>
      </Fact>
    </Facts>
  </Card>
);

const isZero = (wei: string | null): boolean => wei === null || /^0*$/.test(wei);

const TxFees = ({ tx }: { tx: Tx }) => (
  <Card title="Fees">
    <Facts>
      <Fact name="Total">
        {tx.isDeposit ? <span class="muted">none: paid on L1</span> : <Amount wei={tx.totalFee} />}
      </Fact>
      {!tx.isDeposit && (
        <>
          <Fact name="L1 data" help="For its bytes on L1">
            <Amount wei={tx.l1Fee} />
          </Fact>
          {!isZero(tx.operatorFee) && (
            <Fact name="Operator">
              <Amount wei={tx.operatorFee} />
            </Fact>
          )}
          <Fact name="Gas price">
            <Amount wei={tx.gasPrice} />
          </Fact>
          {tx.maxFeePerGas !== null && (
            <Fact name="At most" help="Max fee and max priority fee a unit of gas">
              <Amount wei={tx.maxFeePerGas} /> <span class="muted">priority</span>{" "}
              <Amount wei={tx.maxPriorityFeePerGas} />
            </Fact>
          )}
        </>
      )}
      <Fact name="Gas used">
        {tx.gasUsed === null ? (
          <span class="muted">–</span>
        ) : (
          <>
            {formatNumber(tx.gasUsed)}{" "}
            <span class="muted">
              of {formatNumber(tx.gasLimit)} ({formatPercent(tx.gasUsed, tx.gasLimit)})
            </span>
          </>
        )}
      </Fact>
      <Fact name="Nonce">{formatNumber(tx.nonce)}</Fact>
      <Fact name="Type">{TYPES[tx.type] ?? tx.type}</Fact>
    </Facts>
  </Card>
);

export function TxPage({ hash }: { hash: string }) {
  const tx = useResource(paths.tx(hash), watchInterval);
  return (
    <Page title="Transaction" tab={`Transaction ${hash.slice(0, 10)}`}>
      <Shown resource={tx} what="transaction">
        {(data) => (
          <>
            <TimelineStepper timeline={data.timeline} />
            <div class="columns uneven">
              <TxFacts tx={data} />
              <TxFees tx={data} />
            </div>
            {data.input !== "0x" && <InputData input={data.input} isCreation={data.to === null} />}
            {data.logs.length > 0 && <LogList logs={data.logs} />}
          </>
        )}
      </Shown>
    </Page>
  );
}

import type { TxSummary } from "../api/types";
import { Address, Hash } from "./hash";
import { ArrowIcon } from "./icons";
import { Card } from "./page";
import { Empty } from "./states";
import { methodOf } from "./tx_rows";
import { Amount, Status, Time } from "./values";

const SHOWN = 12;

const Row = ({ tx }: { tx: TxSummary }) => (
  <li>
    <span class="lead-cell">
      <Hash value={tx.hash} to={`/tx/${tx.hash}`} />
      <Time ms={tx.timestampMs} />
    </span>
    <span class="middle">
      <span class="way">
        <Address value={tx.from} /> <ArrowIcon />{" "}
        {tx.to === null ? <span class="muted">new contract</span> : <Address value={tx.to} />}
      </span>
      <span class="tag method" title={tx.method ?? undefined}>
        {methodOf(tx)}
      </span>
    </span>
    <span class="value">
      <Amount wei={tx.value} />
    </span>
    {tx.success === false ? <span class="status failed">failed</span> : <Status status={tx.status} />}
  </li>
);

export const LatestTransactions = ({ transactions }: { transactions: readonly TxSummary[] }) => (
  <Card title="Transactions" class="latest">
    {transactions.length === 0 && <Empty>No transaction yet.</Empty>}
    <ol class="feed transactions">
      {transactions.slice(0, SHOWN).map((tx) => (
        <Row key={tx.hash} tx={tx} />
      ))}
    </ol>
  </Card>
);

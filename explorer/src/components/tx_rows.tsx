import { useState } from "preact/hooks";
import { findMethodName } from "../abi/codec";
import type { TxSummary } from "../api/types";
import { formatNumber } from "../format/number";
import { Link } from "../navigation";
import { Address, Hash } from "./hash";
import { Table, type Column } from "./table";
import { Amount, Status, Time } from "./values";

const DEPOSIT_TYPE = 126; // 0x7E, OP Stack

/** One word for what a transaction does, from the outside. */
export function methodOf(tx: Pick<TxSummary, "to" | "method" | "type">): string {
  if (tx.to === null) return "create";
  if (tx.method !== null) return findMethodName(tx.method) ?? tx.method;
  return tx.type === DEPOSIT_TYPE ? "deposit" : "send";
}

const Method = ({ tx }: { tx: TxSummary }) => (
  <span class="tag method" title={tx.method ?? undefined}>
    {methodOf(tx)}
  </span>
);

const COLUMNS: readonly Column[] = [
  { name: "Transaction" },
  { name: "Method", kind: "wide" },
  { name: "Block", kind: "wide" },
  { name: "Age" },
  { name: "From" },
  { name: "To" },
  { name: "Value", kind: "number" },
  { name: "Status" },
];

function Place({ tx }: { tx: TxSummary }) {
  if (tx.blockNumber === null) return <span class="muted">–</span>;
  const number = formatNumber(tx.blockNumber);
  return tx.blockHash === null ? (
    <span title="In progress">{number}</span>
  ) : (
    <Link to={`/block/${tx.blockNumber}`}>{number}</Link>
  );
}

/** `self`: the address whose page it is; it is not linked, and says which way the value went. */
function Party({ address, self }: { address: string; self: string | undefined }) {
  return <Address value={address} plain={address.toLowerCase() === self?.toLowerCase()} />;
}

const PAGE_ROWS = 100;

interface TxTableProps {
  transactions: readonly TxSummary[];
  caption: string;
  self?: string;
}

export function TxTable({ transactions, caption, self }: TxTableProps) {
  const [shown, setShown] = useState(PAGE_ROWS);
  return (
    <>
      <Table caption={caption} columns={COLUMNS}>
        {transactions.slice(0, shown).map((tx) => (
          <tr key={tx.hash} class={tx.success === false ? "failed" : undefined}>
            <td>
              <Hash value={tx.hash} to={`/tx/${tx.hash}`} />
            </td>
            <td class="wide">
              <Method tx={tx} />
            </td>
            <td class="wide">
              <Place tx={tx} />
            </td>
            <td>
              <Time ms={tx.timestampMs} />
            </td>
            <td>
              <Party address={tx.from} self={self} />
            </td>
            <td>{tx.to === null ? <span class="muted">new contract</span> : <Party address={tx.to} self={self} />}</td>
            <td class="number">
              <Amount wei={tx.value} />
            </td>
            <td>{tx.success === false ? <span class="status failed">failed</span> : <Status status={tx.status} />}</td>
          </tr>
        ))}
      </Table>
      {transactions.length > shown && (
        <p class="more">
          <button type="button" class="button" onClick={() => setShown(shown + PAGE_ROWS)}>
            Show more of {formatNumber(transactions.length)}
          </button>
        </p>
      )}
    </>
  );
}

import type { Deposit } from "../api/types";
import { Address, Hash, OnL1 } from "../components/hash";
import { Empty } from "../components/states";
import { Table, type Column } from "../components/table";
import { Amount } from "../components/values";
import { formatNumber } from "../format/number";
import { Link } from "../navigation";

const COLUMNS: readonly Column[] = [
  { name: "L1 transaction" },
  { name: "L1 block", kind: "wide" },
  { name: "L2 transaction" },
  { name: "L2 block", kind: "wide" },
  { name: "From", kind: "wide" },
  { name: "To", kind: "wide" },
  { name: "Minted", kind: "number" },
  { name: "State" },
];

const CLASSES: Record<Deposit["state"], string> = { "on L1": "sealed", "on L2": "ok", "failed on L2": "failed" };

export function DepositTable({ deposits }: { deposits: readonly Deposit[] }) {
  if (deposits.length === 0) return <Empty>No deposit yet.</Empty>;
  return (
    <Table caption="Deposits, newest first" columns={COLUMNS}>
      {deposits.map((deposit) => (
        <tr key={`${deposit.l1TransactionHash}/${deposit.logIndex}`}>
          <td>
            <OnL1 thing="tx" value={deposit.l1TransactionHash} />
          </td>
          <td class="wide">
            <OnL1 thing="block" value={deposit.l1BlockNumber} />
          </td>
          <td>
            <Hash value={deposit.l2TransactionHash} to={`/tx/${deposit.l2TransactionHash}`} />
          </td>
          <td class="wide">
            {deposit.l2BlockNumber === null ? (
              <span class="muted">–</span>
            ) : (
              <Link to={`/block/${deposit.l2BlockNumber}`}>{formatNumber(deposit.l2BlockNumber)}</Link>
            )}
          </td>
          <td class="wide">
            <Address value={deposit.from} />
          </td>
          <td class="wide">
            {deposit.to === null ? <span class="muted">new contract</span> : <Address value={deposit.to} />}
          </td>
          <td class="number">
            <Amount wei={deposit.mint} />
          </td>
          <td>
            <span class={`status ${CLASSES[deposit.state] ?? ""}`}>{deposit.state}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

import { WITHDRAWAL_STATES, type Withdrawal } from "../api/types";
import { Address, Hash, OnL1 } from "../components/hash";
import { ArrowIcon } from "../components/icons";
import { Empty } from "../components/states";
import { Amount, Time } from "../components/values";
import { printable } from "../format/hex";

/** The way of one that is under way; who has arrived needs none. */
const Progress = ({ state }: { state: Withdrawal["state"] }) => {
  const at = WITHDRAWAL_STATES.indexOf(state === "root fell" ? "ready to prove" : state);
  return (
    <ol class="progress" aria-label={`State: ${state}`}>
      {WITHDRAWAL_STATES.map((name, i) => (
        <li
          key={name}
          class={i < at ? "done" : i === at ? "current" : "pending"}
          aria-current={i === at ? "step" : undefined}
        >
          {name}
        </li>
      ))}
    </ol>
  );
};

const OneWithdrawal = ({ withdrawal }: { withdrawal: Withdrawal }) => (
  <li class="withdrawal" data-state={withdrawal.state}>
    <div class="line">
      <strong>
        <Amount wei={withdrawal.value} />
      </strong>
      <span class="way">
        <Address value={withdrawal.from} /> <ArrowIcon /> <OnL1 thing="address" value={withdrawal.to} />
      </span>
      <span>
        L2 <Hash value={withdrawal.l2TransactionHash} to={`/tx/${withdrawal.l2TransactionHash}`} />
      </span>
      {withdrawal.l1ProveTransactionHash !== null && (
        <span>
          proven by <OnL1 thing="tx" value={withdrawal.l1ProveTransactionHash} />{" "}
          {withdrawal.provenAtMs !== null && <Time ms={withdrawal.provenAtMs} />}
        </span>
      )}
      {withdrawal.l1FinalizeTransactionHash !== null && (
        <span>
          paid by <OnL1 thing="tx" value={withdrawal.l1FinalizeTransactionHash} />
        </span>
      )}
      {withdrawal.state === "root fell" && <span class="status failed end">root fell</span>}
      {withdrawal.state === "finalized" && <span class="status finalized end">finalized</span>}
    </div>
    {withdrawal.state !== "finalized" && <Progress state={withdrawal.state} />}
    {withdrawal.state !== "finalized" && withdrawal.note !== null && (
      <p class="muted note">{printable(withdrawal.note)}</p>
    )}
  </li>
);

export const WithdrawalList = ({ withdrawals }: { withdrawals: readonly Withdrawal[] }) =>
  withdrawals.length === 0 ? (
    <Empty>No withdrawal yet.</Empty>
  ) : (
    <ul class="withdrawals">
      {withdrawals.map((withdrawal) => (
        <OneWithdrawal key={withdrawal.hash} withdrawal={withdrawal} />
      ))}
    </ul>
  );

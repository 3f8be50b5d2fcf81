// Amounts, times and statuses as every page shows them.
import { formatAge, formatExact } from "../format/time";
import { formatExactWei, formatWei, parseWei } from "../format/wei";
import { useNow } from "../time/clock";
import type { TxStatus } from "../api/types";

/** Decimal wei, in the unit that suits; all of it on hover. */
export function Amount({ wei }: { wei: string | null }) {
  const value = wei === null ? null : parseWei(wei);
  if (value === null) return <span class="muted">–</span>;
  return (
    <data class={value === 0n ? "amount muted" : "amount"} value={String(value)} title={formatExactWei(value)}>
      {formatWei(value)}
    </data>
  );
}

/** How long ago; the exact time on hover, or beside it. */
export function Time({ ms, exact }: { ms: number | null; exact?: boolean }) {
  const now_ms = useNow();
  const full = ms === null ? null : formatExact(ms);
  if (ms === null || full === null) return <span class="muted">–</span>;
  return (
    <time dateTime={new Date(ms).toISOString()} title={full}>
      {formatAge(ms, now_ms)}
      {exact && <span class="muted exact"> {full}</span>}
    </time>
  );
}

const STATUS_MEANS: Record<TxStatus, string> = {
  waiting: "In the pool; no block has it yet",
  "mini-block": "Shown and signed by the sequencer; its block is in progress",
  sealed: "In a sealed block that L1 does not hold yet",
  safe: "Derived from L1",
  finalized: "Derived from a finalized L1 block",
  orphaned: "Another block took its place",
};

export const Status = ({ status }: { status: TxStatus }) => (
  <span class={`status ${status}`} title={STATUS_MEANS[status] ?? ""}>
    {status}
  </span>
);

export function Outcome({ success }: { success: boolean | null }) {
  if (success === null) return <span class="status waiting">pending</span>;
  return success ? <span class="status ok">success</span> : <span class="status failed">failed</span>;
}

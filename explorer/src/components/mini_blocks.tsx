// What the sequencer has shown of the newest blocks: each mini-block is a chip, as wide as its transactions are many.
import type { MiniBlock } from "../api/types";
import { formatNumber } from "../format/number";
import { formatExact } from "../format/time";

const MAX_CHIPS = 48;
const MAX_WIDTH = 12;

const chipTitle = (mini: MiniBlock): string =>
  `Mini-block ${mini.index} of block ${mini.number}, ${formatExact(mini.madeAtMs) ?? ""}; transactions: ${mini.transactions}`;

export function MiniBlocks({ miniBlocks, inProgress }: { miniBlocks: readonly MiniBlock[]; inProgress: number }) {
  const newestLast = [...miniBlocks].sort((a, b) => a.number - b.number || a.index - b.index).slice(-MAX_CHIPS);
  return (
    <section class="mini-blocks card" aria-label="Mini-blocks">
      <h2>
        Mini-blocks{" "}
        <span class="muted">{newestLast.length > 0 && `block ${formatNumber(inProgress)} in progress`}</span>
      </h2>
      {newestLast.length === 0 ? (
        <p class="muted">None lately. Where the sequencer runs, a transaction shows here within milliseconds.</p>
      ) : (
        <ol>
          {newestLast.map((mini, i) => (
            <li
              key={`${mini.number}/${mini.index}`}
              class={`${mini.number >= inProgress ? "fresh" : ""} ${i > 0 && mini.index === 0 ? "first" : ""}`}
              style={{ flexGrow: Math.min(mini.transactions, MAX_WIDTH) }}
              title={chipTitle(mini)}
            >
              {formatNumber(mini.transactions)}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

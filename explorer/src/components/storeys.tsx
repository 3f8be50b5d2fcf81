// Both chains as two floors of a house, each with its heads from what is final (left) to what is newest (right).
import type { ComponentChildren } from "preact";
import type { Head, Overview } from "../api/types";
import { formatNumber } from "../format/number";
import { formatSpan } from "../format/time";
import { Link } from "../navigation";
import { Amount, Time } from "./values";

interface CellProps {
  name: string;
  help: string;
  status: string;
  value: ComponentChildren;
  children?: ComponentChildren;
}

const Cell = ({ name, help, status, value, children }: CellProps) => (
  <div class={`cell ${status}`} title={help}>
    <dt>{name}</dt>
    <dd>
      <span class="figure">{value}</span>
      <span class="muted">{children}</span>
    </dd>
  </div>
);

const behind = (number: number | null, newest: number | null): string => {
  if (number === null || newest === null) return "";
  return number >= newest ? "at the head" : `${formatNumber(newest - number)} behind`;
};

function L2Cell({
  name,
  help,
  status,
  head,
  newest,
}: {
  name: string;
  help: string;
  status: string;
  head: Head;
  newest?: number;
}) {
  return (
    <Cell
      name={name}
      help={help}
      status={status}
      value={<Link to={`/block/${head.number}`}>{formatNumber(head.number)}</Link>}
    >
      {newest === undefined ? <Time ms={head.timestampMs} /> : behind(head.number, newest)}
    </Cell>
  );
}

function L1Cell({
  name,
  help,
  status,
  number,
  newest,
}: {
  name: string;
  help: string;
  status: string;
  number: number | null;
  newest: number | null;
}) {
  return (
    <Cell name={name} help={help} status={status} value={number === null ? "–" : formatNumber(number)}>
      {newest === number ? "" : behind(number, newest)}
    </Cell>
  );
}

const Figure = ({ name, help, children }: { name: string; help?: string; children: ComponentChildren }) => (
  <div title={help}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

export function Storeys({ overview }: { overview: Overview }) {
  const { heads, l1, l1ChainId, l2ChainId } = overview;
  const newest = heads.unsafe.number;
  return (
    <section class="storeys card" aria-label="Heads of both chains">
      <div class="floors">
        <div class="floor l2">
          <h2>
            L2 <span class="muted">chain {l2ChainId}</span>
          </h2>
          <dl>
            <L2Cell
              name="Finalized"
              help="Derived from a finalized L1 block"
              status="finalized"
              head={heads.finalized}
              newest={newest}
            />
            <L2Cell name="Safe" help="Derived from L1" status="safe" head={heads.safe} newest={newest} />
            <L2Cell name="Unsafe" help="Sealed by the sequencer" status="sealed" head={heads.unsafe} />
          </dl>
        </div>
        <div class="floor l1">
          <h2>
            L1 <span class="muted">chain {l1ChainId}</span>
          </h2>
          <dl>
            <L1Cell
              name="Finalized"
              help="L1's finalized block"
              status="finalized"
              number={l1.finalized}
              newest={l1.head}
            />
            <L1Cell
              name="Derived to"
              help="The L1 block up to which this node has derived the L2"
              status="safe"
              number={l1.current}
              newest={l1.head}
            />
            <L1Cell name="Head" help="L1's newest block" status="sealed" number={l1.head} newest={l1.head} />
          </dl>
        </div>
      </div>
      <dl class="figures">
        <Figure name="Transactions" help="A second, over the newest blocks, without the L1 attributes">
          {overview.tps >= 10 ? formatNumber(Math.round(overview.tps)) : Number(overview.tps.toFixed(1))}
          <span class="muted"> / s</span>
        </Figure>
        <Figure name="Gas price">
          <Amount wei={overview.gasPrice} />
        </Figure>
        <Figure name="Block time">{formatSpan(overview.blockTimeMs)}</Figure>
        <Figure name="Waiting" help="Transactions in the pool">
          {formatNumber(overview.pending)}
        </Figure>
      </dl>
    </section>
  );
}

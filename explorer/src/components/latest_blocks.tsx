import type { BlockSummary } from "../api/types";
import { formatNumber, formatPercent } from "../format/number";
import { Link } from "../navigation";
import { Card } from "./page";
import { Empty } from "./states";
import { Status, Time } from "./values";

const SHOWN = 12;

const Row = ({ block }: { block: BlockSummary }) => (
  <li>
    <span class="lead-cell">
      <Link to={`/block/${block.number}`}>{formatNumber(block.number)}</Link>
      <Time ms={block.timestampMs} />
    </span>
    <span class="middle">
      {formatNumber(block.transactions)} {block.transactions === 1 ? "transaction" : "transactions"}
      <span class="muted"> {formatNumber(block.gasUsed)} gas</span>
    </span>
    <span class="fill" title={`${formatPercent(block.gasUsed, block.gasLimit)} of the gas limit`}>
      <span
        style={{ width: formatPercent(Math.min(block.gasUsed, block.gasLimit), block.gasLimit).replace(" ", "") }}
      />
    </span>
    <Status status={block.status} />
  </li>
);

export const LatestBlocks = ({ blocks }: { blocks: readonly BlockSummary[] }) => (
  <Card title="Blocks" class="latest" aside={<Link to="/blocks">All blocks</Link>}>
    {blocks.length === 0 && <Empty>No block yet.</Empty>}
    <ol class="feed blocks">
      {blocks.slice(0, SHOWN).map((block) => (
        <Row key={block.hash} block={block} />
      ))}
    </ol>
  </Card>
);

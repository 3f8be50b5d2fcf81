import type { BlockSummary } from "../api/types";
import { formatBytes, formatNumber, formatPercent } from "../format/number";
import { Link } from "../navigation";
import { Hash } from "./hash";
import { Table, type Column } from "./table";
import { Amount, Status, Time } from "./values";

const COLUMNS: readonly Column[] = [
  { name: "Block" },
  { name: "Hash", kind: "wide" },
  { name: "Age" },
  { name: "Status" },
  { name: "Transactions", kind: "number" },
  { name: "Gas used", kind: "number" },
  { name: "Base fee", kind: "number wide" },
  { name: "Size", kind: "number wide" },
];

export const BlockTable = ({ blocks, caption }: { blocks: readonly BlockSummary[]; caption: string }) => (
  <Table caption={caption} columns={COLUMNS}>
    {blocks.map((block) => (
      <tr key={block.hash}>
        <td>
          <Link to={`/block/${block.number}`}>{formatNumber(block.number)}</Link>
        </td>
        <td class="wide">
          <Hash value={block.hash} to={`/block/${block.hash}`} />
        </td>
        <td>
          <Time ms={block.timestampMs} />
        </td>
        <td>
          <Status status={block.status} />
        </td>
        <td class="number">{formatNumber(block.transactions)}</td>
        <td class="number" title={`${formatPercent(block.gasUsed, block.gasLimit)} of ${formatNumber(block.gasLimit)}`}>
          {formatNumber(block.gasUsed)}
        </td>
        <td class="number wide">
          <Amount wei={block.baseFee} />
        </td>
        <td class="number wide">{formatBytes(block.sizeBytes)}</td>
      </tr>
    ))}
  </Table>
);

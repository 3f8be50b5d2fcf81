import { useMemo } from "preact/hooks";
import type { Overview, SeriesPoint } from "../api/types";
import type { Resource } from "../api/use_resource";
import { Chart } from "../components/chart";
import { LatestBlocks } from "../components/latest_blocks";
import { LatestTransactions } from "../components/latest_transactions";
import { MiniBlocks } from "../components/mini_blocks";
import { useTitle } from "../components/page";
import { Shown } from "../components/states";
import { Storeys } from "../components/storeys";
import { formatCompact } from "../format/number";
import { formatDecimals } from "../format/wei";

const formatGwei = (gwei: number): string => `${Number(gwei.toPrecision(3))}`;
const formatGas = (gas: number): string => formatCompact(Math.round(gas));

function Charts({ series }: { series: readonly SeriesPoint[] }) {
  const newest = series.at(-1)?.number ?? -1;
  const [blocks, gas, transactions, fees] = useMemo(
    () => [
      series.map((point) => point.number),
      series.map((point) => point.gasUsed),
      series.map((point) => point.transactions),
      series.map((point) => Number(formatDecimals(BigInt(point.baseFee), 9).replaceAll(",", ""))),
    ],
    [newest, series.length],
  );
  return (
    <div class="charts">
      <Chart title="Gas used" kind="bars" blocks={blocks} values={gas} format={formatGas} />
      <Chart title="Transactions" kind="bars" blocks={blocks} values={transactions} format={formatCompact} />
      <Chart title="Base fee, gwei" kind="line" blocks={blocks} values={fees} format={formatGwei} />
    </div>
  );
}

export function OverviewPage({ resource }: { resource: Resource<Overview> }) {
  useTitle("");
  return (
    <Shown resource={resource} what="overview">
      {(overview) => (
        <>
          <h1 class="visually-hidden">Overview</h1>
          <Storeys overview={overview} />
          <MiniBlocks miniBlocks={overview.miniBlocks} inProgress={overview.heads.unsafe.number + 1} />
          <Charts series={overview.series} />
          <div class="columns">
            <LatestBlocks blocks={overview.latestBlocks} />
            <LatestTransactions transactions={overview.latestTransactions} />
          </div>
        </>
      )}
    </Shown>
  );
}

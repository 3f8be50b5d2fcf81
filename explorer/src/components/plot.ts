import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface Plot {
  show(blocks: readonly number[], values: readonly number[]): void;
  destroy(): void;
}

interface PlotOptions {
  kind: "bars" | "line";
  format: (value: number) => string;
  /** The index under the pointer; null when it left. */
  onPoint: (index: number | null) => void;
}

const HEIGHT_PX = 116;
const VALUE_AXIS_PX = 52;
const BLOCK_TICK_PX = 70; // least room for a block number

/** A custom property that holds a colour, as one that a canvas takes: light-dark() is for style sheets only. */
function colour(element: HTMLElement, name: string): string {
  const probe = element.appendChild(document.createElement("span"));
  probe.style.color = `var(${name})`;
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

function options(place: HTMLElement, { kind, format, onPoint }: PlotOptions): uPlot.Options {
  const ink = colour(place, "--muted");
  const grid = { stroke: colour(place, "--line"), width: 1 };
  const accent = colour(place, "--accent");
  const font = `11px ${getComputedStyle(place).fontFamily}`;
  const axis = { stroke: ink, grid, font, ticks: { show: false } };
  return {
    width: Math.max(place.clientWidth, 100),
    height: HEIGHT_PX,
    padding: [8, 6, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: {
        time: false,
        range: (_, low, high) => (kind === "bars" ? [low - 0.6, high + 0.6] : [low, Math.max(high, low + 1)]),
      },
      y: {
        range: (_, low, high) =>
          kind === "bars" || low === high
            ? [0, Math.max(high * 1.1, 1)]
            : [Math.max(0, low - (high - low) * 0.2), high + (high - low) * 0.2],
      },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 22,
        gap: 4,
        space: BLOCK_TICK_PX,
        incrs: [1, 2, 5, 10, 20, 50, 100],
        values: (_, ticks) => ticks.map(String),
      },
      { ...axis, size: VALUE_AXIS_PX, gap: 6, space: 28, values: (_, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      kind === "bars"
        ? {
            stroke: accent,
            fill: accent,
            width: 0,
            paths: uPlot.paths.bars!({ size: [0.6, 12] }),
            points: { show: false },
          }
        : { stroke: accent, width: 1.5, paths: uPlot.paths.stepped!({ align: 1 }), points: { show: false } },
    ],
    hooks: { setCursor: [(u) => onPoint(u.cursor.idx ?? null)] },
  };
}

export function makePlot(place: HTMLElement, chosen: PlotOptions): Plot {
  const plot = new uPlot(options(place, chosen), [[], []], place);
  const observer = new ResizeObserver(() =>
    plot.setSize({ width: Math.max(place.clientWidth, 100), height: HEIGHT_PX }),
  );
  observer.observe(place);
  return {
    show: (blocks, values) => plot.setData([[...blocks], [...values]]),
    destroy() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

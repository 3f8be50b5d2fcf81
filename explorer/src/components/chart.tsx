// A small chart over the newest blocks. The plotting library comes in a file of its own, once a chart is on the page.
import { useEffect, useRef, useState } from "preact/hooks";
import { formatNumber } from "../format/number";
import { useTheme } from "./theme_toggle";
import type { Plot } from "./plot";

interface ChartProps {
  title: string;
  kind: "bars" | "line";
  /** Block numbers, ascending; as many as values. */
  blocks: readonly number[];
  values: readonly number[];
  format: (value: number) => string;
}

export function Chart({ title, kind, blocks, values, format }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const [under, setUnder] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const theme = useTheme();
  const data = useRef({ blocks, values });
  data.current = { blocks, values };

  useEffect(() => {
    let gone = false;
    import("./plot").then(
      ({ makePlot }) => {
        if (gone || !place.current) return;
        plot.current = makePlot(place.current, { kind, format, onPoint: setUnder });
        plot.current.show(data.current.blocks, data.current.values);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      plot.current?.destroy();
      plot.current = null;
    };
  }, [theme, kind]);
  useEffect(() => plot.current?.show(blocks, values), [blocks, values]);

  const index = under !== null && under < values.length ? under : values.length - 1;
  const value = values[index];
  const block = blocks[index];
  return (
    <figure class="card chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="reading-out">{value === undefined ? "–" : format(value)}</span>
        <span class="muted">
          {block === undefined ? "" : under === null ? "latest block" : `block ${formatNumber(block)}`}
        </span>
      </figcaption>
      {failed ? (
        <p class="empty">The chart could not be loaded.</p>
      ) : (
        <div ref={place} class="plot" role="img" aria-label={`${title} of the last ${values.length} blocks`} />
      )}
    </figure>
  );
}

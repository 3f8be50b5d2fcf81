const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** "12,345"; a bigint too. */
export const formatNumber = (value: number | bigint): string => grouped.format(value);

const STEPS: [size: number, suffix: string][] = [
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
];

/** "21k", "1.25M": for axes and tight places. */
export function formatCompact(value: number): string {
  const step = STEPS.find(([size]) => Math.abs(value) >= size);
  if (!step) return formatNumber(value);
  return `${Number((value / step[0]).toPrecision(3))}${step[1]}`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Number((bytes / 1e3).toPrecision(3))} kB`;
  return `${Number((bytes / 1e6).toPrecision(3))} MB`;
}

/** A share of a whole: "12.5 %". Of nothing: "0 %". */
export const formatPercent = (part: number, whole: number): string =>
  whole > 0 ? `${Number(((100 * part) / whole).toPrecision(3))} %` : "0 %";

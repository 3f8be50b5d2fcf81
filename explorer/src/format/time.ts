const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: [limit_s: number, unit_s: number, name: string][] = [
  [MINUTE, 1, "s"],
  [HOUR, MINUTE, "min"],
  [DAY, HOUR, "h"],
  [365 * DAY, DAY, "d"],
  [Infinity, 365 * DAY, "y"],
];

function largest(seconds: number): string {
  const [, unit_s, name] = UNITS.find(([limit_s]) => seconds < limit_s) ?? UNITS[4]!;
  return `${Math.floor(seconds / unit_s)} ${name}`;
}

/** "12 s ago"; a time still to come is "in 5 s". */
export function formatAge(at_ms: number, now_ms: number): string {
  const seconds = (now_ms - at_ms) / 1000;
  if (seconds >= 1) return `${largest(seconds)} ago`;
  return seconds > -2 ? "just now" : `in ${largest(-seconds)}`; // blocks carry the second in which they will be sealed
}

/** A span: "340 ms", "2.4 s", "75 s", "12 min", "7 d". */
export function formatSpan(span_ms: number): string {
  if (span_ms < 1000) return `${Math.round(span_ms)} ms`;
  const seconds = span_ms / 1000;
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  return seconds < 2 * MINUTE ? `${Math.round(seconds)} s` : largest(seconds);
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

/** Date and time where the reader is, with the zone; null where a Date cannot hold it. */
export function formatExact(at_ms: number): string | null {
  const date = new Date(at_ms);
  return Number.isNaN(date.getTime()) ? null : exact.format(date);
}

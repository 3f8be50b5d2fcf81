import { expect, test } from "vitest";
import { formatAge, formatExact, formatSpan } from "./time";

const NOW = 1_700_000_000_000;

test.each([
  [0, "just now"],
  [999, "just now"],
  [-1500, "just now"],
  [1000, "1 s ago"],
  [59_999, "59 s ago"],
  [60_000, "1 min ago"],
  [3_599_999, "59 min ago"],
  [3_600_000, "1 h ago"],
  [86_400_000 * 3, "3 d ago"],
  [86_400_000 * 800, "2 y ago"],
  [-90_000, "in 1 min"],
])("an age of %d ms is %s", (age_ms, text) => expect(formatAge(NOW - age_ms, NOW)).toBe(text));

test.each([
  [0, "0 ms"],
  [340.4, "340 ms"],
  [2449, "2.4 s"],
  [75_000, "75 s"],
  [720_000, "12 min"],
  [604_800_000, "7 d"],
])("a span of %d ms is %s", (span_ms, text) => expect(formatSpan(span_ms)).toBe(text));

test("a time beyond what a date holds has no text, and does not throw", () => {
  expect(formatExact(Number.MAX_SAFE_INTEGER)).toBeNull();
  expect(formatExact(NOW)).toContain("2023");
});

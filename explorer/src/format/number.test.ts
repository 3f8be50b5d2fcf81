import { expect, test } from "vitest";
import { formatBytes, formatCompact, formatNumber, formatPercent } from "./number";

test("numbers are grouped", () =>
  expect([formatNumber(1234567), formatNumber(2n ** 64n)]).toEqual(["1,234,567", "18,446,744,073,709,551,616"]));

test.each([
  [0, "0"],
  [999, "999"],
  [21_000, "21k"],
  [1_254_000, "1.25M"],
  [3e9, "3B"],
])("%d is %s in tight places", (value, text) => expect(formatCompact(value)).toBe(text));

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1234, "1.23 kB"],
  [5_600_000, "5.6 MB"],
])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test("a share of nothing is nothing", () =>
  expect([formatPercent(1, 8), formatPercent(0, 0)]).toEqual(["12.5 %", "0 %"]));

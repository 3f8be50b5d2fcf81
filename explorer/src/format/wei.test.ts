import { expect, test } from "vitest";
import { formatExactWei, formatWei, parseEth, parseWei } from "./wei";

test.each([
  [0n, "0 ETH"],
  [1n, "1 wei"],
  [99_999n, "99,999 wei"],
  [100_000n, "0.0001 gwei"],
  [1_000_000_000n, "1 gwei"],
  [1_234_567_891n, "1.234567 gwei"],
  [10n ** 12n, "0.000001 ETH"],
  [10n ** 18n, "1 ETH"],
  [1_999_999_999_999_999_999n, "1.999999 ETH"],
  [10_000n * 10n ** 18n, "10,000 ETH"],
  [2n ** 256n - 1n, "115,792,089,237,316,195,423,570,985,008,687,907,853,269,984,665,640,564,039,457.584007 ETH"],
])("%d wei is %s", (wei, text) => expect(formatWei(wei)).toBe(text));

test("all of it stands in the exact form", () => expect(formatExactWei(1_234_567_891n)).toBe("1,234,567,891 wei"));

test.each(["", "-1", "1.5", "0x10", "1e9", " 1", "9".repeat(79)])("'%s' is no amount of wei", (text) =>
  expect(parseWei(text)).toBeNull(),
);
test("wei are decimal", () => expect(parseWei("1000000000000000000")).toBe(10n ** 18n));

test.each([
  ["1", 10n ** 18n],
  ["0.5", 5n * 10n ** 17n],
  [" 0.000000000000000001 ", 1n],
])("'%s' ETH can be typed", (text, wei) => expect(parseEth(text)).toBe(wei));
test.each(["", ".", ".5", "1.", "1,5", "-1", "1e3", "0.0000000000000000001", "0x1"])(
  "'%s' is no amount of ETH",
  (text) => expect(parseEth(text)).toBeNull(),
);

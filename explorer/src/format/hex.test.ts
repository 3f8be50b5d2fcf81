import { expect, test } from "vitest";
import { byteLength, checksum, decodeUtf8, isAddress, isHash, printable, shorten } from "./hex";

test("hashes are shortened in the middle, short ones stay", () => {
  expect(shorten(`0x1234${"0".repeat(56)}abcd`)).toBe("0x1234…abcd");
  expect(shorten("0x12345678")).toBe("0x12345678");
});

test("addresses carry EIP-55's checksum", () => {
  expect(checksum("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")).toBe("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
  expect(checksum("nonsense")).toBe("nonsense");
});

test("only whole hashes and addresses count", () => {
  expect(isHash(`0x${"aF".repeat(32)}`)).toBe(true);
  expect(isHash(`0x${"a".repeat(63)}`)).toBe(false);
  expect(isHash(`0x${"g".repeat(64)}`)).toBe(false);
  expect(isHash(`0x${"a".repeat(64)}\n`)).toBe(false);
  expect(isAddress(`0x${"a".repeat(40)}`)).toBe(true);
  expect(isAddress("a".repeat(42))).toBe(false);
});

test("bytes are counted without the prefix", () => {
  expect(byteLength("0x")).toBe(0);
  expect(byteLength("0xabcd")).toBe(2);
});

test("text is shown where the bytes are UTF-8", () => {
  expect(decodeUtf8("0x68c3a9")).toBe("hé");
  expect(decodeUtf8("0x")).toBeNull();
  expect(decodeUtf8("0xff")).toBeNull();
  expect(decodeUtf8("0x123")).toBeNull();
});

test("what does not show, or turns the reading order, is written out", () => {
  expect(printable("pay\u202eevil")).toBe("pay⟨U+202E⟩evil");
  expect(printable("a\u0000b\u200bc")).toBe("a⟨U+0000⟩b⟨U+200B⟩c");
  expect(printable("line\nnext\ttab é 漢")).toBe("line\nnext\ttab é 漢");
  expect(decodeUtf8("0xe280ae")).toBe("⟨U+202E⟩");
});

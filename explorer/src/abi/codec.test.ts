import { encodeFunctionData, parseAbi, toEventSelector, toFunctionSelector } from "viem/utils";
import { expect, test } from "vitest";
import { decodeCall, decodeLog, encodeCall, findMethodName, parseSignature } from "./codec";
import { EVENTS, FUNCTIONS } from "./signatures";

const TO = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const word = (value: bigint | string) =>
  (typeof value === "bigint" ? value.toString(16) : value.slice(2).toLowerCase()).padStart(64, "0");
const valuesOf = (reading: ReturnType<typeof decodeCall>) =>
  Object.fromEntries(reading!.fields.map(({ name, value }) => [name, value]));

test.each(FUNCTIONS)("our reading of '%s' is viem's", (text) => {
  expect(parseSignature(text).hash.slice(0, 10)).toBe(toFunctionSelector(`function ${text}`));
});
test.each(EVENTS)("our reading of '%s' is viem's", (text) => {
  expect(parseSignature(text).hash).toBe(toEventSelector(`event ${text}`));
});

test("an ERC-20 transfer is read", () => {
  const input = encodeFunctionData({ abi: parseAbi(["function transfer(address,uint256)"]), args: [TO, 2n ** 200n] });
  expect(findMethodName(input.slice(0, 10))).toBe("transfer");
  expect(decodeCall(input)).toMatchObject({ name: "transfer" });
  expect(valuesOf(decodeCall(input))).toEqual({ to: TO, value: 2n ** 200n });
});

test("what we encode, viem decodes, and so do we", () => {
  const deposit = FUNCTIONS.find((text) => text.startsWith("depositTransaction"))!;
  const args = [TO, 5n, 100_000n, false, "0xc0ffee"] as const;
  const input = encodeCall(deposit, args);
  expect(input).toBe(
    encodeFunctionData({ abi: parseAbi(["function depositTransaction(address,uint256,uint64,bool,bytes)"]), args }),
  );
  expect(Object.values(valuesOf(decodeCall(input)))).toEqual([...args]);
});

test.each(["0x", "0x12", "0xdeadbeef", "0xa9059cbb", `0xa9059cbb${"00".repeat(31)}`, `0xa9059cbb${"ff".repeat(64)}`])(
  "call data %s is left as it is",
  (input) => {
    expect(decodeCall(input)).toBeNull();
  },
);

test("an offset that points anywhere is refused, not followed", () => {
  const selector = toFunctionSelector("initiateWithdrawal(address,uint256,bytes)");
  expect(decodeCall(`${selector}${word(TO)}${word(1n)}${"f".repeat(64)}`)).toBeNull();
  expect(decodeCall(`${selector}${word(TO)}${word(1n)}${word(96n)}${word(2n ** 63n)}`)).toBeNull();
});

test("one event name, two standards: told apart by their indexed fields", () => {
  const transfer = toEventSelector("Transfer(address,address,uint256)");
  const [from, to, three] = [`0x${word("0x01")}`, `0x${word(TO)}`, `0x${word(3n)}`];
  expect(valuesOf(decodeLog([transfer, from, to], three))).toEqual({
    from: "0x0000000000000000000000000000000000000001",
    to: TO,
    value: 3n,
  });
  expect(valuesOf(decodeLog([transfer, from, to, three], "0x"))).toMatchObject({ tokenId: 3n });
  expect(decodeLog([transfer, from], three)).toBeNull();
  expect(decodeLog([], "0x")).toBeNull();
});

test("fields stand in the order of the signature, indexed or not", () => {
  const text = EVENTS.find((event) => event.startsWith("MessagePassed"))!;
  const { hash } = parseSignature(text);
  const data = `0x${word(7n)}${word(8n)}${word(128n)}${word(9n)}${word(2n)}${"c0fe".padEnd(64, "0")}`;
  const reading = decodeLog([hash, `0x${word(1n)}`, `0x${word(TO)}`, `0x${word(TO)}`], data)!;
  expect(reading.fields.map(({ name }) => name)).toEqual([
    "nonce",
    "sender",
    "target",
    "value",
    "gasLimit",
    "data",
    "withdrawalHash",
  ]);
  expect(valuesOf(reading)).toMatchObject({ nonce: 1n, value: 7n, data: "0xc0fe", withdrawalHash: `0x${word(9n)}` });
});

test("the L1 attributes of Jovian, packed", () => {
  const packed = [
    "3db6be2b",
    "00000558",
    "000c5fc5",
    "0000000000000002",
    "0000000067bba020",
    "00000000000000ff",
    word(1000n),
    word(1n),
    "ab".repeat(32),
    word("0x01"),
    "00000003",
    "0000000000000004",
    "0190",
  ];
  const reading = decodeCall(`0x${packed.join("")}`)!;
  expect(reading.name).toBe("setL1BlockValuesJovian");
  expect(valuesOf(reading)).toMatchObject({
    baseFeeScalar: 1368n,
    blobBaseFeeScalar: 810_949n,
    sequenceNumber: 2n,
    number: 255n,
    baseFee: 1000n,
    hash: `0x${"ab".repeat(32)}`,
    operatorFeeScalar: 3n,
    operatorFeeConstant: 4n,
    daFootprintGasScalar: 400n,
  });
  expect(decodeCall(`0x${packed.slice(0, -3).join("")}`)!.fields).toHaveLength(9);
  expect(decodeCall(`0x${packed.join("")}00`)).toBeNull();
});

// The first transaction of every L2 block: what it learns of its L1 origin, packed without ABI encoding since Ecotone
// (OP Stack, L1 attributes of Ecotone, Isthmus and Jovian).
import type { Field } from "./codec";

const LAYOUT: [name: string, type: string, bytes: number][] = [
  ["baseFeeScalar", "uint32", 4],
  ["blobBaseFeeScalar", "uint32", 4],
  ["sequenceNumber", "uint64", 8],
  ["timestamp", "uint64", 8],
  ["number", "uint64", 8],
  ["baseFee", "uint256", 32],
  ["blobBaseFee", "uint256", 32],
  ["hash", "bytes32", 32],
  ["batcherHash", "bytes32", 32], // Ecotone ends here
  ["operatorFeeScalar", "uint32", 4],
  ["operatorFeeConstant", "uint64", 8], // Isthmus ends here
  ["daFootprintGasScalar", "uint16", 2], // Jovian ends here
];
const LENGTHS_BYTES = [164, 176, 178];

/** Null where the length is none of those three. */
export function decodeL1Attributes(input: string): Field[] | null {
  const length = (input.length - 2) / 2;
  if (!LENGTHS_BYTES.includes(length)) return null;
  const fields: Field[] = [];
  let at = 2 + 2 * 4;
  for (const [name, type, bytes] of LAYOUT) {
    if (at >= input.length) break;
    const word = `0x${input.slice(at, at + 2 * bytes)}`;
    fields.push({ name, type, value: type === "bytes32" ? word : BigInt(word) });
    at += 2 * bytes;
  }
  return fields;
}

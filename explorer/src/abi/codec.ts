// Calls and events by their signature. A selector has four bytes and proves nothing: what is decoded here is a reading, not a fact.
import { decodeAbiParameters, encodeAbiParameters, keccak256, stringToBytes } from "viem/utils";
import { decodeL1Attributes } from "./l1_attributes";
import { EVENTS, FUNCTIONS } from "./signatures";

export interface Field {
  name: string;
  type: string;
  value: unknown; // bigint, number, boolean, or string (address, bytes, text)
}

export interface Reading {
  name: string;
  fields: Field[];
}

interface Parameter {
  name: string;
  type: string;
  indexed: boolean;
}

interface Signature {
  name: string;
  parameters: Parameter[];
  hash: `0x${string}`; // of the canonical form
}

export function parseSignature(text: string): Signature {
  const [, name = "", list = ""] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  const parameters = list
    .split(", ")
    .filter(Boolean)
    .map((entry) => {
      const words = entry.split(" ");
      return { type: words[0]!, name: words.at(-1)!, indexed: words[1] === "indexed" };
    });
  const canonical = `${name}(${parameters.map(({ type }) => type).join(",")})`;
  return { name, parameters, hash: keccak256(stringToBytes(canonical)) };
}

const selectorOf = (signature: Signature): `0x${string}` => signature.hash.slice(0, 10) as `0x${string}`;
const topicCount = (signature: Signature): number => 1 + signature.parameters.filter(({ indexed }) => indexed).length;

/** Built when first asked for: hashing all signatures is not for the first paint. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const functions = once(() => new Map(FUNCTIONS.map(parseSignature).map((s) => [selectorOf(s) as string, s])));
const events = once(() => new Map(EVENTS.map(parseSignature).map((s) => [`${s.hash}/${topicCount(s)}`, s])));

const L1_ATTRIBUTES: Record<string, string> = {
  "0x015d8eb9": "setL1BlockValues",
  "0x440a5e20": "setL1BlockValuesEcotone",
  "0x098999be": "setL1BlockValuesIsthmus",
  "0x3db6be2b": "setL1BlockValuesJovian",
};

export const findMethodName = (selector: string): string | null =>
  functions().get(selector)?.name ?? L1_ATTRIBUTES[selector] ?? null;

/** Throws where the data is not their encoding: what is read must encode to the same bytes, but for what follows them. */
function decodeValues(parameters: Parameter[], data: string): Field[] {
  if (parameters.length === 0) return [];
  const values = decodeAbiParameters(
    parameters as { name: string; type: string }[],
    data as `0x${string}`,
  ) as readonly unknown[];
  if (
    !data.toLowerCase().startsWith(encodeAbiParameters(parameters as { name: string; type: string }[], values as never))
  )
    throw new Error("not canonical");
  return parameters.map(({ name, type }, i) => ({ name, type, value: values[i] }));
}

/** What the call data says, where its selector is known and the rest fits; else null. */
export function decodeCall(input: string): Reading | null {
  const selector = input.slice(0, 10).toLowerCase();
  const attributes = L1_ATTRIBUTES[selector];
  if (attributes !== undefined) {
    const fields = decodeL1Attributes(input);
    return fields && { name: attributes, fields };
  }
  const signature = functions().get(selector);
  if (!signature) return null;
  try {
    return { name: signature.name, fields: decodeValues(signature.parameters, `0x${input.slice(10)}`) };
  } catch {
    return null; // another function with the same four bytes
  }
}

/** What the log says, where its first topic is known and the rest fits; else null. */
export function decodeLog(topics: readonly string[], data: string): Reading | null {
  const signature = events().get(`${topics[0]?.toLowerCase()}/${topics.length}`);
  if (!signature) return null;
  try {
    const rest = decodeValues(
      signature.parameters.filter(({ indexed }) => !indexed),
      data,
    );
    let topic = 1;
    let place = 0;
    const fields = signature.parameters.map((parameter) =>
      parameter.indexed ? decodeValues([parameter], topics[topic++]!)[0]! : rest[place++]!,
    );
    return { name: signature.name, fields };
  } catch {
    return null;
  }
}

/** Call data for a wallet to sign. */
export function encodeCall(signature: string, values: readonly unknown[]): `0x${string}` {
  const parsed = parseSignature(signature);
  const encoded = encodeAbiParameters(parsed.parameters as { name: string; type: string }[], values as never);
  return `${selectorOf(parsed)}${encoded.slice(2)}`;
}

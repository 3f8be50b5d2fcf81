// Signed transactions made ahead of a run, so that signing costs nothing while the clock runs. The same bytes go to every node:
// all of them run with one chain id and the same accounts, funded before the clock starts.
import { secp256k1 } from "@noble/curves/secp256k1";
import { keccak_256 } from "@noble/hashes/sha3";

export const CHAIN_ID = 1337;
const GWEI = 10n ** 9n;

const utf8 = (text) => new TextEncoder().encode(text);
export const hex = (bytes) => `0x${Buffer.from(bytes).toString("hex")}`;
export const bytes_of = (text) => Buffer.from(text.replace(/^0x/, ""), "hex");

function minimal(number) {
  if (number === 0n) return Buffer.alloc(0);
  const digits = number.toString(16);
  return Buffer.from(digits.length % 2 ? `0${digits}` : digits, "hex");
}

function header(length, short, long) {
  if (length < 56) return Buffer.from([short + length]);
  const size = minimal(BigInt(length));
  return Buffer.concat([Buffer.from([long + size.length]), size]);
}

export function rlp(item) {
  if (Array.isArray(item)) {
    const payload = Buffer.concat(item.map(rlp));
    return Buffer.concat([header(payload.length, 0xc0, 0xf7), payload]);
  }
  const data = typeof item === "bigint" ? minimal(item) : Buffer.from(item);
  if (data.length === 1 && data[0] < 0x80) return data;
  return Buffer.concat([header(data.length, 0x80, 0xb7), data]);
}

export function account_of_key(key) {
  const point = secp256k1.getPublicKey(key, false);
  return { key, address: keccak_256(point.subarray(1)).subarray(12) };
}
export const account = (name) => account_of_key(keccak_256(utf8(`entresol bench ${name}`)));
export const address = (name) => keccak_256(utf8(`entresol bench address ${name}`)).subarray(12);

/** An EIP-1559 transaction, signed: { raw, hash } as hex. */
export function sign({ from, nonce, to, value = 0n, data = Buffer.alloc(0), gas, chain_id = CHAIN_ID, tip = GWEI, cap = 100n * GWEI }) {
  const fields = [BigInt(chain_id), BigInt(nonce), tip, cap, BigInt(gas), to ?? Buffer.alloc(0), value, data, []];
  const digest = keccak_256(Buffer.concat([Buffer.from([2]), rlp(fields)]));
  const { r, s, recovery } = secp256k1.sign(digest, from.key, { lowS: true });
  const raw = Buffer.concat([Buffer.from([2]), rlp([...fields, BigInt(recovery), r, s])]);
  return { raw: hex(raw), hash: hex(keccak_256(raw)) };
}

export const selector = (signature) => Buffer.from(keccak_256(utf8(signature)).subarray(0, 4));
export function word(value) {
  const out = Buffer.alloc(32);
  const data = typeof value === "bigint" ? minimal(value) : Buffer.from(value);
  data.copy(out, 32 - data.length);
  return out;
}

/** The address of what `creator` creates with `nonce`. */
export const created_address = (creator, nonce) => keccak_256(rlp([creator, BigInt(nonce)])).subarray(12);

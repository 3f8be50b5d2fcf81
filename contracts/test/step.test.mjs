// The step contract on anvil: random steps and damaged proofs, as core/riscv decides them (tests/riscv_step prints them); and preimages that are published.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bytesToHex, concat, hexToBytes, keccak256, pad, sha256, size, slice, zeroAddress } from "viem";
import { deploy, read, resolved, revertOf, send, startL1 } from "./support/rollup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const binary = process.env.ENTRESOL_BINARY ?? join(root, "build", "release", "entresol");
const comparer = join(dirname(binary), "tests", "riscv_step", "compare_steps");
const [cases, seed, gas] = [300, 7, 50_000_000n];
const pieceBytes = 24_544;

let l1, stop, published, step;
before(async () => {
  ({ l1, stop } = await startL1(resolved));
  published = await deploy(l1, "PublishedPreimages");
  step = await deploy(l1, "MachineStep", [published.address]);
});
after(() => stop());

const nextOf = (stateRoot, proof) => l1.readContract({ ...step, functionName: "step", args: [stateRoot, proof], gas }).catch(() => "refused");

test("random steps have the roots of the C++ machine, damaged proofs none", async (t) => {
  if (!existsSync(comparer)) return t.skip(`${comparer} is not built`);
  const { stdout, status } = spawnSync(comparer, ["--print", "--cases", String(cases), "--seed", String(seed)], { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(status, 0);
  const lines = stdout.trim().split("\n").map((line) => line.split(" "));
  assert.ok(lines.length > cases);
  let refused = 0;
  for (const [stateRoot, proof, next] of lines) {
    assert.equal(await nextOf(stateRoot, proof), next, proof.slice(0, 4000));
    refused += next === "refused" ? 1 : 0;
  }
  assert.ok(refused > cases / 20 && refused < cases / 2, `${refused} refused`);
});

// Bytes that no two offsets share.
const bytesOf = (count) => bytesToHex(Uint8Array.from({ length: count }, (_, i) => (i * 31 + (i >> 8) * 7) & 255));
async function store(data) {
  const { logs } = await send(l1, published, "store", [data], { gas: 16_000_000n });
  return slice(logs[0].data, 12);
}
async function storeAll(data) {
  const pieces = [];
  for (let from = 0; from === 0 || from < size(data); from += pieceBytes) pieces.push(await store(size(data) === 0 ? "0x" : slice(data, from, Math.min(from + pieceBytes, size(data)))));
  return pieces;
}

test("a preimage in pieces is read at any offset", async () => {
  const data = bytesOf(2 * pieceBytes + 5000), bytes = hexToBytes(data);
  const pieces = await storeAll(data);
  assert.equal(await revertOf(l1, published, "read", [1n, keccak256(data), 0n, 1n]), "NotPublished");
  await send(l1, published, "publishKeccak256", [pieces]);
  await send(l1, published, "publishSha256", [pieces]);
  for (const [kind, key] of [[1n, keccak256(data)], [2n, sha256(data)]]) {
    for (const [offset, most] of [[0, 4096], [pieceBytes - 1, 2], [pieceBytes, 32], [pieceBytes - 100, pieceBytes + 200], [bytes.length - 1, 4096], [bytes.length, 32], [5, 0]]) {
      const [total, part] = await read(l1, published, "read", [kind, key, BigInt(offset), BigInt(most)]);
      assert.equal(total, BigInt(bytes.length));
      assert.equal(part, bytesToHex(bytes.subarray(offset, Math.min(offset + most, bytes.length))), `${most} from ${offset}`);
    }
    const [total, part] = await read(l1, published, "read", [kind, key, 2n ** 64n - 1n, 4096n]);
    assert.deepEqual([total, part], [BigInt(bytes.length), "0x"]);
  }
  await send(l1, published, "publishKeccak256", [pieces]); // again changes nothing
});

test("pieces must be its own, whole, and small enough", async () => {
  const long = await store(bytesOf(pieceBytes)), short = await store("0x1234");
  assert.equal(await revertOf(l1, published, "publishKeccak256", [[short, long]]), "BadPiece");
  assert.equal(await revertOf(l1, published, "publishKeccak256", [[long, published.address]]), "BadPiece");
  assert.equal(await revertOf(l1, published, "publishKeccak256", [[zeroAddress]]), "BadPiece");
  assert.equal(await revertOf(l1, published, "publishKeccak256", [[]]), "BadPiece");
  assert.equal(await revertOf(l1, published, "store", [bytesOf(pieceBytes + 1)], { gas: 16_000_000n }), "BadPiece");
  assert.equal(await revertOf(l1, published, "publishKeccak256", [[long, short]]), null);
});

const precompile = (number) => pad(number, { size: 20 });
const answerOf = (number, input) => read(l1, published, "read", [4n, keccak256(concat([precompile(number), input])), 0n, 4096n]);
const twice = "00000000000000000000000000000000000000000000000000000000000000010000000000000000000000000000000000000000000000000000000000000002".repeat(2);

test("a computation is what L1's precompile answers, whatever gas there is", async () => {
  const right = `0x${twice}`, wrong = `0x${twice.slice(0, -1)}3`;
  for (const [input, expected] of [[right, "0x01030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd315ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4"], [wrong, "0x00"]]) {
    const pieces = [await store(input)];
    await send(l1, published, "publishComputation", [precompile("0x06"), pieces]);
    assert.deepEqual(await answerOf("0x06", input), [BigInt(size(expected)), expected]);
  }
  // sha256 of nothing; an ecrecover of nothing valid.
  await send(l1, published, "publishComputation", [precompile("0x02"), [await store("0x")]]);
  assert.equal((await answerOf("0x02", "0x"))[1], `0x01${sha256("0x").slice(2)}`);
  const empty = pad("0x", { size: 128 });
  await send(l1, published, "publishComputation", [precompile("0x01"), [await store(empty)]]);
  assert.equal((await answerOf("0x01", empty))[1], "0x00");
});

test("what a precompile would refuse by its form is no computation", async () => {
  const word = (value) => pad(`0x${value.toString(16)}`, { size: 32 });
  const refused = [["0x06", bytesOf(127)], ["0x07", bytesOf(128)], ["0x08", bytesOf(191)], ["0x0a", bytesOf(191)], ["0x0f", "0x"], ["0x0c", bytesOf(161)], ["0x04", "0x12"],
    ["0x09", concat([pad("0x", { size: 212 }), "0x02"])], ["0x0100", bytesOf(161)], ["0x05", concat([word(1025), word(0), word(1), bytesOf(1026)])],
    ["0x05", concat([word(0), word(0), word(0)])], ["0x05", concat([word(1), word(1), word(1), "0x0102"])], ["0x12", bytesOf(32)]];
  for (const [number, input] of refused) {
    const pieces = [await store(input)];
    assert.equal(await revertOf(l1, published, "publishComputation", [precompile(number), pieces]), "BadInput", `${number} ${size(input)}`);
  }
});

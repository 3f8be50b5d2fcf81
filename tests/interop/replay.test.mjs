// `entresol replay`: blocks of a running node executed again from their witness, from its prestate tracer's answer and from files; what is changed in them is
// named.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { clients } from "./clients.mjs";
import { binary, rpc, startDevnet, stop } from "./node.mjs";

let node, l2, folder, number;
before(async () => {
  node = await startDevnet("--automine");
  ({ l2 } = clients(node));
  folder = mkdtempSync(join(tmpdir(), "replay-"));
  // Counts its calls in slot 0.
  const hash = await l2.deployContract({ bytecode: "0x60088060095f395ff3" + "5f546001015f5500", abi: [], gas: 300_000n });
  const { contractAddress } = await l2.waitForTransactionReceipt({ hash });
  const call = await l2.sendTransaction({ to: contractAddress, value: 0n, gas: 100_000n });
  number = (await l2.waitForTransactionReceipt({ hash: call })).blockNumber;
});
after(async () => {
  await stop(node);
  rmSync(folder, { recursive: true, force: true });
});

function replay(...args) {
  const child = spawn(binary, ["replay", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "", stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}
const file = (name, content) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const parts = async () => {
  const tag = `0x${number.toString(16)}`;
  const [block, receipts, witness, chain] = await Promise.all([
    rpc(node.l2.rpc, "eth_getBlockByNumber", tag, true), rpc(node.l2.rpc, "eth_getBlockReceipts", tag),
    rpc(node.l2.rpc, "debug_executionWitness", tag), rpc(node.l2.rpc, "entresol_chainFile")]);
  return { block, receipts, witness, chain };
};

test("every block of a running node is as its witness says", async () => {
  for (let n = 1n; n <= number; ++n) {
    const { code, stdout, stderr } = await replay("--rpc", node.l2.rpc, "--block", String(n), "--json");
    assert.equal(code, 0, stderr + stdout.slice(0, 2000));
    const [report] = JSON.parse(stdout).reports;
    assert.ok(report.header.every(({ verdict }) => verdict === "same"), stdout.slice(0, 2000));
    assert.ok(report.transactions.every(({ findings }) => findings.length > 5));
  }
});

test("the same from files, in any order and in their JSON-RPC envelopes", async () => {
  const { block, receipts, witness, chain } = await parts();
  const raw = await rpc(node.l2.rpc, "debug_getRawBlock", block.number);
  const envelope = (result) => ({ jsonrpc: "2.0", id: 1, result });
  const files = [file("chain.json", chain), file("receipts.json", envelope(receipts)), file("witness.json", envelope(witness)), file("block.json", block)];
  const { code, stdout, stderr } = await replay(...files);
  assert.equal(code, 0, stderr + stdout);
  assert.match(stdout, / 0 different, 0 unchecked/);
  const other = await replay(file("raw.json", envelope(raw)), files[2], "--chain", files[0], "--all");
  assert.equal(other.code, 0, other.stderr + other.stdout);
  assert.match(other.stdout, /same {7}stateRoot/);
});

test("what another client would have had otherwise is named, and the first transaction that explains it", async () => {
  const { block, receipts, witness, chain } = await parts();
  receipts.at(-1).gasUsed = "0x1";
  const files = [file("chain.json", chain), file("receipts.json", receipts), file("witness.json", witness)];
  const { code, stdout } = await replay(...files, file("block.json", { ...block, stateRoot: block.parentHash }));
  assert.equal(code, 1);
  assert.match(stdout, /differs {4}stateRoot\n +given +0x[0-9a-f]{64}\n +computed +0x[0-9a-f]{64}/);
  assert.match(stdout, new RegExp(`transaction ${receipts.length - 1} is the first that differs`));
});

test("a witness that lacks what was read leads to no claim about the state", async () => {
  const { block, witness, chain } = await parts();
  const files = [file("chain.json", chain), file("block.json", block)];
  for (let i = 0; i < witness.state.length; i += 3) {
    const fewer = { ...witness, state: witness.state.filter((_, index) => index !== i) };
    const { stdout, stderr } = await replay(...files, file("witness.json", fewer));
    assert.match(stdout + stderr, /unchecked {2}stateRoot|does not hold the parent's state root/);
  }
});

test("a node without witnesses: what its prestate tracer named, and a diff after each transaction", async () => {
  const { block, receipts, chain } = await parts();
  const tracer = (config) => rpc(node.l2.rpc, "debug_traceBlockByHash", block.hash, { tracer: "prestateTracer", ...config });
  const [before_each, after_each] = [await tracer(), await tracer({ tracerConfig: { diffMode: true } })];
  const { code, stdout, stderr } = await replay(file("chain.json", chain), file("block.json", block), file("receipts.json", receipts),
    file("before.json", before_each), file("after.json", after_each), "--json");
  assert.equal(code, 0, stderr + stdout.slice(0, 3000));
  const [report] = JSON.parse(stdout).reports;
  assert.equal(report.header.find(({ field }) => field === "stateRoot").verdict, "unchecked");
  assert.equal(report.header.find(({ field }) => field === "receiptsRoot").verdict, "same");
  assert.ok(report.transactions.at(-1).findings.some(({ field }) => field.endsWith(".storage[0x0]")));
});

test("steps of one transaction, and errors that say what is missing", async () => {
  const { block, chain } = await parts();
  const traced = await replay("--rpc", node.l2.rpc, "--block", block.hash, "--trace", String(block.transactions.length - 1));
  assert.equal(traced.code, 0, traced.stderr);
  const steps = traced.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(steps[0].opName, "PUSH0");
  assert.ok(steps.some(({ opName }) => opName === "SSTORE"));

  const blockFile = file("block.json", block), chainFile = file("chain.json", chain);
  const cases = [
    [[], 2, /give files, or --rpc/],
    [[blockFile], 2, /of which chain is this block/],
    [[blockFile, chainFile], 2, /the state before the block is missing/],
    [[chainFile], 2, /the block is missing/],
    [[file("odd.json", { odd: 1 })], 2, /is of no kind that can be replayed/],
    [["--rpc", node.l2.rpc, "--block", "soon"], 1, /no block number, hash or tag/],
    [["--rpc", node.l2.rpc, "--block", "99999999"], 1, /the node does not have it/],
    [["--rpc", node.l2.rpc, "--block", "0"], 1, /the first block of a chain is not executed/],
    [["--rpc", node.l2.rpc, "--trace", "99"], 1, /none with index 99/],
  ];
  for (const [args, code, words] of cases) {
    const result = await replay(...args);
    assert.equal(result.code, code, `${args}: ${result.stderr}`);
    assert.match(result.stderr, words);
  }
});

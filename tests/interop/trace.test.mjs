// Traces and simulations of what a user was told a moment ago: transactions that are in a mini-block and in no sealed block yet.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as viem from "viem";
import { clients } from "./clients.mjs";
import { rpc, startDevnet, stop } from "./node.mjs";

let node, l2, account;
before(async () => {
  node = await startDevnet("--block-time", "30000");
  ({ l2, account } = clients(node));
});
after(() => stop(node));

const trace = (hash, options = { tracer: "callTracer" }) => rpc(node.l2.rpc, "debug_traceTransaction", hash, options);
const poor = `0x${"00ab".repeat(10)}`;

// Counts its calls in slot 0, logs the count, and passes half of the value on to the address in its argument.
const runtime = "60005460010180600055600052" + "60206000a0" + "600060006000600034600290046000355af1" + "60206000f3";
const initcode = `0x60${(runtime.length / 2).toString(16)}80600b6000396000f3${runtime}`;

test("a transaction in a mini-block is traced at once, and the same when its block is sealed", async () => {
  const hash = await l2.deployContract({ bytecode: initcode, abi: [], gas: 300_000n });
  const deployed = await trace(hash);
  assert.equal(deployed.type, "CREATE");
  assert.equal(deployed.output, `0x${runtime}`);
  const contract = deployed.to;
  const hashes = [];
  for (let i = 0; i < 3; ++i) hashes.push(await l2.sendTransaction({ to: contract, data: viem.pad(poor, { size: 32 }), value: 10n, gas: 200_000n }));
  const head = await rpc(node.l2.rpc, "eth_blockNumber");
  const early = {};
  for (const [i, hash] of hashes.entries()) {
    const [calls, pre, diff, steps] = await Promise.all([
      trace(hash, { tracer: "callTracer", tracerConfig: { withLog: true } }), trace(hash, { tracer: "prestateTracer" }),
      trace(hash, { tracer: "prestateTracer", tracerConfig: { diffMode: true } }), trace(hash, {})]);
    assert.equal(calls.calls[0].to, poor);
    assert.equal(calls.calls[0].value, "0x5");
    assert.equal(Number(calls.logs[0].data), i + 1, "the transactions before it have happened");
    const slot = `0x${"0".repeat(64)}`;
    assert.equal(Number(pre[contract].storage[slot]), i);
    assert.equal(Number(diff.post[contract].storage[slot]), i + 1);
    assert.equal(BigInt(pre[contract].balance), BigInt(i) * 5n);
    assert.equal(steps.structLogs.at(-1).op, "RETURN");
    early[hash] = [calls, pre, diff, steps];
  }
  assert.equal(await rpc(node.l2.rpc, "eth_blockNumber"), head, "all of this before the block was sealed");
  await rpc(node.l2.rpc, "evm_mine");
  for (const hash of hashes) {
    assert.notEqual((await l2.getTransactionReceipt({ hash })).blockHash, null);
    const [calls, pre, diff, steps] = early[hash];
    assert.deepEqual(await trace(hash, { tracer: "callTracer", tracerConfig: { withLog: true } }), calls);
    assert.deepEqual(await trace(hash, { tracer: "prestateTracer" }), pre);
    assert.deepEqual(await trace(hash, { tracer: "prestateTracer", tracerConfig: { diffMode: true } }), diff);
    assert.deepEqual(await trace(hash, {}), steps);
  }
  const block = await rpc(node.l2.rpc, "debug_traceBlockByNumber", "latest", { tracer: "callTracer" });
  assert.ok(hashes.every((hash) => block.some((entry) => entry.txHash === hash)));
});

test("what development methods wrote is under the trace, before and after the block is sealed", async () => {
  const rich = `0x${"51".repeat(20)}`;
  await rpc(node.l2.rpc, "anvil_setBalance", rich, viem.toHex(10n ** 18n));
  await rpc(node.l2.rpc, "anvil_impersonateAccount", rich);
  const hash = await rpc(node.l2.rpc, "eth_sendTransaction", { from: rich, to: poor, value: "0x7" });
  const early = await trace(hash, { tracer: "prestateTracer" });
  assert.equal(BigInt(early[rich].balance), 10n ** 18n);
  await rpc(node.l2.rpc, "evm_mine");
  await rpc(node.l2.rpc, "evm_mine");
  assert.deepEqual(await trace(hash, { tracer: "prestateTracer" }), early);
});

test("eth_simulateV1 goes on from the newest mini-block", async () => {
  const receiver = `0x${"77".repeat(20)}`;
  const head = Number(await rpc(node.l2.rpc, "eth_blockNumber"));
  await l2.sendTransaction({ to: receiver, value: 1_000n });
  assert.equal(Number(await rpc(node.l2.rpc, "eth_blockNumber")), head, "nothing was sealed meanwhile");
  const request = { blockStateCalls: [{ calls: [{ from: receiver, to: poor, value: "0x3e8", maxFeePerGas: "0x0" }] }, { calls: [{ from: receiver, to: poor, value: "0x1" }] }], traceTransfers: true };
  for (const tag of ["latest", "pending", undefined]) {
    const blocks = await rpc(node.l2.rpc, "eth_simulateV1", ...(tag ? [request, tag] : [request])).catch((error) => error);
    assert.match(blocks.message ?? "", /insufficient funds/, "the second call has nothing left to send");
    const [one] = await rpc(node.l2.rpc, "eth_simulateV1", { ...request, blockStateCalls: request.blockStateCalls.slice(0, 1) }, tag ?? "latest");
    assert.equal(Number(one.number), head + 1);
    assert.equal(one.calls[0].status, "0x1");
    assert.equal(one.calls[0].logs.length, 1);
  }
  // On the sealed block nobody has sent anything yet.
  await assert.rejects(rpc(node.l2.rpc, "eth_simulateV1", { blockStateCalls: request.blockStateCalls.slice(0, 1) }, viem.toHex(head)), /insufficient funds/);
});

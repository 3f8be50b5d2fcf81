// The whole devnet is killed under load, twice, and started again on what it had written.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { post, rpc, startDevnet, stop, until } from "./node.mjs";
import { assertOriginsOnL1, assertSameChain, blocks, Load, numberOf, startReplica, temporaryFolder } from "./rollup.mjs";

const folder = temporaryFolder();
const flags = ["--datadir", `${folder}/devnet`, "--l1-block-time", "1000"];
let node;
before(async () => (node = await startDevnet(...flags)));
after(() => stop(node));

/** Looks again and again until the node is gone; keeps the last whole look. */
async function watch(node) {
  const seen = { safe: 0, finalized: 0, latest: 0, l1: 0, receipts: new Map(), hashes: new Map() };
  try {
    for (;;) {
      const finalized = await numberOf(node.l2.rpc, "finalized");
      const safe = await numberOf(node.l2.rpc, "safe");
      const latest = await numberOf(node.l2.rpc, "latest");
      const l1 = await rpc(node.l1.rpc, "eth_getBlockByNumber", "latest", false);
      for (const block of await blocks(node.l2.rpc, seen.latest + 1, latest)) {
        const receipts = await rpc(node.l2.rpc, "eth_getBlockReceipts", block.hash);
        for (const receipt of receipts) seen.receipts.set(receipt.transactionHash, receipt);
        seen.hashes.set(Number(block.number), block.hash);
      }
      Object.assign(seen, { safe, finalized, latest, l1: { number: Number(l1.number), hash: l1.hash } });
    }
  } catch (error) {
    if (error.code !== undefined && error.code < 0) throw error; // the node refused; a broken connection is what ends the watch
    return seen;
  }
}

async function killUnderLoad() {
  const load = new Load(node);
  const watching = watch(node);
  const before = await numberOf(node.l2.rpc, "safe");
  await until("safe blocks under load", 40_000, async () => (await numberOf(node.l2.rpc, "safe")) >= before + 4);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 1000)); // anywhere between two seals
  await stop(node, "SIGKILL");
  await load.stop();
  const seen = await watching;
  assert.ok(seen.receipts.size > 50, `only ${seen.receipts.size} receipts were seen`);
  assert.deepEqual(load.refused, []);
  return seen;
}

for (const round of ["first", "second"])
  test(`${round} kill -9 under load`, async () => {
    const seen = await killUnderLoad();
    node = await startDevnet(...flags);

    // What had been told is still so: the heads, each sealed block, each receipt.
    assert.ok((await numberOf(node.l2.rpc, "latest")) >= seen.latest, "sealed blocks are kept");
    assert.ok((await numberOf(node.l2.rpc, "safe")) >= seen.safe, "the safe head is kept");
    assert.ok((await numberOf(node.l2.rpc, "finalized")) >= seen.finalized, "the finalized head is kept");
    assert.equal((await rpc(node.l1.rpc, "eth_getBlockByNumber", `0x${seen.l1.number.toString(16)}`, false)).hash, seen.l1.hash);
    for (const block of await blocks(node.l2.rpc, Math.min(...seen.hashes.keys()), seen.latest)) assert.equal(block.hash, seen.hashes.get(Number(block.number)));
    const receipts = [...seen.receipts.values()];
    for (let at = 0; at < receipts.length; at += 50) {
      const some = receipts.slice(at, at + 50);
      const answers = await post(node.l2.rpc, some.map(({ transactionHash }, id) => ({ jsonrpc: "2.0", id, method: "eth_getTransactionReceipt", params: [transactionHash] })));
      for (const { id, result } of answers) assert.deepEqual(result, some[id]);
    }

    // Both layers go on, and L2 becomes safe beyond where it stood.
    await until("safe blocks beyond the kill", 40_000, async () => (await numberOf(node.l2.rpc, "safe")) > seen.latest + 1);
    assert.ok((await numberOf(node.l1.rpc, "latest")) > seen.l1.number);
    const safe = await numberOf(node.l2.rpc, "safe");
    await assertOriginsOnL1(node, safe);
    assert.equal((await rpc(node.l2.rpc, "optimism_syncStatus")).problem, "");

    // A replica that derives all of it from the restarted L1 agrees.
    const replica = await startReplica(node, folder);
    try {
      await until("the replica to arrive", 20_000, async () => (await numberOf(replica.rpc, "safe")) >= safe);
      await assertSameChain(node.l2.rpc, replica.rpc, safe);
    } finally {
      await stop(replica);
    }
  });

test("a clean stop keeps everything too", async () => {
  const head = await rpc(node.l2.rpc, "eth_getBlockByNumber", "latest", false);
  await stop(node);
  node = await startDevnet(...flags);
  assert.equal((await rpc(node.l2.rpc, "eth_getBlockByNumber", head.number, false)).hash, head.hash);
});

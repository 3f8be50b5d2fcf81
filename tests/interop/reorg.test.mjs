// Ten L1 blocks are replaced under load: sequencer and replica agree again on every hash, and no transaction that was taken is lost.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { rpc, startDevnet, stop, until } from "./node.mjs";
import { assertOriginsOnL1, assertSameChain, blocks, Load, numberOf, startReplica, temporaryFolder } from "./rollup.mjs";

const DEPTH = 10;

for (const da of ["calldata", "blobs"])
  describe(`batches in ${da}`, () => {
    let node, replica, load;
    before(async () => {
      node = await startDevnet("--l1-block-time", "1000", "--l1-finalized-lag", "32", "--da", da);
      replica = await startReplica(node, temporaryFolder());
      load = new Load(node);
    });
    after(async () => {
      await load?.stop();
      await stop(replica);
      await stop(node);
    });

    test("ten L1 blocks are replaced", { timeout: 90_000 }, async () => {
      await until("an L1 of some length", 40_000, async () => (await numberOf(node.l1.rpc, "latest")) >= DEPTH + 2 && (await numberOf(replica.rpc, "safe")) >= DEPTH - 2);
      const head = await numberOf(node.l1.rpc, "latest");
      const old = await blocks(node.l1.rpc, 0, head);
      await rpc(node.l1.rpc, "anvil_reorg", DEPTH);
      const now = await blocks(node.l1.rpc, 0, head);
      assert.equal(now[head - DEPTH - 1].hash, old[head - DEPTH - 1].hash, "below the reorg nothing changes");
      assert.notEqual(now[head - DEPTH + 2].hash, old[head - DEPTH + 2].hash, "what was above is replaced");

      const beyond = (await numberOf(node.l2.rpc, "latest")) + 2;
      await until("both nodes beyond the reorg", 60_000, async () => (await numberOf(node.l2.rpc, "safe")) >= beyond && (await numberOf(replica.rpc, "safe")) >= beyond);
      const safe = Math.min(await numberOf(node.l2.rpc, "safe"), await numberOf(replica.rpc, "safe"));
      await assertSameChain(node.l2.rpc, replica.rpc, safe);
      await assertOriginsOnL1(node, safe);
      assert.equal((await rpc(node.l2.rpc, "optimism_syncStatus")).problem, "");
      assert.equal((await rpc(replica.rpc, "optimism_syncStatus")).problem, "");
    });

    test("every transaction that was taken is in the chain", { timeout: 60_000 }, async () => {
      await load.stop();
      assert.deepEqual(load.refused, []);
      const missing = new Set(load.sent.keys());
      await until("the last receipts", 20_000, async () => {
        for (const hash of missing) if ((await rpc(node.l2.rpc, "eth_getTransactionReceipt", hash))?.status === "0x1") missing.delete(hash);
        return missing.size === 0;
      }).catch(() => assert.fail(`${missing.size} of ${load.sent.size} transactions have no receipt`));
    });

    test("a reorg below the finalized block is refused", async () => {
      await assert.rejects(rpc(node.l1.rpc, "anvil_reorg", 100_000), (error) => error.code === -32602);
    });
  });

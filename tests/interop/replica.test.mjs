// A second process that knows only the L1 and the chain's file arrives at the same hashes, also when it is killed in the middle.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { rpc, startDevnet, stop, until } from "./node.mjs";
import { assertOriginsOnL1, assertSameChain, Load, numberOf, startReplica, temporaryFolder } from "./rollup.mjs";

const BLOCKS = 12;

for (const da of ["calldata", "blobs"])
  describe(`batches in ${da}`, () => {
    let node, load;
    before(async () => {
      node = await startDevnet("--l1-block-time", "1000", "--da", da);
      load = new Load(node);
      await until(`${BLOCKS} safe blocks`, 60_000, async () => (await numberOf(node.l2.rpc, "safe")) >= BLOCKS);
    });
    after(async () => {
      await load?.stop();
      await stop(node);
    });

    test("a replica derives every block", async () => {
      const replica = await startReplica(node, temporaryFolder());
      try {
        const goal = await numberOf(node.l2.rpc, "safe");
        await until("the replica to arrive", 20_000, async () => (await numberOf(replica.rpc, "safe")) >= goal);
        await assertSameChain(node.l2.rpc, replica.rpc, goal);
        await assertOriginsOnL1(node, goal);
        const final = await rpc(replica.rpc, "entresol_blockStatus", "finalized");
        assert.deepEqual([final.status, final.nextStatus, final.nextStatusExpectedAt], ["finalized", null, null]);
        const next = await rpc(replica.rpc, "entresol_blockStatus", "safe");
        assert.deepEqual([next.status, next.nextStatus], ["safe", "finalized"]);
        const fresh = await rpc(node.l2.rpc, "entresol_blockStatus", "latest");
        assert.deepEqual([fresh.status, fresh.nextStatus], ["sealed", "safe"]);
        const wait_s = fresh.nextStatusExpectedAt - fresh.sealedAt;
        assert.ok(wait_s >= -5 && wait_s < 60, `a batch goes every few seconds here, but the next is expected after ${wait_s} s`);
        // The load is in what was derived: balances, receipts and code answer as the sequencer's do.
        const [hash] = load.sent.keys();
        assert.deepEqual(await rpc(replica.rpc, "eth_getTransactionReceipt", hash), await rpc(node.l2.rpc, "eth_getTransactionReceipt", hash));
        for (const { address } of node.accounts) {
          const at = `0x${goal.toString(16)}`;
          assert.equal(await rpc(replica.rpc, "eth_getBalance", address, at), await rpc(node.l2.rpc, "eth_getBalance", address, at));
        }
        assert.equal((await rpc(replica.rpc, "optimism_outputAtBlock", `0x${goal.toString(16)}`)).outputRoot, (await rpc(node.l2.rpc, "optimism_outputAtBlock", `0x${goal.toString(16)}`)).outputRoot);
      } finally {
        await stop(replica);
      }
    });

    test("a replica killed in mid-derivation goes on where it was", async () => {
      const folder = temporaryFolder();
      const flags = ["--datadir", `${folder}/data`];
      let reached = 0;
      let midway = 0;
      for (let kill = 0; kill < 4; ++kill) {
        const replica = await startReplica(node, folder, ...flags);
        const resumed = await numberOf(replica.rpc, "latest");
        assert.ok(resumed >= reached, `resumed at ${resumed}, had reported ${reached}`);
        await until("one block more", 20_000, async () => (reached = await numberOf(replica.rpc, "latest")) > resumed, 2);
        await stop(replica, "SIGKILL");
        if (reached < (await numberOf(node.l2.rpc, "safe"))) ++midway;
      }
      assert.ok(midway > 0, "no kill came before the replica had arrived");
      const replica = await startReplica(node, folder, ...flags);
      try {
        assert.ok((await numberOf(replica.rpc, "latest")) >= reached);
        const goal = await numberOf(node.l2.rpc, "safe");
        await until("the replica to arrive", 20_000, async () => (await numberOf(replica.rpc, "safe")) >= goal);
        await assertSameChain(node.l2.rpc, replica.rpc, goal);
      } finally {
        await stop(replica);
      }
    });

    test("no transaction of the load was refused", () => assert.deepEqual(load.refused, []));
  });

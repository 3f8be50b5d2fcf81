// A replica's state leaves as files and comes back as another replica, which then follows the chain: by hashes, with the load's transactions in them.
import assert from "node:assert/strict";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { rpc, startDevnet, stop, until } from "../interop/node.mjs";
import { blocks, Load, numberOf, startReplica, temporaryFolder } from "../interop/rollup.mjs";
import { run, runJson, settled } from "./program.mjs";

describe("a snapshot of a settled block", () => {
  const folder = temporaryFolder();
  const snapshot = join(folder, "snapshot");
  const chain = join(folder, "chain.json");
  let node, load, exported;

  const importInto = (datadir, source = snapshot, ...flags) => run(["snapshot", "import", source, "--datadir", datadir, "--chain", chain, ...(flags.length > 0 ? flags : ["--l1", node.l1.rpc])]);

  before(async () => {
    node = await startDevnet("--l1-block-time", "1000", "--challenge-period", "2");
    load = new Load(node);
    const goal = await settled(node, 8);
    const replica = await startReplica(node, folder, "--datadir", join(folder, "origin"));
    await until("the replica to arrive", 30_000, async () => (await numberOf(replica.rpc, "safe")) >= goal);
    await stop(replica);
    exported = await runJson(["snapshot", "export", "--datadir", join(folder, "origin"), "--out", snapshot, "--l1", node.l1.rpc, "--chain", chain]);
  });
  after(async () => {
    await load?.stop();
    await stop(node);
  });

  test("verifies, and names the output that the chain has", async () => {
    const verified = await runJson(["snapshot", "verify", snapshot]);
    assert.deepEqual(verified, exported);
    const output = await rpc(node.l2.rpc, "optimism_outputAtBlock", `0x${exported.block_number.toString(16)}`);
    assert.equal(exported.output_root, output.outputRoot);
    assert.ok(exported.block_number >= 8 && exported.accounts > 10 && exported.slots > 10 && exported.codes > 5);
  });

  test("a node started from it follows the head", async () => {
    const datadir = join(folder, "second");
    const done = await importInto(datadir);
    assert.equal(done.code, 0, done.errors);
    let replica = await startReplica(node, folder, "--datadir", datadir);
    try {
      const at = exported.block_number;
      assert.ok((await numberOf(replica.rpc, "finalized")) >= at);
      const goal = (await numberOf(node.l2.rpc, "safe")) + 5;
      await until("the replica to follow", 60_000, async () => (await numberOf(replica.rpc, "safe")) >= goal);
      const first = Math.max(1, at - exported.blocks + 1);
      assert.deepEqual((await blocks(replica.rpc, first, goal)).map((b) => b?.hash), (await blocks(node.l2.rpc, first, goal)).map((b) => b.hash));
      // State and receipts of before and after the snapshot's block.
      for (const { address } of node.accounts)
        for (const number of [at, goal]) {
          const tag = `0x${number.toString(16)}`;
          assert.equal(await rpc(replica.rpc, "eth_getBalance", address, tag), await rpc(node.l2.rpc, "eth_getBalance", address, tag));
        }
      const [old] = await blocks(node.l2.rpc, at, at, true);
      for (const tx of old.transactions.slice(0, 3)) {
        const [ours, theirs] = await Promise.all([replica.rpc, node.l2.rpc].map((url) => rpc(url, "eth_getTransactionReceipt", tx.hash)));
        for (const field of ["blockHash", "from", "to", "status", "gasUsed", "cumulativeGasUsed", "effectiveGasPrice", "contractAddress", "logs"]) assert.deepEqual(ours[field], theirs[field], field);
      }
      await stop(replica);
      replica = await startReplica(node, folder, "--datadir", datadir);
      const later = (await numberOf(node.l2.rpc, "safe")) + 2;
      await until("the replica to follow after a restart", 60_000, async () => (await numberOf(replica.rpc, "safe")) >= later);
      assert.equal((await blocks(replica.rpc, later, later))[0].hash, (await blocks(node.l2.rpc, later, later))[0].hash);
      assert.equal(await rpc(replica.rpc, "eth_getBlockByNumber", "0x1", false) === null, first > 1);
    } finally {
      await stop(replica);
    }
  });

  test("killed at any moment, an import leaves no chain, and goes on", async () => {
    const datadir = join(folder, "killed");
    let kills = 0;
    let resumed = null;
    for (let wait_ms = 15; resumed === null; wait_ms += 15) {
      const done = await run(["snapshot", "import", snapshot, "--datadir", datadir, "--chain", chain, "--trusted-output", exported.output_root, "--json"], { kill_ms: wait_ms });
      if (done.signal === "SIGKILL") {
        ++kills;
        if (existsSync(join(datadir, "l2"))) resumed = { chunks: exported.chunks }; // killed after its last step
        continue;
      }
      assert.equal(done.code, 0, done.errors);
      resumed = JSON.parse(done.out);
    }
    assert.ok(kills > 0);
    assert.equal(resumed.chunks, exported.chunks);
    const replica = await startReplica(node, folder, "--datadir", datadir);
    try {
      const goal = (await numberOf(node.l2.rpc, "safe")) + 1;
      await until("the replica to follow", 60_000, async () => (await numberOf(replica.rpc, "safe")) >= goal);
      assert.equal((await blocks(replica.rpc, goal, goal))[0].hash, (await blocks(node.l2.rpc, goal, goal))[0].hash);
    } finally {
      await stop(replica);
    }
  });

  test("an import that stopped at a bad chunk goes on when the chunk is right", async () => {
    const datadir = join(folder, "repaired");
    const damaged = join(folder, "damaged");
    cpSync(snapshot, damaged, { recursive: true });
    const last = readdirSync(damaged).filter((name) => name.startsWith("chunk-")).sort().at(-1);
    const bytes = readFileSync(join(damaged, last));
    bytes[bytes.length - 5] ^= 1;
    writeFileSync(join(damaged, last), bytes);
    const refused = await importInto(datadir, damaged);
    assert.equal(refused.code, 1);
    assert.match(refused.errors, new RegExp(last));
    assert.ok(!existsSync(join(datadir, "l2")));
    copyFileSync(join(snapshot, last), join(damaged, last));
    const done = await run(["snapshot", "import", damaged, "--datadir", datadir, "--chain", chain, "--l1", node.l1.rpc, "--json"]);
    assert.equal(done.code, 0, done.errors);
    assert.equal(JSON.parse(done.out).chunks_taken_before, exported.chunks - 1);
    rmSync(damaged, { recursive: true });
  });

  test("says in words what it does not take", async () => {
    const refuses = async (pattern, code, ...words) => {
      const done = await run(words);
      assert.equal(done.code, code, done.errors);
      assert.match(done.errors, pattern);
    };
    const into = ["--datadir", join(folder, "refused"), "--chain", chain];
    await refuses(/either --l1 or --trusted-output/, 2, "snapshot", "import", snapshot, ...into);
    await refuses(/not the trusted one/, 1, "snapshot", "import", snapshot, ...into, "--trusted-output", `0x${"11".repeat(32)}`);
    await refuses(/holds a chain already/, 4, "snapshot", "import", snapshot, "--datadir", join(folder, "origin"), "--chain", chain, "--trusted-output", exported.output_root);
    await refuses(/exists and is not empty/, 2, "snapshot", "export", "--datadir", join(folder, "origin"), "--out", snapshot, "--block", String(exported.block_number));
    // A block that nobody has proposed.
    const other = join(folder, "unsettled");
    const unsettled = await runJson(["snapshot", "export", "--datadir", join(folder, "origin"), "--out", other, "--block", String(exported.block_number - 1)]);
    assert.equal(unsettled.block_number, exported.block_number - 1);
    await refuses(/is not on L1/, 1, "snapshot", "import", other, ...into, "--l1", node.l1.rpc);
    // A chunk of another snapshot, a chunk that is missing, one out of order.
    const mixed = join(folder, "mixed");
    const fresh = () => {
      rmSync(mixed, { recursive: true, force: true });
      cpSync(snapshot, mixed, { recursive: true });
    };
    const chunk = (index) => join(mixed, `chunk-${String(index).padStart(8, "0")}.rlp`);
    fresh();
    copyFileSync(join(other, "chunk-00000001.rlp"), chunk(1));
    await refuses(/chunk-00000001.*belongs to the snapshot of output root/s, 1, "snapshot", "verify", mixed);
    fresh();
    rmSync(chunk(2));
    await refuses(/chunk-00000002.*No such file/s, 1, "snapshot", "verify", mixed);
    fresh();
    copyFileSync(chunk(2), chunk(1));
    await refuses(/chunk-00000001.*it is chunk 2/s, 1, "snapshot", "verify", mixed);
    mkdirSync(join(folder, "empty"));
    await refuses(/manifest\.rlp/, 1, "snapshot", "verify", join(folder, "empty"));
  });

  test("no transaction of the load was refused", () => assert.deepEqual(load.refused, []));
});

// A replica behind a hostile L1 endpoint: it never takes a wrong head, says what is wrong, and goes on by itself.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { rpc as call, serve, serveDevnet, stop, temporaryFolder, until } from "../cli/program.mjs";
import { faults } from "./faults.mjs";
import { startProxy } from "./proxy.mjs";

const FAULT_MS = 1_000;
const rpc = async (...words) => (await call(...words)).result;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

describe("an L1 that is", () => {
  let devnet, proxy, replica, watching;
  const cleanups = [];
  const wrong = [];
  const truth = new Map(); // hashes of the sequencer's blocks by number
  let over = false;
  let safest = 0;

  const status = () => rpc(replica.ready.rpc, "optimism_syncStatus");
  const trueHash = async (number) => {
    if (!truth.has(number)) truth.set(number, (await rpc(devnet.ready.l2.rpc, "eth_getBlockByNumber", `0x${number.toString(16)}`, false))?.hash);
    return truth.get(number);
  };
  // All the time, whatever the endpoint does. (No L1 reorganisation happens here: each head only goes forward.)
  async function watch() {
    while (!over) {
      const { safe_l2, unsafe_l2, finalized_l2 } = await status();
      for (const head of [safe_l2, unsafe_l2, finalized_l2])
        if ((await trueHash(head.number)) !== head.hash) wrong.push(`block ${head.number} is ${head.hash}`);
      if (safe_l2.number < safest) wrong.push(`safe went back from ${safest} to ${safe_l2.number}`);
      safest = Math.max(safest, safe_l2.number);
      await pause(50);
    }
  }
  const safeOf = async (url) => (await rpc(url, "optimism_syncStatus")).safe_l2.number;
  const catchUp = async (timeout_ms) => {
    const goal = await safeOf(devnet.ready.l2.rpc);
    await until(`the replica to reach ${goal}\n${replica.log()}`, timeout_ms, async () => (await status()).safe_l2.number >= goal);
  };

  before(async () => {
    devnet = await serveDevnet(["--l1-block-time", "1000", "--da", "blobs"]);
    proxy = await startProxy(devnet.ready.l1.rpc);
    const file = join(temporaryFolder({ after: (clean) => cleanups.push(clean) }), "chain.json");
    writeFileSync(file, JSON.stringify(await rpc(devnet.ready.l2.rpc, "entresol_chainFile")));
    await until("safe blocks", 30_000, async () => (await safeOf(devnet.ready.l2.rpc)) > 5);
    replica = await serve(["node", "--l1", proxy.url, "--chain", file, "--port", "0", "--poll-ms", "50", "--json"]);
    await catchUp(20_000);
    watching = watch();
  });
  after(async () => {
    over = true;
    await watching;
    if (replica) await stop(replica, "SIGKILL");
    proxy?.close();
    if (devnet) await stop(devnet, "SIGKILL");
    for (const clean of cleanups) clean();
  });

  for (const fault of faults)
    test(fault.name, { timeout: 90_000 }, async () => {
      proxy.touched = 0;
      proxy.fault = fault;
      const begun = Date.now();
      await until("a request that it concerns", 15_000, () => proxy.touched > 0);
      if (fault.words) await until(`words that match ${fault.words}: ${JSON.stringify((await status()).problem)}`, 15_000, async () => fault.words.test((await status()).problem));
      await pause(Math.max(0, FAULT_MS - (Date.now() - begun)));
      const during = await rpc(devnet.ready.l2.rpc, "eth_blockNumber");
      assert.ok(Number(during) > 0);
      proxy.heal();
      await catchUp(30_000);
      await until("no problem any more", 15_000, async () => (await status()).problem === "");
      assert.deepEqual(wrong, []);
    });

  test("on the whole nothing else came out", async () => {
    const { safe_l2 } = await status();
    for (let number = 0; number <= safe_l2.number; ++number)
      assert.equal((await rpc(replica.ready.rpc, "eth_getBlockByNumber", `0x${number.toString(16)}`, false)).hash, await trueHash(number));
  });
});

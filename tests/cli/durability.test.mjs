// --durability: in each mode, a kill -9 under load takes nothing back that was in a sealed block, and of what was accepted only what no block held yet.
// (What a power cut takes back: src/node/sim/durability_test.cpp.)
import assert from "node:assert/strict";
import test from "node:test";
import { compare, pause, watch } from "../crash/watch.mjs";
import { entresol, serveDevnet, stop, temporaryFolder } from "./program.mjs";

for (const mode of ["async", "block"])
  test(`${mode}: two kills under load`, { timeout: 90_000 }, async (t) => {
    const folder = temporaryFolder(t);
    const start = () => serveDevnet(["--datadir", folder, "--durability", mode]);
    let before = null;
    for (const live_ms of [2_500, 3_300]) {
      const server = await start();
      t.after(() => stop(server, "SIGKILL"));
      if (before) assert.deepEqual((await compare(server.ready.l2.rpc, before)).lost, []);
      const work = watch(server);
      await pause(live_ms);
      work.dies();
      await stop(server, "SIGKILL");
      await work.end();
      before = work.seen;
      assert.ok(before.included.size > 0, "no transaction was seen in a sealed block");
    }
    const server = await start();
    t.after(() => stop(server, "SIGKILL"));
    assert.deepEqual((await compare(server.ready.l2.rpc, before)).lost, []);
    await stop(server);
  });

test("another mode is refused in words", async () => {
  const { code, stderr } = await entresol(["devnet", "--durability", "most"]);
  assert.notEqual(code, 0);
  assert.match(stderr, /--durability/);
});

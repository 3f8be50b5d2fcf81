// A disk that takes no more: the program ends in words, and what it had told is there when there is room again.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import test from "node:test";
import { binary, cleanEnvironment, rpc, serveDevnet, stop, temporaryFolder } from "./program.mjs";

// No file may grow beyond 3 MB: writing more fails as on a full disk (EFBIG), once the signal that would end the process is ignored.
test("a full disk ends it in words, and nothing that was told is lost", async (t) => {
  const folder = join(temporaryFolder(t), "data");
  const limited = `trap '' XFSZ; ulimit -f 3000; exec "${binary}" devnet --port 0 --l1-port 0 --json --log-level error --datadir "${folder}"`;
  const child = spawn("bash", ["-c", limited], { env: cleanEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  const first = await new Promise((resolve) => child.stdout.once("data", (chunk) => resolve(String(chunk))));
  const url = JSON.parse(first.slice(0, first.indexOf("\n"))).l2.rpc;
  const from = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
  let heads = null;
  const work = (async () => {
    for (;;) {
      try {
        await rpc(url, "eth_sendTransaction", { from, to: from, data: `0x${"5a".repeat(40_000)}`, gas: "0x200000" });
        heads = (await rpc(url, "optimism_syncStatus")).result ?? heads;
      } catch {
        return; // it is gone
      }
    }
  })();
  const { code, signal } = await ended;
  await work;
  assert.deepEqual({ code, signal }, { code: 4, signal: null }, errors);
  const said = JSON.parse(errors.trim().split("\n").at(-1));
  assert.equal(said.kind, "datadir");
  assert.match(said.message, /database: write: .*File too large/);
  assert.ok(heads.unsafe_l2.number > 0);

  const again = await serveDevnet(["--datadir", folder, "--log-level", "error"]);
  t.after(() => stop(again, "SIGKILL"));
  for (const head of [heads.unsafe_l2, heads.safe_l2, heads.finalized_l2])
    assert.equal((await rpc(again.ready.l2.rpc, "eth_getBlockByNumber", `0x${head.number.toString(16)}`, false)).result?.hash, head.hash);
});

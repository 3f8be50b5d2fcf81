// The log as an operator reads it, and what it must never hold.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { entresol, rpc, serve, serveDevnet, stop, temporaryFolder, until } from "./program.mjs";

// The keys of the devnet's own services, keccak256("entresol devnet ROLE"); the first test below checks that they are.
const SERVICE_KEYS = {
  batcher: "8a8917c99591468f0f11f212baea14264a37fad9bf6930a919c5f81fc7394b2a",
  proposer: "41479159428c7f935b2048b80d6c320998f75523d053fd3e568f380ce3835b65",
  sequencer: "45c2e7b5183005c7a9c0e2e725ba1fb4765087764a90aba2e863e85e93a44315",
};

const FAST = ["--l1-block-time", "1000", "--challenge-period", "1"];
const messages = (server) => server.log().split("\n").filter(Boolean).map((line) => JSON.parse(line));

test("a devnet at trace level tells what happens, each line an object, and no key of its services", async (t) => {
  const server = await serveDevnet(["--log-level", "trace", "--log-format", "json", ...FAST]);
  t.after(() => stop(server, "SIGKILL"));
  const url = server.ready.l2.rpc;
  const l1 = server.ready.l1.rpc;
  const folder = temporaryFolder(t);
  const addresses = {};
  for (const [role, key] of Object.entries(SERVICE_KEYS)) {
    writeFileSync(join(folder, role), key, { mode: 0o600 });
    addresses[role] = (await entresol(["key", "address", join(folder, role)])).stdout.trim();
  }
  const unsafeBlockSigner = { to: server.ready.contracts.system_config, data: "0x1fd19ee1" };
  assert.equal(`0x${(await rpc(l1, "eth_call", unsafeBlockSigner, "latest")).result.slice(26)}`, addresses.sequencer, "another account now");
  const hostile = 'eth_"x"\n\u001b[31mFAKE';
  assert.equal((await rpc(url, hostile)).error.code, -32601);
  await rpc(url, "eth_sendRawTransaction", "0xzz");
  await rpc(l1, "anvil_reorg", 2);
  const wanted = { devnet: "started", batcher: "batch posted", proposer: "output proposed", rpc: "request failed", derivation: "starts" };
  for (const [component, message] of Object.entries(wanted))
    await until(`"${message}" in\n${server.log()}`, 40_000, () => messages(server).find((line) => line.component === component && line.message === message));
  for (const role of ["batcher", "proposer"])
    assert.ok(Number((await rpc(l1, "eth_getTransactionCount", addresses[role], "pending")).result) > 0, `${role} is another account now`);
  await stop(server);

  const lines = messages(server); // each line parses
  for (const line of lines) {
    assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(["trace", "debug", "info", "warn", "error"].includes(line.level), line.level);
  }
  const posted = lines.find((line) => line.message === "batch posted");
  assert.ok(posted.last_block >= posted.first_block && posted.l1_tx.length === 66);
  assert.equal(lines.find((line) => line.component === "rpc" && line.code === -32601).method, hostile);
  assert.equal(lines.at(-1).message, "stopped");

  const text = server.log().toLowerCase();
  for (const [role, key] of Object.entries(SERVICE_KEYS)) {
    assert.ok(!text.includes(key), `the key of the ${role} is in the log`);
    assert.ok(!text.includes(Buffer.from(key, "hex").toString("base64").toLowerCase()), role);
  }
});

test("the text form has one line an event and can be silent", async (t) => {
  const loud = await serveDevnet(["--log-level", "debug"]);
  t.after(() => stop(loud, "SIGKILL"));
  await rpc(loud.ready.l2.rpc, "eth_nothing", "a\nb");
  await stop(loud);
  for (const line of loud.log().trim().split("\n")) assert.match(line, /^\d{4}-\d\d-\d\dT\S+Z [TDIWE] [a-z0-9]+: .*$/);
  assert.match(loud.log(), /D rpc: request failed method=eth_nothing code=-32601 error="/);

  const quiet = await serveDevnet();
  t.after(() => stop(quiet, "SIGKILL"));
  await rpc(quiet.ready.l2.rpc, "eth_nothing");
  await stop(quiet);
  assert.equal(quiet.log(), "", "a devnet that is well says nothing on standard error");
});

// An L1 that answers through us until we stop it: what lasts is told once, not with each try.
test("an L1 that fails is told without filling the log, and never with the path of its URL", async (t) => {
  const devnet = await serveDevnet();
  t.after(() => stop(devnet, "SIGKILL"));
  const file = join(temporaryFolder(t), "chain.json");
  writeFileSync(file, JSON.stringify((await rpc(devnet.ready.l2.rpc, "entresol_chainFile")).result));
  let fails = false;
  let failed = 0;
  const between = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (fails) {
      ++failed;
      response.writeHead(503).end();
      return;
    }
    try {
      const answer = await fetch(devnet.ready.l1.rpc, { method: "POST", headers: { "content-type": "application/json" }, body });
      response.writeHead(200, { "content-type": "application/json" }).end(await answer.text());
    } catch {
      response.destroy(); // the test is over, and the devnet with it
    }
  });
  await new Promise((resolve) => between.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    between.closeAllConnections?.();
    between.close();
  });
  const url = `http://127.0.0.1:${between.address().port}/v3/c0ffee-access-key`;
  const node = await serve(["node", "--l1", url, "--chain", file, "--port", "0", "--poll-ms", "50", "--log-level", "trace", "--json"]);
  t.after(() => stop(node, "SIGKILL"));
  fails = true;
  await until("the trouble in the log", 15_000, () => /W rollup: .*503/.test(node.log()));
  await until("some failures", 15_000, () => failed > 4);
  fails = false;
  await until("its end in the log", 25_000, () => /I rollup: L1 and derivation are well again/.test(node.log()));
  assert.deepEqual(await stop(node), { code: 0, signal: null });
  assert.ok(node.log().match(/W rollup:/g).length <= 3, node.log());
  assert.ok(!node.log().includes("c0ffee"), "the path carries an access key");
});

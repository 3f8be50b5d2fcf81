// A server's start and end: ports, folders, signals.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import test from "node:test";
import { binary, entresol, execute, onTerminal, rpc, serve, serveDevnet, stop, temporaryFolder, until } from "./program.mjs";

function occupy(t) {
  const server = createServer();
  t.after(() => server.close());
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

test("a taken port is named with the flag that chooses another", async (t) => {
  const port = await occupy(t);
  for (const [flag, other] of [["--port", "--l1-port"], ["--l1-port", "--port"]]) {
    const { code, stdout, stderr } = await entresol(["devnet", flag, `${port}`, other, "0", "--json"]);
    assert.equal(code, 3, stderr);
    assert.equal(stdout, "");
    const error = JSON.parse(stderr);
    assert.equal(error.kind, "listen");
    assert.match(error.message, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is already in use`));
    assert.match(error.advice, new RegExp(`choose another with ${flag} \\(`));
  }
});

test("an address that is not of this machine, or none at all", async () => {
  for (const host of ["192.0.2.1", "example", "::ffff:1:2:3:4:5:6:7:8"]) {
    const { code, stderr } = await entresol(["devnet", "--host", host, "--port", "0", "--l1-port", "0"]);
    assert.equal(code, 3, stderr);
    assert.ok(stderr.includes(host), stderr);
  }
});

test("a folder that cannot be made or written", async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, "file");
  writeFileSync(file, "");
  const places = [join(file, "data"), "/proc/entresol"];
  if (process.getuid() !== 0) {
    const closed = join(folder, "closed");
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    places.push(closed);
  } else {
    t.diagnostic("root may write everywhere: a folder without permission was not tried");
  }
  for (const place of places) {
    const { code, stderr } = await entresol(["devnet", "--port", "0", "--l1-port", "0", "--datadir", place]);
    assert.equal(code, 4, stderr);
    assert.ok(stderr.includes(place), stderr);
  }
});

test("a folder serves one process at a time, and the next one after a kill", async (t) => {
  const folder = join(temporaryFolder(t), "deep", "data");
  const first = await serveDevnet(["--datadir", folder]);
  t.after(() => stop(first, "SIGKILL"));
  const second = await entresol(["devnet", "--port", "0", "--l1-port", "0", "--datadir", folder]);
  assert.equal(second.code, 4);
  assert.ok(second.stderr.includes(folder) && second.stderr.includes(`(${first.child.pid})`), second.stderr);
  await stop(first, "SIGKILL");
  const third = await serveDevnet(["--datadir", folder]);
  assert.deepEqual(await stop(third), { code: 0, signal: null });
});

test("a signal at the moment in which it says that it serves ends it cleanly", async () => {
  for (let i = 0; i < 20; ++i) assert.deepEqual(await stop(await serveDevnet([])), { code: 0, signal: null });
});

// Requests without pause until the server is gone: reads, sends and traces, on several connections.
function load(url) {
  let done = 0;
  let over = false;
  const one = async (method, ...params) => {
    while (!over) {
      try {
        await rpc(url, method, ...params);
        ++done;
      } catch {
        return; // the server is gone
      }
    }
  };
  const from = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
  const busy = { from, data: "0x5b600056", gas: "0x2faf080" }; // loops until its gas is used up
  const all = [
    ...Array.from({ length: 6 }, () => one("eth_sendTransaction", { from, to: from, value: "0x1" })),
    ...Array.from({ length: 6 }, () => one("eth_getBlockByNumber", "latest", true)),
    ...Array.from({ length: 4 }, () => one("eth_call", busy, "latest")),
  ];
  return { done: () => done, end: () => ((over = true), Promise.all(all)) };
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  test(`${signal} under load stops within 2 s and without a trace of trouble`, async (t) => {
    const server = await serveDevnet(["--log-level", "info", "--datadir", join(temporaryFolder(t), "data")]);
    t.after(() => stop(server, "SIGKILL"));
    const work = load(server.ready.l2.rpc);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.ok(work.done() > 50, `${work.done()} requests`);
    const begin = Date.now();
    const end = await stop(server, signal);
    const took = Date.now() - begin;
    await work.end();
    assert.deepEqual(end, { code: 0, signal: null }, server.log());
    assert.ok(took < 2_000, `${took} ms`);
    assert.match(server.log(), new RegExp(`stopping signal=${signal}`));
    assert.match(server.log(), /devnet: stopped/);
    assert.doesNotMatch(server.log(), / E /);
  });

test("a signal while starting ends it at once", async (t) => {
  // Nothing answers at this L1: the node would wait for its time-out.
  const silent = createServer(() => {});
  await new Promise((resolve) => silent.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    silent.closeAllConnections?.();
    silent.close();
  });
  const devnet = await serveDevnet();
  const chain = (await rpc(devnet.ready.l2.rpc, "entresol_chainFile")).result;
  await stop(devnet);
  const file = join(process.env.TMPDIR ?? "/tmp", `entresol-chain-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(chain));
  try {
    const command = `"${binary}" node --l1 http://127.0.0.1:${silent.address().port} --chain ${file} --port 0 & pid=$!; sleep 0.7; kill -INT $pid; wait $pid`;
    const begin = Date.now();
    const { code, stderr } = await execute("bash", ["-c", command]);
    assert.equal(code, 130, stderr);
    assert.ok(Date.now() - begin < 2_500);
    assert.match(stderr, /interrupted while starting/);
  } finally {
    await execute("rm", ["-f", file]);
  }
});

test("an L1 that is not there", async (t) => {
  const devnet = await serveDevnet();
  const file = join(temporaryFolder(t), "chain.json");
  writeFileSync(file, JSON.stringify((await rpc(devnet.ready.l2.rpc, "entresol_chainFile")).result));
  const node = (url) => entresol(["node", "--l1", url, "--chain", file, "--port", "0", "--json"]);
  const gone = await node("http://127.0.0.1:1");
  assert.equal(gone.code, 5, gone.stderr);
  assert.equal(JSON.parse(gone.stderr.trim().split("\n").at(-1)).kind, "l1");
  const other = await node(devnet.ready.l2.rpc); // answers, but is another chain
  assert.equal(other.code, 5);
  assert.match(other.stderr, /chain id/);
  const malformed = await node("ftp://127.0.0.1");
  assert.equal(malformed.code, 2, malformed.stderr);
  await stop(devnet);
});

test("an L1 that no longer answers does not keep a node from stopping", async (t) => {
  const devnet = await serveDevnet();
  t.after(() => stop(devnet, "SIGKILL"));
  const file = join(temporaryFolder(t), "chain.json");
  writeFileSync(file, JSON.stringify((await rpc(devnet.ready.l2.rpc, "entresol_chainFile")).result));
  let hangs = false;
  let hanging = 0;
  const between = createHttpServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (hangs) return ++hanging;
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
  const node = await serve(["node", "--l1", `http://127.0.0.1:${between.address().port}`, "--chain", file, "--port", "0", "--poll-ms", "50", "--json"]);
  t.after(() => stop(node, "SIGKILL"));
  hangs = true;
  await until("a request that hangs", 10_000, () => hanging > 0);
  const begin = Date.now();
  assert.deepEqual(await stop(node, "SIGINT"), { code: 0, signal: null }, node.log());
  assert.ok(Date.now() - begin < 2_000, `${Date.now() - begin} ms`);
});

test("a second signal ends it at once", async (t) => {
  const server = await serveDevnet(["--log-level", "info"]);
  t.after(() => stop(server, "SIGKILL"));
  const busy = { data: "0x5b600056", gas: "0xffffffff" };
  const calls = Array.from({ length: 8 }, () => rpc(server.ready.l2.rpc, "eth_call", busy, "latest").catch(() => {}));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const begin = Date.now();
  server.child.kill("SIGINT");
  server.child.kill("SIGTERM"); // signals of one kind are not counted while one waits
  const { code } = await server.ended;
  await Promise.all(calls);
  assert.ok(Date.now() - begin < 1_000);
  assert.ok(code === 143 || code === 130 || code === 0, `${code}`);
});

test("colour on a terminal, none elsewhere or where it is not wanted", async () => {
  const shown = async (env) => (await execute("script", onTerminal(`"${binary}" devent`), { env: { TERM: "xterm", ...env } })).stdout;
  assert.match(await shown({}), /\x1b\[/);
  assert.doesNotMatch(await shown({ NO_COLOR: "1" }), /\x1b\[/);
  assert.match(await shown({ NO_COLOR: "" }), /\x1b\[/, "empty is as not set");
  assert.doesNotMatch(await shown({ TERM: "dumb" }), /\x1b\[/);
  assert.doesNotMatch((await entresol(["devent"])).stderr, /\x1b\[/);
});

test("servers listen on loopback unless told otherwise", async (t) => {
  const server = await serve(["devnet", "--port", "0", "--l1-port", "0", "--json"]);
  t.after(() => stop(server));
  for (const url of [server.ready.l2.rpc, server.ready.l1.rpc]) assert.equal(new URL(url).hostname, "127.0.0.1");
});

// What a page of `origin` gets from a server called by the name `host`.
function visit(url, { origin, host, method = "POST" } = {}) {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", host: host ?? `127.0.0.1:${port}`, ...(origin && { origin }) };
    const call = httpRequest({ host: "127.0.0.1", port, method, path: "/", headers }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += chunk)).on("end", () => resolve({ status: response.statusCode, allows: response.headers["access-control-allow-origin"], body }));
    });
    call.on("error", reject).end(method === "POST" ? '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}' : undefined);
  });
}

test("pages of other sites may call a devnet; a node only where it was told so", async (t) => {
  const devnet = await serveDevnet();
  t.after(() => stop(devnet));
  const file = join(temporaryFolder(t), "chain.json");
  writeFileSync(file, JSON.stringify((await rpc(devnet.ready.l2.rpc, "entresol_chainFile")).result));
  const node = async (...flags) => {
    const server = await serve(["node", "--l1", devnet.ready.l1.rpc, "--chain", file, "--port", "0", "--json", ...flags]);
    t.after(() => stop(server));
    return server.ready.rpc;
  };
  const app = "https://app.example", evil = "https://evil.example";
  assert.equal((await visit(devnet.ready.l2.rpc, { origin: evil })).allows, "*");

  const closed = await node();
  const refused = await visit(closed, { origin: evil });
  assert.equal(refused.status, 403);
  assert.equal(refused.allows, undefined);
  assert.ok(!refused.body.includes("result"), refused.body);
  assert.equal((await visit(closed)).status, 200, "no page at all");
  assert.equal((await visit(closed, { origin: closed })).status, 200, "its own page");
  assert.equal((await visit(closed, { host: "node.example" })).status, 403, "a name that was made to point here");

  const open = await node("--cors-origin", app, "--allow-host", "node.example,other.example");
  assert.deepEqual([(await visit(open, { origin: app })).allows, (await visit(open, { origin: app, method: "OPTIONS" })).allows], [app, app]);
  assert.equal((await visit(open, { origin: evil })).status, 403);
  for (const host of ["node.example", "other.example:80"]) assert.equal((await visit(open, { host })).status, 200, host);
  assert.equal((await visit(open, { host: "third.example" })).status, 403);
  assert.equal((await visit(await node("--cors-origin", "*"), { origin: evil })).allows, "*");
});

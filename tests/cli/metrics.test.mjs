// What an operator watches: GET /metrics and GET /health.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { rpc, serve, serveDevnet, stop, temporaryFolder, until } from "./program.mjs";

// A page in Prometheus' text format: { name: { type, help, samples: Map(labels → value) } }. Throws on a line that the format does not know.
function parse(page) {
  const families = {};
  assert.ok(page.endsWith("\n"));
  for (const line of page.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) ([a-z_:][a-z0-9_:]*) (.+)$/.exec(line);
    if (comment) {
      const family = (families[comment[2]] ??= { samples: new Map() });
      const field = comment[1].toLowerCase();
      assert.equal(family[field], undefined, `twice: ${line}`);
      family[field] = comment[3];
      continue;
    }
    const sample = /^([a-z_:][a-z0-9_:]*)(\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*\})? (-?[0-9.e+-]+|\+Inf|NaN)$/.exec(line);
    assert.ok(sample, `not a sample: ${line}`);
    const family = families[sample[1]] ?? families[sample[1].replace(/_(bucket|sum|count)$/, "")];
    assert.ok(family?.type, `a sample before its type: ${line}`);
    const key = `${sample[1]}${sample[2] ?? ""}`;
    assert.ok(!family.samples.has(key), `twice: ${line}`);
    family.samples.set(key, Number(sample[3]));
  }
  return families;
}

async function scrape(url) {
  const response = await fetch(`${url}/metrics`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type"), /^text\/plain; version=0\.0\.4/);
  const families = parse(await response.text());
  return (key) => {
    for (const { samples } of Object.values(families)) if (samples.has(key)) return samples.get(key);
    return undefined;
  };
}

async function health(url) {
  const response = await fetch(`${url}/health`);
  return { code: response.status, ...(await response.json()) };
}

const developer = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

test("metrics follow what the node does", async (t) => {
  const devnet = await serveDevnet();
  t.after(() => stop(devnet, "SIGKILL"));
  const url = devnet.ready.l2.rpc;
  const before = await scrape(url);
  for (let i = 0; i < 3; ++i) assert.ok((await rpc(url, "eth_chainId")).result);
  assert.ok((await rpc(url, "eth_getBalance", "nonsense", "latest")).error);
  assert.ok((await rpc(url, "eth_sendTransaction", { from: developer, to: developer, value: "0x1" })).result);
  const after = await until("a batch and a sealed block", 30_000, async () => {
    const value = await scrape(url);
    return value("entresol_batches_total") >= 1 && value('entresol_head_block{kind="safe"}') >= 1 && value;
  });
  const calls = (value, method, outcome) => value(`entresol_rpc_calls_total{method="${method}",outcome="${outcome}"}`) ?? 0;
  assert.equal(calls(after, "eth_chainId", "result") - calls(before, "eth_chainId", "result"), 3);
  assert.equal(calls(after, "eth_getBalance", "error"), 1);
  const duration = 'entresol_rpc_call_duration_seconds';
  assert.equal(after(`${duration}_count{method="eth_chainId"}`), 3);
  assert.equal(after(`${duration}_bucket{method="eth_chainId",le="+Inf"}`), 3);
  assert.ok(after(`${duration}_sum{method="eth_chainId"}`) > 0);
  assert.ok(after("entresol_blocks_total") > before("entresol_blocks_total"));
  assert.ok(after("entresol_transactions_total") > after("entresol_blocks_total"), "one a block, and a transfer");
  assert.ok(after("entresol_gas_total") > 21_000);
  assert.ok(after("entresol_batch_raw_bytes_total") > 0 && after("entresol_batch_bytes_total") > 0);
  assert.ok(after('entresol_head_block{kind="unsafe"}') >= after('entresol_head_block{kind="safe"}'));
  assert.ok(after('entresol_l1_block{kind="head"}') > 0);
  assert.ok(after("process_cpu_seconds_total") > 0);
  assert.ok(after("process_resident_memory_bytes") > 2 ** 20);
  assert.equal(after("entresol_healthy"), 1);
  assert.equal(after("entresol_pool_transactions"), 0);
});

test("calls of a batch are counted, each for itself", async (t) => {
  const devnet = await serveDevnet();
  t.after(() => stop(devnet, "SIGKILL"));
  const url = devnet.ready.l2.rpc;
  const body = JSON.stringify([..."abc"].map((id) => ({ jsonrpc: "2.0", id, method: "eth_chainId", params: [] })));
  const answers = await (await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })).json();
  assert.equal(answers.length, 3);
  const value = await scrape(url);
  assert.equal(value('entresol_rpc_calls_total{method="eth_chainId",outcome="result"}'), 3);
  assert.equal(value('entresol_rpc_call_duration_seconds_count{method="eth_chainId"}'), 0);
});

test("a head that stands still is not healthy, unless nobody asked for blocks in time", async (t) => {
  const devnet = await serveDevnet(["--health-max-age", "3"]);
  t.after(() => stop(devnet, "SIGKILL"));
  const url = devnet.ready.l2.rpc;
  const well = await health(url);
  assert.equal(well.code, 200);
  assert.equal(well.status, "ok");
  assert.deepEqual(well.problems, []);
  await rpc(url, "evm_setAutomine", true);
  await rpc(url, "evm_increaseTime", 3600);
  assert.equal((await health(url)).code, 200);
});

test("a replica whose L1 is gone says so", async (t) => {
  const devnet = await serveDevnet();
  t.after(() => stop(devnet, "SIGKILL"));
  const file = join(temporaryFolder(t), "chain.json");
  writeFileSync(file, JSON.stringify((await rpc(devnet.ready.l2.rpc, "entresol_chainFile")).result));
  const node = await serve(["node", "--l1", devnet.ready.l1.rpc, "--chain", file, "--port", "0", "--poll-ms", "50", "--health-max-age", "20", "--json"]);
  t.after(() => stop(node, "SIGKILL"));
  const url = node.ready.l2?.rpc ?? node.ready.rpc;
  await until("the replica to follow", 30_000, async () => (await health(url)).head > 0);
  assert.equal((await health(url)).code, 200);
  await stop(devnet, "SIGKILL");
  const ill = await until("it to notice", 30_000, async () => {
    const answer = await health(url);
    return answer.code === 503 && answer;
  });
  assert.equal(ill.status, "failing");
  assert.match(ill.problems.join("; "), /L1/);
  assert.equal((await scrape(url))("entresol_healthy"), 0);
});

test("a head that is older than allowed is named", async (t) => {
  const devnet = await serveDevnet();
  t.after(() => stop(devnet, "SIGKILL"));
  const file = join(temporaryFolder(t), "chain.json");
  writeFileSync(file, JSON.stringify((await rpc(devnet.ready.l2.rpc, "entresol_chainFile")).result));
  // What a replica has was posted, included and read: it is never of this second.
  const node = await serve(["node", "--l1", devnet.ready.l1.rpc, "--chain", file, "--port", "0", "--poll-ms", "50", "--health-max-age", "0", "--json"]);
  t.after(() => stop(node, "SIGKILL"));
  const answer = await until("a block", 30_000, async () => {
    const found = await health(node.ready.l2?.rpc ?? node.ready.rpc);
    return found.head > 0 && found.code === 503 && found;
  });
  assert.match(answer.problems[0], /^the head, block \d+, is \d+ s old, more than 0$/);
});

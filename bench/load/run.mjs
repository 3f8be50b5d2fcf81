// ./dev bench load [PART…] [--quick]: our load generator (main.cpp) on the devnet, anvil and geth in turn, with what they store on disk.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Connection } from "../rollup/http.mjs";
import { commit, describe_machine, load_average, until } from "../rollup/machine.mjs";
import { measure_idle, measure_start } from "../rollup/measure_small.mjs";
import { binaries, fund_banker, is_installed, mined, root, start, stop, versions } from "../rollup/nodes.mjs";
import { for_each, in_turn, load_results, write_results } from "../rollup/turns.mjs";
import { CHAIN_ID, hex } from "../rollup/transactions.mjs";
import { prepare, prober, token } from "../rollup/workload.mjs";

const PROGRAMS = ["entresol", "anvil", "geth"];
const RESULTS = fileURLToPath(new URL("../results/load.json", import.meta.url));
const GENERATOR = process.env.ENTRESOL_LOAD ?? `${root}build/release/bench/load/entresol_load`;
const option = (name, fallback) => process.argv.find((word) => word.startsWith(`--${name}=`))?.split("=")[1] ?? fallback;
// Sent and not yet sealed at most: our pool and geth's hold 50,000 here; anvil stops answering now and then, the more the more wait.
const MOST_WAITING = { entresol: 40_000, anvil: 8_000, geth: 40_000 };
const quick = process.argv.includes("--quick");
const repeats = Number(option("repeats", quick ? 1 : 3));
const count = Number(option("count", quick ? 20_000 : 100_000));
const parts = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const scratch = mkdtempSync(path.join(os.tmpdir(), "entresol-load-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

async function generate(...words) {
  const { stdout } = await promisify(execFile)(GENERATOR, words.map(String), { maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}

const signed = {};
async function sign(kind, size = count) {
  const file = path.join(scratch, `${kind}-${size}`);
  signed[file] ??= generate("sign", kind, size, file, "--chain-id", CHAIN_ID, "--token", hex(token));
  await signed[file];
  return file;
}

// A node of its own folder, with the senders funded and the token deployed.
async function with_node(name, work, before = () => {}) {
  const datadir = mkdtempSync(path.join(scratch, `${name}-`));
  const node = await start(name, { mode: "interval", size: "large", datadir });
  try {
    const rpc = await Connection.open(node.port);
    await fund_banker(node, rpc);
    await prepare(rpc);
    rpc.close();
    await before(node);
    return await work(node);
  } finally {
    await stop(node);
    rmSync(datadir, { recursive: true, force: true });
  }
}

const to_node = ({ name, port, pid }) => ["--port", port, "--server", pid, "--most-waiting", MOST_WAITING[name], ...(name === "entresol" ? ["--forced-per-block", 1] : [])];

async function pour(name, file, words, before) {
  const load = load_average();
  const result = await with_node(name, (node) => generate("pour", file, ...to_node(node), ...words), before);
  if (result.stalled) throw new Error(`stalled after ${result.sealed} of ${result.sent} transactions; ${result.refusal ?? "none refused"}`);
  return { ...result, load_average: load };
}

async function throughput(kind) {
  const file = await sign(kind);
  const recovery = await generate("recover", file);
  const out = { transactions: count, recovery_us: recovery.us_per_tx };
  out.batched = await in_turn(`${kind}, batches of 100`, repeats, for_each(PROGRAMS, (name) => () => pour(name, file, ["--connections", 8, "--batch", 100])));
  out.single = await in_turn(`${kind}, single requests`, repeats, for_each(PROGRAMS, (name) => () => pour(name, file, ["--connections", 50, "--batch", 1])));
  return out;
}

// Half of what each has just sealed with single requests.
async function latency(results) {
  const probes = quick ? 200 : 1_000;
  const probe_file = await sign("probe", probes);
  const rate = (name) => Math.round((results.transfers?.single[name]?.median.per_second ?? 1_000) / 2);
  const measure = async (name) => {
    const file = await sign("transfer", Math.max(count, Math.ceil((rate(name) * 40) / 200) * 200));
    const words = ["--connections", 50, "--batch", 1, "--rate", rate(name), "--probes", probe_file, "--seconds", 25];
    return { rate: rate(name), ...(await pour(name, file, words)) };
  };
  return in_turn("latency under half load", repeats, for_each(PROGRAMS, (name) => () => measure(name)));
}

async function calls() {
  const ask = (method, params, ...words) => (node) => generate("calls", method, params, "--port", node.port, "--server", node.pid, "--seconds", quick ? 2 : 5, ...words);
  const address = `"${hex(prober.address)}","latest"`;
  const out = {};
  for (const [key, measure] of Object.entries({
    "eth_blockNumber, single": ask("eth_blockNumber", "", "--connections", 16),
    "eth_blockNumber, batched": ask("eth_blockNumber", "", "--connections", 8, "--batch", 100),
    "eth_getBalance, single": ask("eth_getBalance", address, "--connections", 16),
    "eth_getBalance, batched": ask("eth_getBalance", address, "--connections", 8, "--batch", 100),
  })) {
    out[key] = await in_turn(key, repeats, for_each(PROGRAMS, (name) => () => with_node(name, measure)));
  }
  return out;
}

async function size() {
  const bytes = (name) => statSync(binaries[name]).size;
  return {
    start: await in_turn("start", quick ? 3 : 7, for_each(PROGRAMS, (name) => () => measure_start(name))),
    idle: await in_turn("idle", 1, for_each(PROGRAMS, (name) => () => measure_idle(name))),
    binary_bytes: for_each(PROGRAMS, bytes),
  };
}

// Full blocks make the base fee rise until nobody can pay it. With an elasticity of one a full block is what the fee aims at: the council announces
// that to the timelock, which owns the chain's configuration, and time passes.
async function hold_base_fee(node) {
  const SET_EIP1559_PARAMS = "0xc0fd4b41"; // setEIP1559Params(uint32,uint32)
  const SCHEDULE = "0x01d5062a"; // schedule(address,uint256,bytes,bytes32,bytes32,uint256)
  const EXECUTE = "0x134008d3"; // execute(address,uint256,bytes,bytes32,bytes32)
  const GET_MIN_DELAY = "0xf27a0c92"; // getMinDelay()
  const COUNCIL = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"; // the devnet's tenth account
  const word = (value) => value.toString(16).padStart(64, "0");
  const [l1, l2] = await Promise.all([Connection.open(node.l1_port), Connection.open(node.port)]);
  const { contracts } = await l2.call("entresol_chainFile");
  const send = async (data) => mined(l1, await l1.call("eth_sendTransaction", { from: COUNCIL, to: contracts.upgrade_timelock, data, gas: "0x493e0" }));
  const call = SET_EIP1559_PARAMS.slice(2) + word(250) + word(1);
  const delay = BigInt(await l1.call("eth_call", { to: contracts.upgrade_timelock, data: GET_MIN_DELAY }, "latest"));
  // Target, value, where the bytes begin, predecessor and salt; schedule's delay stands before the bytes.
  const operation = (words) => word(BigInt(contracts.system_config)) + word(0) + word(words * 32) + word(0) + word(0);
  const bytes = word(call.length / 2) + call.padEnd(Math.ceil(call.length / 64) * 64, "0");
  await send(SCHEDULE + operation(6) + word(delay) + bytes);
  await l1.call("evm_increaseTime", `0x${(delay + 1n).toString(16)}`);
  await send(EXECUTE + operation(5) + bytes);
  const elasticity = async () => Number.parseInt((await l2.call("eth_getBlockByNumber", "latest", false)).extraData.slice(2 + 10, 2 + 18), 16); // version, denominator, elasticity
  await until("the elasticity on L2", 60_000, 200, async () => (await elasticity()) === 1);
  l1.close();
  l2.close();
}

async function sustained(results) {
  const seconds = Number(option("seconds", 600));
  const most = Math.ceil((results.transfers.batched.entresol.median.per_second * 1.3 * seconds) / 200) * 200;
  const file = await sign("transfer", most);
  return in_turn(`${seconds} s`, 1, { entresol: () => pour("entresol", file, ["--connections", 8, "--batch", 100, "--seconds", seconds], hold_base_fee) });
}

const PARTS = { size, transfers: () => throughput("transfer"), erc20: () => throughput("erc20"), latency, calls, sustained };
const unknown = parts.find((part) => !PARTS[part]);
if (unknown) {
  console.error(`no part '${unknown}': ${Object.keys(PARTS).join(" ")}`);
  process.exit(2);
}
for (const name of PROGRAMS) if (!is_installed(name)) console.log(`${name}: not installed (see bench/README.md); its column says so`);
const results = load_results(RESULTS);
for (const part of parts.length ? parts : Object.keys(PARTS).filter((each) => each !== "sustained")) {
  const about = { measured_at: new Date().toISOString(), commit: commit(root), machine: describe_machine(), peers: versions(), quick };
  results[part] = { about, ...(await PARTS[part](results)) };
  write_results(RESULTS, results);
}
console.log("written: bench/results/load.json; the README's table: node bench/load/table.mjs --write README.md");

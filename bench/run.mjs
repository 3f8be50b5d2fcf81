// ./dev bench [core|rollup [PART…]] [--quick]: measures, and writes bench/results. Without a name: everything.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { measure_deposits, measure_replica } from "./rollup/measure_layers.mjs";
import { measure_idle, measure_latency, measure_start } from "./rollup/measure_small.mjs";
import { measure_throughput } from "./rollup/measure_throughput.mjs";
import { commit, describe_machine } from "./rollup/machine.mjs";
import { is_installed, root, versions } from "./rollup/nodes.mjs";
import { for_each, in_turn, load_results, write_results } from "./rollup/turns.mjs";
import { SENDERS, sign_workload } from "./rollup/workload.mjs";

const PROGRAMS = ["entresol", "anvil", "geth"];
const RESULTS = fileURLToPath(new URL("results/rollup.json", import.meta.url));
const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const quick = process.argv.includes("--quick");
const say = (...words) => console.log(...words);

async function throughput(kind) {
  const count = quick ? 10_000 : 40_000;
  say(`signing ${count} transactions`);
  const signed = sign_workload(kind, count);
  const patience = (last) => ({ settlement_patience_ms: last && !quick ? 240_000 : 0 });
  const out = { senders: SENDERS, transactions: count };
  for (const mode of ["unbatched", "batched"]) {
    const ours = (da) => (last) => measure_throughput("entresol", mode, signed, { da, ...patience(last && mode === "batched" && kind === "transfer") });
    out[mode] = await in_turn(`${kind}, ${mode}`, quick ? 1 : 3, {
      "entresol, calldata": ours("calldata"),
      "entresol, blobs": ours("blobs"),
      ...for_each(["anvil", "geth"], (name) => () => measure_throughput(name, mode, signed)),
    });
  }
  return out;
}

// Sync: eth_sendRawTransactionSync, answered at soft confirmation. Poll: until eth_getTransactionReceipt knows a sealed block.
function latency(rate) {
  const options = { rate, probes: quick ? 50 : 400 };
  return in_turn(`latency at ${rate}/s`, quick ? 1 : 3, {
    ...for_each(PROGRAMS, (name) => () => measure_latency(name, { mode: name === "entresol" ? "interval" : "instant", method: "sync", ...options })),
    "entresol, sealed": () => measure_latency("entresol", { mode: "interval", method: "poll", ...options, probes: 20 }),
  });
}

const PARTS = {
  start: () => in_turn("start", quick ? 3 : 11, for_each(PROGRAMS, (name) => () => measure_start(name))),
  idle: () => in_turn("idle", 1, for_each(PROGRAMS, (name) => () => measure_idle(name))),
  latency: async () => ({ idle: await latency(0), loaded: await latency(200) }),
  transfers: () => throughput("transfer"),
  erc20: () => throughput("erc20"),
  deposits: () => in_turn("deposits", 1, { entresol: () => measure_deposits(quick ? 3 : 12) }),
  replica: () => in_turn("replica", quick ? 1 : 3, { entresol: () => measure_replica(quick ? 10_000 : 40_000) }),
};

async function run_rollup(parts) {
  const unknown = parts.find((part) => !PARTS[part]);
  if (unknown) throw new Error(`no part '${unknown}': ${Object.keys(PARTS).join(" ")}`);
  for (const name of PROGRAMS) if (!is_installed(name)) say(`${name}: not installed (see bench/README.md); its column says so`);
  const results = load_results(RESULTS);
  for (const part of parts.length ? parts : Object.keys(PARTS)) {
    const about = { measured_at: new Date().toISOString(), commit: commit(root), machine: describe_machine(), peers: versions(), quick };
    results[part] = { about, ...(await PARTS[part]()) };
    write_results(RESULTS, results);
  }
  say(`written: bench/results/rollup.json; the README's table: node bench/table.mjs --write README.md`);
}

function run_core() {
  const folder = `${root}build/release`;
  const benches = readdirSync(folder).filter((name) => name.endsWith("_bench"));
  for (const name of benches) {
    say(`== ${name}`);
    const { status } = spawnSync(`${folder}/${name}`, [], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}

const [first, ...rest] = names;
if (first !== undefined && first !== "core" && first !== "rollup") {
  console.error(`no benchmark '${first}': core, rollup [${Object.keys(PARTS).join("|")}]…`);
  process.exit(2);
}
if (first !== "rollup") run_core();
if (first !== "core") await run_rollup(rest);

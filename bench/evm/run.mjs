// ./dev bench evm [NAME…] [--quick]: our interpreter beside revm's and geth's on the same byte code, call data and gas. One process each, pinned to
// one core; they are asked in turn, program by program, so that all see the same noise; the median of CPU time counts. Gas used and output must be equal.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { commit, describe_machine, median } from "../rollup/machine.mjs";
import { make_programs, write_programs } from "./programs.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const RESULTS = fileURLToPath(new URL("../results/evm.json", import.meta.url));
const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 3 : 9, RUN_MS = quick ? 20 : 60; // a round repeats a program until it has taken about that long
const CORE = process.env.BENCH_CORE ?? "1";
const OURS = "entresol";

const version_in = (file, pattern) => pattern.exec(readFileSync(new URL(file, import.meta.url), "utf8"))[1];
const DRIVERS = {
  [OURS]: { file: process.env.ENTRESOL_EVM_DRIVER ?? `${root}build/release/bench/evm/entresol_evm_driver` },
  revm: { file: `${root}build/peers/revm/release/revm_evm`, version: version_in("revm/Cargo.toml", /revm = \{ version = "=([\d.]+)"/) },
  geth: { file: `${root}build/peers/bench/evm/geth`, version: version_in("geth/go.mod", /go-ethereum v([\d.]+)/) },
};

function start(file, programs_file) {
  const child = spawn("taskset", ["-c", CORE, file, programs_file], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(name, runs) {
      child.stdin.write(`${name} ${runs}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${file} ended at ${name}`);
      const [, gas, ok, output, nanoseconds] = value.split(" ");
      return { answer: `${gas} gas, ${ok === "true" ? "success" : "failure"}, output ${output}`, gas: Number(gas), ok: ok === "true", ms: Number(nanoseconds) / 1e6 };
    },
    end: () => child.stdin.end(),
  };
}

// The peers must agree before anything is timed; the first run of each also tells how often to repeat.
async function measure({ name, group }, drivers) {
  const first = {};
  for (const [who, driver] of Object.entries(drivers)) first[who] = await driver.ask(name, 1);
  const ours = first[OURS];
  if (!ours.ok) throw new Error(`${name}: fails`);
  for (const [who, { answer }] of Object.entries(first)) if (answer !== ours.answer) throw new Error(`${name}: ${who} says ${answer}, we ${ours.answer}`);
  const times = Object.fromEntries(Object.keys(drivers).map((who) => [who, []]));
  for (let round = 0; round < ROUNDS; ++round) {
    for (const [who, driver] of Object.entries(drivers)) times[who].push((await driver.ask(name, Math.max(1, Math.ceil(RUN_MS / first[who].ms)))).ms);
  }
  return { name, group, gas: ours.gas, ms: Object.fromEntries(Object.entries(times).map(([who, list]) => [who, median(list)])) };
}

export const geometric_mean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
const mgas_per_s = ({ gas, ms }, who) => gas / ms[who] / 1e3;

const chosen = make_programs().filter(({ name }) => names.length === 0 || names.includes(name));
if (chosen.length === 0) throw new Error(`no such program: ${names.join(" ")}`);
mkdirSync(`${root}build/peers`, { recursive: true });
const programs_file = `${root}build/peers/programs.txt`;
write_programs(chosen, programs_file);

const drivers = {};
for (const [who, { file }] of Object.entries(DRIVERS)) {
  if (existsSync(file)) drivers[who] = start(file, programs_file);
  else console.log(`${who}: not built (${file}); bench/README.md says how`);
}
const peers = Object.keys(drivers).filter((who) => who !== OURS);
const rows = [];
for (const program of chosen) {
  const row = await measure(program, drivers);
  rows.push(row);
  console.log(row.name.padEnd(18), `${row.ms[OURS].toFixed(2)} ms`.padStart(10), `${Math.round(mgas_per_s(row, OURS))} Mgas/s`.padStart(13),
    ...peers.map((who) => `${who} × ${(row.ms[who] / row.ms[OURS]).toFixed(2)}`.padStart(14)));
}
for (const driver of Object.values(drivers)) driver.end();

const summary = {
  mgas_per_s: Object.fromEntries(Object.keys(drivers).map((who) => [who, Math.round(geometric_mean(rows.map((row) => mgas_per_s(row, who))))])),
  times_faster_than: Object.fromEntries(peers.map((who) => [who, Number(geometric_mean(rows.map(({ ms }) => ms[who] / ms[OURS])).toFixed(3))])),
};
console.log("geometric mean:", JSON.stringify(summary));
if (names.length === 0 && !quick) {
  const versions = Object.fromEntries(peers.map((who) => [who, DRIVERS[who].version]));
  const compiler = execFileSync("g++", ["--version"], { encoding: "utf8" }).split("\n")[0];
  const about = { measured_at: new Date().toISOString(), commit: commit(root), machine: describe_machine(), compiler, peers: versions, rounds: ROUNDS };
  for (const row of rows) for (const who of Object.keys(row.ms)) row.ms[who] = Number(row.ms[who].toPrecision(4));
  writeFileSync(RESULTS, `${JSON.stringify({ about, summary, programs: rows }, undefined, 1)}\n`);
  console.log("written: bench/results/evm.json; the README's table: node bench/evm/table.mjs --write README.md");
}

// ./dev bench state [--accounts N] [--slots M]: makes a state on disk, measures reads of it flat and down the trie and root updates, then imports the
// same blocks here and in geth over a smaller state. Writes bench/results/state.json.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commit, describe_machine, load_average, median } from "../rollup/machine.mjs";
import { find_geth } from "../rollup/nodes.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const RESULTS = fileURLToPath(new URL("../results/state.json", import.meta.url));
const driver = process.env.ENTRESOL_STATE_DRIVER ?? `${root}build/release/bench/state/entresol_state_driver`;
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 1_000) throw new Error(`--${name} takes a number from 1000 on`);
  return value;
};
const accounts = option("accounts", 1_000_000), slots = option("slots", 5_000_000);
const READS = 5_000, UPDATES = 21, IMPORTS = 3;
// geth reads its genesis as JSON, all of it in memory: this much of a state and no more.
const CHAIN = { accounts: 100_000, slots: 500_000, blocks: 50, transactions_a_block: 1_000 };
const folder = `${root}build/bench_state`, chain = `${folder}/chain`;

const ask = (...words) => JSON.parse(execFileSync(driver, words.map(String), { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 20 }));
const say = (...words) => console.log(...words);

// CPU time of a child, from what the shell tells of it.
function timed(file, words) {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", 'TIMEFORMAT="%R %U %S"; time "$@"', "bash", file, ...words], { encoding: "utf8", maxBuffer: 1 << 24 });
  if (status !== 0) throw new Error(`${file} ${words[0]}: ${stderr.slice(-500)}`);
  const [wall, user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { wall, cpu: user + system, log: stdout + stderr };
}

const GO_UNITS = { ms: 1e-3, s: 1, m: 60 };
const seconds_of = (text) => [...text.matchAll(/([\d.]+)(ms|m|s)/g)].reduce((sum, [, value, unit]) => sum + Number(value) * GO_UNITS[unit], 0);

// geth's own clock around the import; CPU is that of the whole process less one that imports nothing new.
function import_into_geth(geth) {
  const data = ["--datadir", `${chain}/geth`, "--state.scheme", "path"];
  rmSync(`${chain}/geth`, { recursive: true, force: true });
  const init = timed(geth, ["init", ...data, `${chain}/genesis.json`]);
  const first = timed(geth, ["import", ...data, "--nocompaction", `${chain}/blocks.rlp`]);
  const again = timed(geth, ["import", ...data, "--nocompaction", `${chain}/blocks.rlp`]);
  const done = /Import done in ([\dms.]+)/.exec(first.log)?.[1] ?? "";
  if (done === "") throw new Error(`geth did not say that the import was done: ${first.log.slice(-500)}`);
  const line = [...first.log.matchAll(/Imported new chain segment.*number=(\d+) hash=(\w+)\.\.(\w+)/g)].at(-1); // long imports tell several times
  return { genesis_seconds: init.wall, import_seconds: seconds_of(done), import_cpu_seconds: first.cpu - again.cpu, head: line ? `${line[2]}..${line[3]}` : "" };
}

function compare_imports() {
  say(`blocks over ${CHAIN.accounts.toLocaleString("en")} accounts and ${CHAIN.slots.toLocaleString("en")} slots`);
  const made = ask("chain", chain, CHAIN.accounts, CHAIN.slots, CHAIN.blocks, CHAIN.transactions_a_block);
  const geth = find_geth();
  const runs = { entresol: [], ...(geth ? { geth: [] } : {}) };
  for (let i = 0; i < IMPORTS; ++i) {
    runs.entresol.push(ask("import", chain));
    if (geth) runs.geth.push(import_into_geth(geth));
    for (const [who, list] of Object.entries(runs)) say(`import · ${who}:`, JSON.stringify(list.at(-1)));
  }
  for (const { head } of runs.geth ?? []) {
    const [begin, end] = head.split("..");
    if (!begin || !made.head.slice(2).startsWith(begin) || !made.head.endsWith(end)) throw new Error(`geth's head is ${head}, ours ${made.head}`);
  }
  const medians = (list) => Object.fromEntries(["genesis_seconds", "import_seconds", "import_cpu_seconds"].map((key) => [key, median(list.map((run) => run[key]))]));
  return { ...CHAIN, ...made, runs, ...Object.fromEntries(Object.entries(runs).map(([who, list]) => [who, medians(list)])) };
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
try {
  const load_before = load_average();
  say(`a state of ${accounts.toLocaleString("en")} accounts and ${slots.toLocaleString("en")} slots in ${folder}`);
  const build = ask("build", `${folder}/state`, accounts, slots);
  say(`made in ${Math.round(build.seconds)} s: ${(build.disk_bytes / 1e9).toFixed(1)} GB`);
  const measured = ask("measure", `${folder}/state`, accounts, slots, READS, UPDATES);
  rmSync(`${folder}/state`, { recursive: true, force: true });
  const imports = compare_imports();
  const geth = find_geth();
  const about = {
    measured_at: new Date().toISOString(), commit: commit(root), machine: describe_machine(), load_average: { before: load_before, after: load_average() },
    peers: geth ? { geth: /Version: ([\d.]+)/.exec(execFileSync(geth, ["version"], { encoding: "utf8" }))[1] } : {},
  };
  writeFileSync(RESULTS, `${JSON.stringify({ about, accounts, slots, reads: READS, blocks: UPDATES, build, measured, imports }, null, 1)}\n`);
  say(`written: ${RESULTS}; the README's table: node bench/state/table.mjs --write README.md`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

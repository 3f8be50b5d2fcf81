// ./dev bench machine [NAME…] [--quick]: programs on the proof machine, step by step and fast, and on qemu-riscv64, in turn on one core. The median of CPU
// time counts; qemu's includes its start and its translation. All must end with the same status.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commit, describe_machine, median } from "../rollup/machine.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = fileURLToPath(new URL("programs/", import.meta.url));
const RESULTS = fileURLToPath(new URL("../results/machine.json", import.meta.url));
const DRIVER = `${root}build/release/bench/machine/entresol_machine_driver`;
const COMPILER = "riscv64-linux-gnu-gcc-12";
const FLAGS = "-O2 -march=rv64im -mabi=lp64 -mcmodel=medany -ffreestanding -fno-pic -fno-stack-protector -nostdlib -static -Wl,--no-relax -Wl,--build-id=none -Wl,-Ttext=0x10000".split(" ");
const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 1 : 5, CORE = process.env.BENCH_CORE ?? "1";

function run_ours(how, elf) {
  const [steps, status, ns] = execFileSync("taskset", ["-c", CORE, DRIVER, how, elf], { encoding: "utf8" }).trim().split(" ").map(Number);
  return { steps, status, ms: ns / 1e6 };
}
// The shell's own `times` tells the CPU time of its child in milliseconds.
function run_qemu(elf) {
  const { stdout } = spawnSync("taskset", ["-c", CORE, "bash", "-c", `TIMEFORMAT='%3U %3S'; { time qemu-riscv64 ${elf}; echo $?; } 2>&1`], { encoding: "utf8" });
  const [user, system, status] = stdout.trim().split(/\s+/).map(Number);
  return { status, ms: (user + system) * 1e3 };
}

const out = `${root}build/bench/machine`;
mkdirSync(out, { recursive: true });
const programs = readdirSync(sources).filter((file) => file.endsWith(".c")).map((file) => file.slice(0, -2)).filter((name) => names.length === 0 || names.includes(name));
if (programs.length === 0) throw new Error(`no such program: ${names.join(" ")}`);
const rows = programs.map((name) => {
  const elf = `${out}/${name}.elf`;
  spawnSync(COMPILER, [...FLAGS, `${sources}${name}.c`, "-o", elf], { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  const times = { plain: [], fast: [], qemu: [] }, seen = new Set();
  let steps = 0;
  for (let round = 0; round < ROUNDS; ++round) {
    for (const [who, run] of [["plain", () => run_ours("plain", elf)], ["fast", () => run_ours("fast", elf)], ["qemu", () => run_qemu(elf)]]) {
      const ran = run();
      seen.add(`${ran.status} after ${(steps = ran.steps ?? steps)}`);
      times[who].push(ran.ms);
    }
  }
  if (seen.size !== 1) throw new Error(`${name}: they differ: ${[...seen]}`);
  const ms = Object.fromEntries(Object.entries(times).map(([who, list]) => [who, Number(median(list).toPrecision(4))]));
  console.log(name.padEnd(10), `${steps} steps`, ...Object.entries(ms).map(([who, value]) => `${who} ${Math.round(steps / value / 1e3)} M/s`.padStart(16)));
  return { name, steps, ms };
});
if (names.length === 0 && !quick) {
  const qemu = execFileSync("qemu-riscv64", ["--version"], { encoding: "utf8" }).split("\n")[0].replace(/ \(.*/, "");
  const about = { measured_at: new Date().toISOString(), commit: commit(root), machine: describe_machine(), qemu, rounds: ROUNDS };
  writeFileSync(RESULTS, `${JSON.stringify({ about, programs: rows }, undefined, 1)}\n`);
  console.log("written: bench/results/machine.json; the README's table: node bench/machine/table.mjs --write README.md");
}

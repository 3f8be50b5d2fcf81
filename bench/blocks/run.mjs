// ./dev bench blocks [--quick]: whole blocks, one thread beside all (build/release/bench/blocks/entresol_blocks_driver). Serial and parallel run in turn, so
// that a pair meets the same noise; the ratio is the median of the pairs' ratios. Gas and the number of changed accounts must be equal.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { make_programs } from "../evm/programs.mjs";
import { commit, describe_machine, load_average } from "../rollup/machine.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 5 : 41;

const token = make_programs().find(({ name }) => name === "erc20_calls").accounts[1].code;
const before = load_average();
const out = execFileSync(`${root}build/release/bench/blocks/entresol_blocks_driver`, [token, String(ROUNDS)], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const loads = out.trim().split("\n").map((line) => JSON.parse(line));
for (const { load, signatures, serial_wall_ms, parallel_wall_ms, times_faster, serial_cpu_ms, parallel_cpu_ms } of loads) {
  console.log(`${load.padEnd(10)} ${signatures ? "signatures" : "          "} serial ${serial_wall_ms.toFixed(1)} ms, parallel ${parallel_wall_ms.toFixed(1)} ms: × ${times_faster.toFixed(2)}; CPU ${serial_cpu_ms.toFixed(1)} and ${parallel_cpu_ms.toFixed(1)} ms`);
}
if (!quick) {
  const about = { measured_at: new Date().toISOString(), commit: commit(root), machine: describe_machine(), rounds: ROUNDS, load_before: before };
  writeFileSync(new URL("../results/blocks.json", import.meta.url), `${JSON.stringify({ about, loads }, null, 1)}\n`);
  console.log("written: bench/results/blocks.json; the README's table: node bench/blocks/table.mjs --write README.md");
}

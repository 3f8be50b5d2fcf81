// ./dev bench step: what one step of the proof machine costs on L1, for each instruction and call, from the contract on our own EVM.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commit } from "../rollup/machine.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const RESULTS = fileURLToPath(new URL("../results/step.json", import.meta.url));
const lines = execFileSync(`${root}build/release/tests/riscv_step/entresol_step_gas`, { encoding: "utf8", maxBuffer: 1 << 24 }).trim().split("\n");
const rows = lines.map((line) => JSON.parse(line));
for (const { kind, name, proof_bytes, gas, limit } of rows)
  console.log(kind.padEnd(9), name.padEnd(60), `${proof_bytes} bytes`.padStart(14), `${gas} gas`.padStart(14), `limit ${limit}`.padStart(16));
writeFileSync(RESULTS, `${JSON.stringify({ about: { measured_at: new Date().toISOString(), commit: commit(root) }, rows }, undefined, 1)}\n`);
console.log("written: bench/results/step.json; the README's table: node bench/step/table.mjs --write README.md");

// Puts what a run of the faults printed among the committed results: ./dev crash --json | node bench/faults/record.mjs crash, ./dev sim --json | node bench/faults/record.mjs sim.
import { readFileSync, writeFileSync } from "node:fs";
import { commit, describe_machine, load_average } from "../rollup/machine.mjs";

const [name] = process.argv.slice(2);
if (!["crash", "sim"].includes(name)) throw new Error("which run: crash or sim");
const run = JSON.parse(readFileSync(0, "utf8"));
const root = new URL("../..", import.meta.url).pathname;
const about = { measured_at: new Date().toISOString(), commit: commit(root), machine: describe_machine(), load_average: Number(load_average().toFixed(1)) };
writeFileSync(new URL(`../results/${name}.json`, import.meta.url), `${JSON.stringify({ about, ...run }, null, 2)}\n`);

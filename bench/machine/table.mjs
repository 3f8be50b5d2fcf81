// The README's table of the proof machine, made from bench/results/machine.json: prints it; --write FILE puts it between the markers; --check FILE fails when
// the file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const { about, programs } = JSON.parse(readFileSync(new URL("../results/machine.json", import.meta.url), "utf8"));
const WHO = ["plain", "fast", "qemu"];

const mean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
const rates = (rows) => WHO.map((who) => Math.round(mean(rows.map(({ steps, ms }) => steps / ms[who] / 1e3))).toLocaleString("en"));

function make_table() {
  const lines = [["million instructions a second", "step by step", "Entresol", "qemu (native code)"], ["---", "---", "---", "---"],
    ...programs.map((row) => [`${row.name} (${Math.round(row.steps / 1e6)} million)`, ...rates([row])]), ["**geometric mean**", ...rates(programs)]];
  return [...lines.map((cells) => `| ${cells.join(" | ")} |`), "", `Measured ${about.measured_at.slice(0, 10)} at commit ${about.commit} by \`./dev bench machine\` on one core of ${about.machine.cpu}, ` +
    `beside ${about.qemu}, whose figures include its start: median CPU time of ${about.rounds} runs in turn. Nothing is recorded in these runs; with memory roots the hashing counts.`].join("\n");
}

serve_table("bench/machine/table.mjs", make_table());

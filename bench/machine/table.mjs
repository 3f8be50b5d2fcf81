// The README's table of the proof machine, made from bench/results/machine.json: prints it; --write FILE puts it between the markers; --check FILE fails when
// the file holds another one.
import { readFileSync, writeFileSync } from "node:fs";

const { about, programs } = JSON.parse(readFileSync(new URL("../results/machine.json", import.meta.url), "utf8"));
const BEGIN = "<!-- bench/machine/table.mjs: begin -->", END = "<!-- bench/machine/table.mjs: end -->";
const WHO = ["plain", "fast", "qemu"];

const mean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
const rates = (rows) => WHO.map((who) => Math.round(mean(rows.map(({ steps, ms }) => steps / ms[who] / 1e3))).toLocaleString("en"));

function make_table() {
  const lines = [["million instructions a second", "step by step", "Entresol", "qemu (native code)"], ["---", "---", "---", "---"],
    ...programs.map((row) => [`${row.name} (${Math.round(row.steps / 1e6)} million)`, ...rates([row])]), ["**geometric mean**", ...rates(programs)]];
  return [...lines.map((cells) => `| ${cells.join(" | ")} |`), "", `Measured ${about.measured_at.slice(0, 10)} at commit ${about.commit} by \`./dev bench machine\` on one core of ${about.machine.cpu}, ` +
    `beside ${about.qemu}, whose figures include its start: median CPU time of ${about.rounds} runs in turn. Nothing is recorded in these runs; with memory roots the hashing counts.`].join("\n");
}

const [option, file] = process.argv.slice(2);
const table = make_table();
if (option === undefined) console.log(table);
else {
  const text = readFileSync(file, "utf8");
  const begin = text.indexOf(BEGIN), end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${file} has no markers ${BEGIN} … ${END}`);
  const wanted = `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`;
  if (option === "--write") writeFileSync(file, wanted);
  else if (wanted !== text) {
    console.error(`${file} does not hold the table of bench/results/machine.json: node bench/machine/table.mjs --write ${file}`);
    process.exit(1);
  }
}

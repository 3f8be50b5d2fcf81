// The README's table of the interpreter, made from bench/results/evm.json: prints it; --write FILE puts it between the markers; --check FILE fails when
// the file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const { about, summary, programs } = JSON.parse(readFileSync(new URL("../results/evm.json", import.meta.url), "utf8"));
const peers = Object.keys(about.peers);

const mean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
const rate = (rows, who) => Math.round(mean(rows.map(({ gas, ms }) => gas / ms[who] / 1e3))).toLocaleString("en");
const faster = (rows, who) => mean(rows.map(({ ms }) => ms[who] / ms.entresol)).toFixed(2);
const row_of = (title, rows) => [title, rate(rows, "entresol"), ...peers.map((who) => `${rate(rows, who)} (× ${faster(rows, who)})`)];

function make_table() {
  const groups = [...new Set(programs.map(({ group }) => group))];
  const shown = groups.map((group) => {
    const rows = programs.filter((row) => row.group === group);
    return row_of(group === "contracts" ? `contracts: ${rows.map(({ name }) => name.replaceAll("_", " ")).join(", ")}` : `${group} (${rows.length})`, rows);
  });
  const head = [["Mgas/s, geometric mean (ours is × faster)", "Entresol", ...peers.map((who) => `${who} ${about.peers[who]}`)], ["---", "---", ...peers.map(() => "---")]];
  const lines = [...head, ...shown, row_of(`**all ${programs.length} programs**`, programs)].map((cells) => `| ${cells.join(" | ")} |`);
  const ratios = peers.map((who) => `${summary.times_faster_than[who].toFixed(2)} times as fast as ${who}`).join(", ");
  return [...lines, "", `Measured ${about.measured_at.slice(0, 10)} at commit ${about.commit} by \`./dev bench evm\` on one core of ${about.machine.cpu}, ours built by ${about.compiler}: ${ratios}. ` +
    `Median CPU time of ${about.rounds} runs in turn; gas and output of all are equal in every program.`].join("\n");
}

serve_table("bench/evm/table.mjs", make_table());

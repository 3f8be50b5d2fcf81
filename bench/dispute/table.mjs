// The README's table of disputes about real blocks, made from bench/results/dispute.json: prints it; --write FILE puts it between the markers; --check FILE fails
// when the file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const { about, rows } = JSON.parse(readFileSync(new URL("../results/dispute.json", import.meta.url), "utf8"));
const number = (value) => Math.round(value).toLocaleString("en");
const millions = (value) => `${(value / 1e6).toFixed(1)} M`;

function make_table() {
  const lines = [["OP Sepolia block", "transactions", "steps", "steps a transaction", "moves of both sides", "gas of all moves", "challenger's CPU time to the step", "its peak memory"], Array(8).fill("---"),
    ...rows.map((row) => [number(row.block), row.transactions, millions(row.steps), millions(row.steps / row.transactions), row.moves, number(row.gas), `${row.cpu_s.toFixed(1)} s`, `${row.peak_mib} MiB`])];
  return [...lines.map((cells) => `| ${cells.join(" | ")} |`), "", `Measured ${about.measured_at.slice(0, 10)} at commit ${about.commit} by \`./dev bench dispute\` on ${about.cores} cores of ${about.cpu.replace(/\(.*?\)|CPU|Processor|[0-9]+-Core/g, "").replace(/ +/g, " ").trim()}: a wrong hash of each block is claimed and defended by a liar ` +
    "on all eight levels, and falls by one executed step; gas from the first list to the last bond. A program for one given block, without derivation."].join("\n");
}

serve_table("bench/dispute/table.mjs", make_table());

// The README's table of whole blocks, made from bench/results/blocks.json: prints it; --write FILE puts it between the markers; --check FILE fails when the
// file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const { about, loads } = JSON.parse(readFileSync(new URL("../results/blocks.json", import.meta.url), "utf8"));
const ms = (value) => `${Number(value.toPrecision(3))} ms`;
const mgas = ({ gas }, wall_ms) => Math.round(gas / wall_ms / 1e3).toLocaleString("en");
const find = (name, signatures) => loads.find((row) => row.load === name && row.signatures === signatures);
const cell = (row) => `${ms(row.serial_wall_ms)} → ${ms(row.parallel_wall_ms)} (× ${row.times_faster.toFixed(2)}), ${mgas(row, row.parallel_wall_ms)} Mgas/s`;

const lines = [
  `| a block, one thread → ${loads[0].threads} threads | with signatures | senders known | redone |`, "| --- | --- | --- | --- |",
  ...[...new Set(loads.map(({ load }) => load))].map((name) => {
    const known = find(name, false), runs = known.committed + known.aborted;
    return `| ${known.title} | ${cell(find(name, true))} | ${cell(known)} | ${((known.aborted / runs) * 100).toFixed(1)} % |`;
  }),
  "", `Measured ${about.measured_at.slice(0, 10)} at commit ${about.commit} by \`./dev bench blocks\` on ${about.machine.cores} shared cores of ${about.machine.cpu} (load average ${about.load_before.toFixed(1)}), medians of ${about.rounds} pairs. ` +
    "Execution from transactions to the block's changes over a state in memory; \"redone\" is the share of executions that met a conflict and were thrown away.",
];
serve_table("bench/blocks/table.mjs", lines.join("\n"));

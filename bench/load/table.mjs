// The README's table of the load, made from bench/results/load.json: prints it; --write FILE puts it between the markers; --check FILE fails when the
// file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const results = JSON.parse(readFileSync(new URL("../results/load.json", import.meta.url), "utf8"));
const PEERS = ["anvil", "geth"];
const { about } = results.transfers;

const digits = (value, unit) => (value === undefined || value === null ? "failed" : `${value >= 100 ? Math.round(value).toLocaleString("en") : Number(value.toPrecision(2))}${unit}`);
const titles = PEERS.map((name) => `${name === "geth" ? "geth --dev" : name} ${about.peers[name] ?? ""}`.trim());
const stops = (runs) => {
  const failed = runs.filter(({ failure }) => failure).length;
  return failed ? ` (stopped answering in ${failed} of ${runs.length} runs)` : "";
};
const by_program = (group, show) => ["entresol", ...PEERS].map((name) => (group[name] ? show(group[name].median ?? group[name]) + stops(group[name].runs ?? []) : "not installed"));
const rate = ({ per_second, server_cpu_us_per_tx, server_cpu_us_per_call }) => (per_second === undefined ? "none" : `${digits(per_second, "/s")}, ${digits(server_cpu_us_per_tx ?? server_cpu_us_per_call, " µs CPU")}`);
const delay = ({ p50_ms, p99_ms, rate }) => (p50_ms === undefined ? "none" : `${digits(p50_ms, "")} / ${digits(p99_ms, " ms")} at ${digits(rate, "/s")}`);

function rows() {
  const { transfers, erc20, latency, calls, size, sustained } = results;
  const out = [];
  for (const [name, group] of [["transfers", transfers], ["ERC-20 transfers", erc20]]) {
    if (!group) continue;
    out.push([`${name}, batches of 100 on 8 connections`, ...by_program(group.batched, rate)], [`${name}, single requests on 50 connections`, ...by_program(group.single, rate)]);
  }
  if (sustained) out.push([`transfers, batches, ${Math.round(sustained.entresol.median.sending_s)} s without a pause`, rate(sustained.entresol.median), ...PEERS.map(() => "")]);
  if (latency) out.push(["`eth_sendRawTransactionSync`, p50 / p99, beside half of its own single requests", ...by_program(latency, delay)]);
  for (const [key, group] of Object.entries(calls ?? {})) {
    if (key === "about") continue;
    const [method, how] = key.split(", ");
    out.push([`\`${method}\`, ${how === "single" ? "single requests on 16 connections" : "batches of 100 on 8 connections"}`, ...by_program(group, rate)]);
  }
  if (size) {
    out.push(["memory after 10 s idle, resident", ...by_program(size.idle, ({ rss_mib }) => digits(rss_mib, " MiB"))]);
    out.push(["process start to the first answer", ...by_program(size.start, ({ start_ms }) => digits(start_ms, " ms"))]);
    out.push(["size of the program", ...by_program(size.binary_bytes, (bytes) => digits(bytes / 2 ** 20, " MiB"))]);
  }
  return out;
}

function notes() {
  const { transfers } = results;
  const { machine } = about;
  const loads = Object.values(transfers.batched).flatMap(({ runs }) => runs.map(({ load_average }) => load_average)).filter((load) => load !== undefined);
  const ours = transfers.batched.entresol.median, cpu = (name) => transfers.batched[name]?.median.server_cpu_us_per_tx;
  const ratios = PEERS.filter(cpu).map((name) => `${(cpu(name) / ours.server_cpu_us_per_tx).toFixed(1)} times as many transfers for a second of CPU as ${name}`).join(", ");
  const commits = [...new Set(Object.values(results).map((part) => part.about.commit))].join(", ");
  return [
    `Measured ${about.measured_at.slice(0, 10)} at ${commits} by \`./dev bench load\` on ${machine.cores} cores of ${machine.cpu} that other work shared (load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} before a run), generator included; ` +
      `medians of ${transfers.batched.entresol.runs.length} run(s) in turn of ${transfers.transactions.toLocaleString("en")} transactions, counted by their receipts in sealed blocks, one block a second for all. At most 40,000 transactions (anvil: 8,000) wait for a block.`,
    `Batched: ${ratios}. A sender recovered on its own takes ${transfers.recovery_us.toFixed(0)} µs, which batches do for eight at a time; the generator took ${ours.generator_cpu_us_per_tx.toFixed(1)} µs more. ` +
      `Ours stores on disk (\`--datadir\`) with the L1, batcher and proposer in the same process, geth stores on disk, anvil keeps all in memory.`,
  ];
}

const make_table = () =>
  [["", "Entresol", ...titles], ["---", "---", ...PEERS.map(() => "---")], ...rows()].map((cells) => `| ${cells.join(" | ")} |`).concat("", ...notes()).join("\n");

serve_table("bench/load/table.mjs", make_table());

// The README's table, made from bench/results/rollup.json: `node bench/table.mjs` prints it, `--write FILE` puts it between the markers,
// `--check FILE` fails when the file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "./readme_table.mjs";

const results = JSON.parse(readFileSync(new URL("results/rollup.json", import.meta.url), "utf8"));
const PEERS = ["anvil", "geth"];

const digits = (value, unit) => (value === undefined || value === null ? "failed" : `${value >= 100 ? Math.round(value).toLocaleString("en") : Number(value.toPrecision(2))}${unit}`);
const peer_titles = () => PEERS.map((name) => `${name === "geth" ? "geth --dev" : name} ${Object.values(results).find(({ about }) => about.peers[name])?.about.peers[name] ?? ""}`.trim());
const stalled = ({ runs }) => {
  const failed = runs.filter(({ failure }) => failure).length;
  return failed === 0 ? "" : ` (stopped answering in ${failed} of ${runs.length} runs)`;
};
const by_peer = (group, show) => PEERS.map((name) => (group[name] ? show(group[name].median) + stalled(group[name]) : "not installed"));
const only_ours = PEERS.map(() => "has none");
const percentiles = ({ p50_ms, p99_ms }) => `${digits(p50_ms, "")} / ${digits(p99_ms, " ms")}`;
const rate = ({ per_second, server_cpu_us_per_tx }) => per_second === undefined ? "none" : `${digits(per_second, "/s")}, ${digits(server_cpu_us_per_tx, " µs CPU")}`;
const memory = ({ rss_mib, pss_mib }) => `${digits(rss_mib, "")} (${digits(pss_mib, "")}) MiB`;
const quantile = (values, fraction) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * fraction))];

function latency_rows({ latency }) {
  if (!latency) return [];
  const row = (what, { entresol, ...others }) => [[`${what}, p50 / p99`, percentiles(entresol.median), ...by_peer(others, percentiles)]];
  return [
    ...row("soft confirmation (`eth_sendRawTransactionSync`), idle", latency.idle),
    ...row(`the same beside ${latency.loaded.entresol.median.background_per_second} other transactions a second`, latency.loaded),
    ["sealed: until `eth_getTransactionReceipt` names its block", percentiles(latency.idle["entresol, sealed"].median), ...PEERS.map(() => "at once, as above")],
  ];
}

function throughput_rows(name, group) {
  if (!group) return [];
  return ["unbatched", "batched"].flatMap((mode) => [
    [`${name}, ${mode === "batched" ? "batches of 100 on 8 connections" : "single requests on 50 connections"}, DA calldata`, rate(group[mode]["entresol, calldata"].median), ...by_peer(group[mode], rate)],
    [`the same, DA blobs`, rate(group[mode]["entresol, blobs"].median), ...PEERS.map(() => "")],
  ]);
}

function settlement_note({ transfers }) {
  if (!transfers) return "";
  return ["calldata", "blobs"].map((da) => {
    const { runs } = transfers.batched[`entresol, ${da}`];
    const run = runs.find(({ data_on_l1_after_s }) => data_on_l1_after_s) ?? runs.at(-1);
    const lag = `${da}: the safe head was ${run.safe_lag_blocks_at_end} blocks behind when the last transfer was sealed`;
    if (!run.all_data_on_l1) return `${lag}, and not all data was on L1 when the run ended`;
    return `${lag}, and had all ${run.transactions.toLocaleString("en")} transfers (${(run.posted_bytes / 1e6).toFixed(1)} MB) ${Math.round(run.data_on_l1_after_s)} s later`;
  }).join("; ");
}

function rows(r) {
  return [
    ...(r.start ? [["process start to the first answer (ours: L1, L2, bridge and both RPC servers)", digits(r.start.entresol.median.start_ms, " ms"), ...by_peer(r.start, ({ start_ms }) => digits(start_ms, " ms"))]] : []),
    ...(r.idle ? [
      ["memory after 10 s idle, resident (proportional share)", memory(r.idle.entresol.median), ...by_peer(r.idle, memory)],
      ["CPU while idle, blocks each second", digits(r.idle.entresol.median.cpu_percent, " %"), ...by_peer(r.idle, ({ cpu_percent }) => digits(cpu_percent, " %"))],
    ] : []),
    ...latency_rows(r),
    ...throughput_rows("transfers", r.transfers),
    ...throughput_rows("ERC-20 transfers", r.erc20),
    ...(r.deposits ? [["deposit, L1 transaction sent to L2 balance, median / worst (L1 blocks each 2 s)", ((d) => `${digits(quantile(d.on_l2_ms, 0.5) / 1000, "")} / ${digits(Math.max(...d.on_l2_ms) / 1000, " s")}`)(r.deposits.entresol.runs.at(-1)), ...only_ours]] : []),
    ...(r.replica ? [["a replica derives the chain from L1 (DA blobs)", ((d) => `${digits(d.transactions_per_second, " tx/s")}, ${digits(d.mgas_per_second, " Mgas/s")}, ${digits(d.cpu_us_per_tx, " µs CPU a tx")}`)(r.replica.entresol.median), ...only_ours]] : []),
  ];
}

// The throughput's commit, and which parts were measured at another.
function commits(all) {
  const main = (all.transfers ?? Object.values(all)[0]).about.commit;
  const others = Object.entries(all).filter(([, { about }]) => about.commit !== main);
  return others.length === 0 ? main : `${main} (${others.map(([part, { about }]) => `${part} at ${about.commit}`).join(", ")})`;
}

function make_table() {
  const { about } = results.transfers ?? Object.values(results)[0];
  const { machine } = about;
  const lines = [["", "Entresol", ...peer_titles()], ["---", "---", ...PEERS.map(() => "---")], ...rows(results)].map((cells) => `| ${cells.join(" | ")} |`);
  const transfers = results.transfers;
  const loads = transfers ? Object.values(transfers.batched).flatMap(({ runs }) => runs.map(({ load_average }) => load_average)).filter((load) => load !== undefined) : [];
  const notes = [
    `Measured ${about.measured_at.slice(0, 10)} at commit ${commits(results)} by \`./dev bench rollup\` on ${machine.cores} cores of ${machine.cpu}, ${machine.memory_gib} GiB, ${machine.system}, shared with other work` +
      (loads.length ? ` (load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} before a throughput run)` : "") + `; the load generator ran on the same cores. Every figure is a median of runs in turn.`,
    transfers ? `Throughput counts transactions whose receipt says success, from the first byte sent to the last block sealed: ${transfers.transactions.toLocaleString("en")} signed ahead, ${transfers.senders} senders, blocks each second for all three; CPU is the server's, ours with the L1, batcher and proposer in the same process.` : "",
    settlement_note(results) ? `Data availability of the transfers: ${settlement_note(results)}.` : "",
    results.latency ? "In the latency rows anvil and geth mine each transaction into a block of its own, their quickest mode; ours is the ordinary one: a signed mini-block at once, a sealed block each second." : "",
  ];
  return [...lines, "", ...notes.filter(Boolean)].join("\n");
}

serve_table("bench/table.mjs", make_table());

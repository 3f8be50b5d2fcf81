// The README's table of the state, made from bench/results/state.json: prints it; --write FILE puts it between the markers; --check FILE fails when the
// file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const { about, accounts, slots, blocks, build, measured, imports } = JSON.parse(readFileSync(new URL("../results/state.json", import.meta.url), "utf8"));

const number = (value) => value.toLocaleString("en");
const digits = (value) => (value >= 100 ? number(Math.round(value)) : String(Number(value.toPrecision(2))));
const times = (flat, trie) => `× ${digits(trie / flat)}`;
const read_row = (what, kind, key) => [what, `${digits(measured[`flat_${kind}`][key])} µs`, `${digits(measured[`trie_${kind}`][key])} µs`, times(measured[`flat_${kind}`][key], measured[`trie_${kind}`][key])];
const update = (changes) => {
  const plain = measured[`update_${changes}`], ahead = measured[`update_${changes}_read_ahead`];
  return `| root after ${number(changes)} changes, nodes from disk | ${digits(plain.root_ms)} ms, ${digits(plain.root_cpu_ms)} ms CPU | ${digits(ahead.root_ms)} ms, ${digits(ahead.root_cpu_ms)} ms CPU, read ahead by threads | ${digits(plain.root_nodes_cached_cpu_ms)} ms CPU with nodes in memory; ${digits(plain.write_ms)} ms to write ${number(plain.nodes)} nodes and the leaves |`;
};

function import_line() {
  const { entresol, geth } = imports;
  const per_tx = (run) => `${digits((run.import_cpu_seconds / imports.transactions) * 1e6)} µs CPU a transaction (${digits(run.import_seconds)} s of wall time)`;
  const head = `Import of ${imports.blocks} blocks of ${number(imports.transactions_a_block)} transactions (half transfers, half writes of a slot) over ${number(imports.accounts)} accounts and ${number(imports.slots)} slots: ours ${per_tx(entresol)} on one thread`;
  if (!geth) return `${head}; geth not installed.`;
  return `${head}, geth ${about.peers.geth} ${per_tx(geth)} on all cores, to the same head. Geth reads its genesis as JSON in memory, so this state is smaller; it holds new nodes back in memory, we write each block.`;
}

function make_table() {
  const lines = [
    `| ${number(accounts)} accounts, ${number(slots)} slots | flat | trie | |`, "| --- | --- | --- | --- |",
    ...[read_row("an account, cold (p50)", "account", "cold_p50_us"), read_row("an account, warm", "account", "warm_p50_us"),
      read_row("an account and its slot, cold", "slot", "cold_p50_us"), read_row("an account and its slot, warm", "slot", "warm_p50_us")].map((cells) => `| ${cells.join(" | ")} |`),
    `| on disk, an account | ${digits(build.flat_bytes_per_account)} bytes | ${digits(build.trie_bytes_per_account)} bytes | |`,
    `| on disk, a slot | ${digits(build.flat_bytes_per_slot)} bytes | ${digits(build.trie_bytes_per_slot)} bytes | ${(build.disk_bytes / 1e9).toFixed(1)} GB in all, made in ${Math.round(build.seconds)} s with ${number(build.peak_memory_mib)} MiB |`,
    "", `| medians of ${blocks} blocks | | | |`, "| --- | --- | --- | --- |", update(200), update(2_000),
  ];
  return [...lines, "", import_line(), "", `Measured ${about.measured_at.slice(0, 10)} at commit ${about.commit} by \`./dev bench state --accounts ${accounts} --slots ${slots}\` on ${about.machine.cores} shared cores of ${about.machine.cpu} ` +
    `(load ${about.load_average.before.toFixed(1)} to ${about.load_average.after.toFixed(1)}). Where others used the cores too, wall times tell of them as well; CPU times tell of the program. Cold: the files are not in the page cache, the process is new.`].join("\n");
}

serve_table("bench/state/table.mjs", make_table());

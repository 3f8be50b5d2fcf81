// ./dev bench compression: our channel codec beside zlib-9, brotli-11 and zstd-22 on real batches, all in one process on one core, in one run.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commit, describe_machine, load_average } from "../rollup/machine.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const RESULTS = fileURLToPath(new URL("../results/compression.json", import.meta.url));
const data = process.env.ENTRESOL_SHARED_DATA ?? `${root}../shared/data`;
const program = process.env.ENTRESOL_BINARY ?? `${root}build/release/entresol`;
const quick = process.argv.includes("--quick");
const RUNS = quick ? 1 : 7;
const CORE = process.env.BENCH_CORE ?? "1";

const OP_CHANNEL = "op-mainnet/channel-zlib-span-143-blocks.hex";
const WORKLOADS = [
  { name: "OP Mainnet", file: OP_CHANNEL, flags: [] },
  { name: "OP Mainnet without signatures", file: OP_CHANNEL, flags: ["--without-signatures"] },
  { name: "Linea, blob 1 (no signatures, no senders)", file: "linea/1-1865800.bin", flags: [] },
  { name: "Linea, blob 2 (no signatures, no senders)", file: "linea/2-1865938.bin", flags: [] },
];

const round = (value) => Number(value.toPrecision(4));
const load_before = load_average();
const workloads = [];
for (const { name, file, flags } of WORKLOADS) {
  if (!existsSync(`${data}/${file}`)) {
    console.log(`${name}: ${file} is not there; ENTRESOL_SHARED_DATA says where shared data lies`);
    continue;
  }
  const out = execFileSync("taskset", ["-c", CORE, program, "codec", "measure", `${data}/${file}`, "--json", "--runs", String(RUNS), ...flags], { encoding: "utf8" });
  const report = JSON.parse(out);
  for (const row of report.measurements) {
    if (!row.exact) throw new Error(`${name}: ${row.codec} is not exact`);
    for (const key of Object.keys(row)) if (typeof row[key] === "number" && key !== "bytes") row[key] = round(row[key]);
  }
  workloads.push({ name, file, ...report });
  for (const row of report.measurements.filter(({ codec }) => codec.startsWith("entresol")))
    console.log(`${name}, ${row.cadence}, ${row.codec}: ${row.bytes_per_transaction} bytes/tx, decode ${row.decode_mb_per_s} MB/s`);
}
if (workloads.length === WORKLOADS.length && !quick) {
  const about = { measured_at: new Date().toISOString(), commit: commit(root), machine: describe_machine(), load_before: round(load_before), runs: RUNS };
  writeFileSync(RESULTS, `${JSON.stringify({ about, workloads }, undefined, 1)}\n`);
  console.log("written: bench/results/compression.json; the README's table: node bench/compression/table.mjs --write README.md");
}

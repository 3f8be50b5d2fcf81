// The README's table of batch sizes, made from bench/results/compression.json: prints it; --write FILE puts it between the markers; --check FILE fails
// when the file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const { about, workloads } = JSON.parse(readFileSync(new URL("../results/compression.json", import.meta.url), "utf8"));
const CODECS = ["entresol", "entresol, no window", "zlib-9", "brotli-11", "zstd-22"];

const find = (workload, cadence, codec) => workload.measurements.find((row) => row.cadence === cadence && row.codec === codec);
function row_of(workload, cadence) {
  const cells = CODECS.map((codec) => find(workload, cadence, codec)?.bytes_per_transaction.toFixed(1) ?? "");
  return [`${workload.name}, ${cadence}`, ...cells];
}
function speed_row(title, workload, key) {
  return [title, ...CODECS.map((codec) => (find(workload, "one shot", codec) ? Math.round(find(workload, "one shot", codec)[key]).toLocaleString("en") : ""))];
}

function make_table() {
  const head = [["bytes per transaction", ...CODECS], ["---", ...CODECS.map(() => "---")]];
  const sizes = workloads.flatMap((workload) => ["one shot", "12 s", "single blocks"].map((cadence) => row_of(workload, cadence)));
  const [op] = workloads;
  const speeds = [speed_row("encode, MB/s (OP Mainnet, one shot)", op, "encode_mb_per_s"), speed_row("decode, MB/s", op, "decode_mb_per_s"),
    speed_row("decode, transactions/s", op, "decode_transactions_per_s")];
  const lines = [...head, ...sizes, ...speeds].map((cells) => `| ${cells.join(" | ")} |`);
  const posted = (op.channel_bytes / op.transactions).toFixed(1);
  return [...lines, "", `Measured ${about.measured_at.slice(0, 10)} at commit ${about.commit} by \`./dev bench compression\` on one core of ${about.machine.cpu}, shared with other work ` +
    `(load average ${about.load_before.toFixed(1)}): ${workloads.map((w) => `${w.name}: ${w.transactions.toLocaleString("en")} transactions of ${(w.transaction_bytes / w.transactions).toFixed(0)} bytes in ${w.blocks} blocks`).join("; ")}. ` +
    `The OP channel was posted at ${posted} bytes a transaction (zlib). Our decoder gives transactions, the others the bytes of a span batch; MB are of transactions, time is the best of up to ${about.runs} runs. ` +
    "Nothing was trained on these files, or on any."].join("\n");
}

serve_table("bench/compression/table.mjs", make_table());

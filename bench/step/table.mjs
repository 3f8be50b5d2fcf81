// The README's table of one step's cost on L1, made from bench/results/step.json: prints it; --write FILE puts it between the markers; --check FILE fails when
// the file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const { about, rows } = JSON.parse(readFileSync(new URL("../results/step.json", import.meta.url), "utf8"));
const KINDS = { compute: "computing", multiply: "multiplication, division", jump: "jumps, branches", load: "loads", store: "stores", system: "fences, control registers, traps, ecall" };
// Of the calls, those that show the range: the rest is in the results.
const SHOWN = ["256-bit mulmod", "ecrecover", "keccak256 of 532 bytes (a branch node)", "keccak256 of 65,536 bytes", "keccak-f[1600]", "SHA-256 compression", "modexp, RSA-2048 with e = 65537",
  "modexp, 2048 bits", "bn254 pairing of 128 pairs", "bn254 pairing of 128 pairs, the last point wrong", "KZG point evaluation", "BLS12-381 pairing of 128 pairs", "P-256 verification"];

const number = (value) => Math.round(value).toLocaleString("en");
const range = (list) => (Math.min(...list) === Math.max(...list) ? number(list[0]) : `${number(Math.min(...list))} to ${number(Math.max(...list))}`);
const line = (name, list) => [name, range(list.map((row) => row.proof_bytes)), range(list.map((row) => row.gas)), number(Math.max(...list.map((row) => row.limit)))];

function make_table() {
  const lines = [["one step on L1", "bytes of proof", "gas", "least gas limit"], ["---", "---", "---", "---"],
    ...Object.entries(KINDS).map(([kind, name]) => line(name, rows.filter((row) => row.kind === kind))),
    ...rows.filter((row) => SHOWN.includes(row.name) || row.kind === "preimage").map((row) => line(row.name, [row]))];
  return [...lines.map((cells) => `| ${cells.join(" | ")} |`), "", `Measured ${about.measured_at.slice(0, 10)} at commit ${about.commit} by \`./dev bench step\`: a transaction of its own (21,000, calldata by EIP-7623, execution on ` +
    "our EVM) that checks one step of a program with 16 MiB in use. A precompile that may fail is given half of the gas, hence the higher limit."].join("\n");
}

serve_table("bench/step/table.mjs", make_table());

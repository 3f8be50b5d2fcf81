// Measurements in turn, and where their results are kept.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { median } from "./machine.mjs";
import { is_installed } from "./nodes.mjs";

const round = (value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value);

// The runs of each variant, one of each in turn, so that all see the same noise; then the medians of every number.
export async function in_turn(title, repeats, variants) {
  const runs = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let i = 0; i < repeats; ++i) {
    for (const [name, measure] of Object.entries(variants)) {
      const result = await measure(i === repeats - 1).catch((error) => ({ failure: (error.stderr || error.message).trim().split("\n").at(-1) }));
      runs[name].push(result);
      console.log(`${title} · ${name}:`, JSON.stringify(result, (_key, value) => round(value)));
    }
  }
  return Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, { median: medians(list), runs: list }]));
}

function medians(runs) {
  const good = runs.filter(({ failure }) => !failure);
  const out = {};
  for (const key of Object.keys(good[0] ?? {})) {
    const values = good.map((run) => run[key]).filter((value) => typeof value === "number");
    if (values.length) out[key] = median(values);
  }
  return out;
}

export const for_each = (programs, make) => Object.fromEntries(programs.filter(is_installed).map((name) => [name, make(name)]));

export function load_results(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}
export function write_results(file, results) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, (_key, value) => round(value), 1)}\n`);
}

// The README's table of conformance, made from bench/results/conformance.json: prints it; --write FILE puts it between the markers; --check FILE fails when the
// file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const { about, suites, peers } = JSON.parse(readFileSync(new URL("../results/conformance.json", import.meta.url), "utf8"));
const n = (value) => value.toLocaleString("en");
const seconds = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
const row = (...cells) => `| ${cells.join(" | ")} |`;

const other = (suite) => {
  const { geth, revm } = peers[suite] ?? {};
  const words = [];
  if (geth) words.push(`geth ${geth.version}: ${n(geth.passed)} passed, ${n(geth.failed)} failed, ${seconds(geth.seconds)} in one thread`);
  if (revm) {
    const skipped = revm.transition_cases_skipped ? `, ${n(revm.transition_cases_skipped)} fork transitions skipped` : "";
    words.push(`revm ${revm.version ?? ""}: ${revm.all_passed ? "all passed" : "some failed"}${skipped}, ${seconds(revm.seconds)}`);
  }
  return words.join("; ");
};
const skipped = ({ skipped: count, reasons }) => (count === 0 ? "0" : `${n(count)} (${Object.entries(reasons).map(([reason, times]) => `${times} × ${reason}`).join("; ")})`);

const ORDER = ["Frontier", "Homestead", "EIP150", "EIP158", "Byzantium", "Constantinople", "ConstantinopleFix", "Istanbul", "Berlin", "London", "Paris", "Shanghai", "Cancun", "Prague", "Osaka"];
const place = (fork) => {
  const at = ORDER.indexOf(fork.split("To")[0]);
  return (at < 0 ? ORDER.length : at) + (fork.includes("To") ? 0.5 : 0);
};
const forks = [...new Set(["state-tests", "blockchain-tests"].flatMap((suite) => Object.keys(suites[suite].forks)))].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
const counts = (suite, fork) => {
  const found = suites[suite].forks[fork];
  return found ? `${n(found.passed)}${found.failed ? `, ${n(found.failed)} failed` : ""}` : "";
};

const table = [
  row("suite", "files", "passed", "failed", "skipped", "time on two cores", "others' own runners"), row(..."-------".split("").map(() => "---")),
  ...Object.entries(suites).map(([name, suite]) => row(name, n(suite.files), n(suite.passed), n(suite.failed), skipped(suite), seconds(suite.seconds), other(name))),
  "", row("passed, by fork", ...["state tests", "blockchain tests"]), row("---", "---", "---"),
  ...forks.map((fork) => row(fork, counts("state-tests", fork), counts("blockchain-tests", fork))),
  "", `Measured ${about.measured_at.slice(0, 10)} at commit ${about.commit} by \`./dev bench conformance\` on ${about.machine.cores} cores of ${about.machine.cpu}, shared with other work (load average ${about.load_average.toFixed(1)}).`,
].join("\n");

serve_table("bench/conformance/table.mjs", table);

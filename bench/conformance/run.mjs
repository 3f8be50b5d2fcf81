// ./dev bench conformance: every public suite beside the checkout through `entresol conformance`, and the state and blockchain tests through the runners of
// geth (`evm`) and revm (`revme`) where they are installed: what passes, and how long it takes. Writes bench/results/conformance.json.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { commit, describe_machine, load_average } from "../rollup/machine.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entresol = process.env.ENTRESOL_BINARY ?? `${root}build/release/entresol`;
const vectors = join(process.env.ENTRESOL_SHARED_DATA ?? join(root, "../shared/data"), "consensus");
const folder = mkdtempSync(join(tmpdir(), "conformance-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const SUITES = [
  ["state-tests", /^eest-.*-state_tests/, "."],
  ["blockchain-tests", /^eest-.*-blockchain_tests/, "."],
  ["transaction-tests", /^ethereum-tests-/, "tests/TransactionTests"],
  ["trie-tests", /^ethereum-tests-/, "tests/TrieTests"],
  ["rlp-tests", /^ethereum-tests-/, "tests/RLPTests"],
  ["precompiles", /^precompiles-/, "."],
];

function unpacked(pattern, inside) {
  const archive = readdirSync(vectors).find((name) => pattern.test(name) && name.endsWith(".tar.xz"));
  if (!archive) throw new Error(`no archive ${pattern} in the vectors`);
  const into = join(folder, archive.replace(".tar.xz", ""));
  if (!existsSync(into)) {
    mkdirSync(into);
    execFileSync("tar", ["-xJf", join(vectors, archive), "-C", into]);
  }
  return join(into, inside);
}

function ours(suite, path) {
  const out = spawnSync(entresol, ["conformance", suite, "--json", path], { encoding: "utf8", maxBuffer: 1 << 28 });
  const { files, passed, failed, skipped, seconds, forks, skips } = JSON.parse(out.stdout);
  const reasons = {};
  for (const { reason } of skips) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { files, passed, failed, skipped, seconds, forks, reasons };
}

const find = (name, variable) =>
  [process.env[variable], `${root}build/peers/${name}`, `${root}build/peers/bin/${name}`, `${homedir()}/go/bin/${name}`, `${homedir()}/.cargo/bin/${name}`].find((file) => file && existsSync(file));

// geth's runner takes files' names on its standard input, one by one, in one thread.
function geth(path) {
  const evm = find("evm", "GETH_EVM");
  if (!evm) return undefined;
  const files = execFileSync("find", [path, "-name", "*.json"], { encoding: "utf8", maxBuffer: 1 << 26 });
  const began = performance.now();
  const out = spawnSync(evm, ["statetest"], { input: files, encoding: "utf8", maxBuffer: 1 << 30, stdio: ["pipe", "pipe", "ignore"] });
  const seconds = (performance.now() - began) / 1e3;
  const count = (pattern) => (out.stdout.match(pattern) ?? []).length;
  const version = /\d+\.\d+\.\d+/.exec(execFileSync(evm, ["--version"], { encoding: "utf8" }))?.[0];
  return { version, passed: count(/"pass": true/g), failed: count(/"pass": false/g), seconds };
}

// revm's runner tells no version and no counts: the version is what cargo installed, the counts are of the lines it prints.
function revm(command, path) {
  const revme = find("revme", "REVME");
  if (!revme) return undefined;
  const began = performance.now();
  const out = spawnSync(revme, [command, path, "--keep-going"], { encoding: "utf8", maxBuffer: 1 << 30 });
  const seconds = (performance.now() - began) / 1e3;
  const installed = join(dirname(dirname(revme)), ".crates.toml");
  const version = existsSync(installed) ? /"revme (\d+\.\d+\.\d+)/.exec(readFileSync(installed, "utf8"))?.[1] : undefined;
  const text = out.stdout + out.stderr;
  return { version, all_passed: out.status === 0, seconds, transition_cases_skipped: (text.match(/Skipping transition fork/g) ?? []).length };
}

const results = { about: { measured_at: new Date().toISOString(), commit: commit(root), machine: describe_machine(), load_average: load_average() }, suites: {}, peers: {} };
for (const [suite, pattern, inside] of SUITES) {
  const path = unpacked(pattern, inside);
  results.suites[suite] = ours(suite, path);
  const { files, passed, failed, skipped, seconds } = results.suites[suite];
  console.log(`${suite}: ${files} files, ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds.toFixed(1)} s`);
  if (suite === "state-tests") results.peers[suite] = { geth: geth(path), revm: revm("statetest", path) };
  if (suite === "blockchain-tests") results.peers[suite] = { revm: revm("btest", path) };
  for (const [peer, found] of Object.entries(results.peers[suite] ?? {})) console.log(`  ${peer}: ${JSON.stringify(found)?.slice(0, 300) ?? "not installed"}`);
}
mkdirSync(new URL("../results", import.meta.url), { recursive: true });
writeFileSync(new URL("../results/conformance.json", import.meta.url), `${JSON.stringify(results, null, 1)}\n`);
console.log("written: bench/results/conformance.json; the README's table: node bench/conformance/table.mjs --write README.md");

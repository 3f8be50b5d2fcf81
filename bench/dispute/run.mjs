// ./dev bench dispute: real blocks of OP Sepolia, each with a wrong hash claimed on an L1 (anvil), refuted by `entresol challenge` down to one step of the program.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commit } from "../rollup/machine.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const RESULTS = fileURLToPath(new URL("../results/dispute.json", import.meta.url));
const data = process.env.ENTRESOL_SHARED_DATA ?? join(root, "..", "shared", "data");
const BLOCKS = ["26207960", "26207961", "26207962", "26207963", "26208384", "26208927"];
const CLOCK_S = 3600, TICKS = 100;

if (!existsSync(join(data, "op-sepolia"))) {
  console.error("bench dispute: real blocks are not here; ENTRESOL_SHARED_DATA names the folder that has op-sepolia");
  process.exit(2);
}
execFileSync(process.execPath, ["build.mjs", "--tests", "--out", "out/test"], { cwd: join(root, "contracts"), stdio: "ignore" });
const { keccak256, parseEther } = await import(join(root, "contracts/node_modules/viem/_esm/index.js"));
const { generatePrivateKey, privateKeyToAccount } = await import(join(root, "contracts/node_modules/viem/_esm/accounts/index.js"));
const { resolvePlan } = await import("../../contracts/deploy/plan.mjs");
const { alice, artifacts, at, blockNumberWord, increaseTime, params, plan, read, send, startL1 } = await import("../../contracts/test/support/rollup.mjs");
const { creatorBond, faultType, readGame } = await import("../../contracts/test/support/fault_game.mjs");
const { costOf, countOpenBonds, isProven, Liar, stateThatSays } = await import("../../contracts/test/support/liar.mjs");

const key = generatePrivateKey(), challenger = privateKeyToAccount(key);
async function until(what, condition) {
  for (const end = Date.now() + 300_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) if (await condition()) return;
  throw new Error(`${what} did not happen within five minutes`);
}
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
const peakMiB = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024;

async function dispute(block, folder) {
  const given = JSON.parse(execFileSync(join(root, "build/release/bench/dispute/entresol_real_block"), [join(data, "op-sepolia", `${block}.json`), folder], { encoding: "utf8" }));
  const resolved = resolvePlan(plan, artifacts, { ...params, challenge_period_s: CLOCK_S, clock_extension_s: 300, program_root: given.program_root, program_entry: given.program_entry, l2_genesis_output_root: given.start });
  const { l1, stop } = await startL1(resolved);
  const factory = at(resolved.addresses.dispute_game_factory, "DisputeGameFactory");
  let child;
  try {
    await l1.setBalance({ address: challenger.address, value: parseEther("100") });
    const lie = keccak256("0x77");
    await send(l1, factory, "create", [faultType, lie, blockNumberWord(given.number)], { from: alice, value: creatorBond });
    const [, , address] = await read(l1, factory, "gameAtIndex", [(await read(l1, factory, "gameCount")) - 1n]);
    const game = at(address, "FaultGame");
    const began = Date.now();
    child = spawn(join(root, "build/release/entresol"), ["challenge", "--l1", l1.transport.url, "--factory", factory.address, "--program", join(folder, "program.elf"), "--preimages", join(folder, "preimages"),
      "--datadir", join(folder, `data-${block}`), "--poll-ms", "50"], { stdio: "ignore", env: { ...process.env, ENTRESOL_CHALLENGER_KEY: key } });
    await until("the challenge", async () => (await readGame(l1, game)).lists.size === 1);
    const liar = new Liar(l1, game, stateThatSays(lie));
    await increaseTime(l1, 1);
    await liar.join();
    await until("the step's proof", async () => {
      await liar.move();
      return isProven(l1, game);
    });
    const defence = { wall_s: (Date.now() - began) / 1000, cpu_s: cpuSeconds(child.pid), peak_mib: Math.round(peakMiB(child.pid)) };
    await increaseTime(l1, 2 * CLOCK_S + 1);
    await until("the end", async () => (await read(l1, game, "status")) === 1); // CHALLENGER_WINS
    await until("the payment", async () => (await countOpenBonds(l1, game, challenger.address)) === 0 && (await read(l1, game, "credit", [challenger.address])) === 0n);
    const { moves, gas } = await costOf(l1, game);
    return { block: given.number, transactions: given.transactions, steps: given.steps, preimage_bytes: given.preimage_bytes, moves, gas: Number(gas), ...defence };
  } finally {
    if (child) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), "entresol-dispute-"));
const rows = [];
try {
  for (const block of process.argv.length > 2 ? process.argv.slice(2) : BLOCKS) {
    const row = await dispute(block, folder);
    rows.push(row);
    console.log(`block ${row.block}: ${row.transactions} transactions, ${row.steps} steps; ${row.moves} moves, ${row.gas} gas; ${row.cpu_s.toFixed(1)} s of CPU, ${row.wall_s.toFixed(1)} s, ${row.peak_mib} MiB`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
writeFileSync(RESULTS, `${JSON.stringify({ about: { measured_at: new Date().toISOString(), commit: commit(root), cores: cpus().length, cpu: cpus()[0].model }, rows }, undefined, 1)}\n`);
console.log("written: bench/results/dispute.json; the README's table: node bench/dispute/table.mjs --write README.md");

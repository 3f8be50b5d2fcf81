// `entresol challenge` against liars on an L1 that somebody else runs: the plan's own contracts, the real step, a real program.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { encodeAbiParameters, keccak256, parseEther, toHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { resolvePlan } from "../deploy/plan.mjs";
import { alice, artifacts, at, blockNumberWord, increaseTime, params, plan, read, send, startL1 } from "./support/rollup.mjs";
import { CHALLENGER_WINS, DEFENDER_WINS, faultType, readGame } from "./support/fault_game.mjs";
import { countOpenBonds, costOf, isProven, LEVELS, Liar, put } from "./support/liar.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const binary = process.env.ENTRESOL_BINARY ?? join(root, "build", "release", "entresol");
const clock_s = 3600, extension_s = 300;
const options = existsSync(binary) ? {} : { skip: `${binary} is not built` };
const folder = mkdtempSync(join(tmpdir(), "entresol-challenger-"));
const key = generatePrivateKey(), challenger = privateKeyToAccount(key);
const entry = 0x80000000n, creatorBond = parseEther("0.2");
let l1, stopL1, resolved, factory, child;

/// A static RV64IM program: mixes its input for some rounds and ends with the mixture.
function makeElf() {
  const r = (funct7, rs2, rs1, funct3, rd) => (funct7 << 25) | (rs2 << 20) | (rs1 << 15) | (funct3 << 12) | (rd << 7) | 0x33;
  const addi = (rd, rs1, imm) => ((imm & 0xfff) << 20) | (rs1 << 15) | (rd << 7) | 0x13;
  const s = (imm, rs2, rs1, funct3) => ((imm >> 5) << 25) | (rs2 << 20) | (rs1 << 15) | (funct3 << 12) | ((imm & 31) << 7) | 0x23;
  const code = [
    addi(6, 0, 200), r(0, 10, 7, 0, 7), r(0, 11, 7, 4, 8), r(1, 12, 8, 0, 7), // add, xor, mul
    s(0x200, 7, 0, 3), addi(6, 6, -1), bne(6, 0, -20),
    r(0, 0, 7, 0, 11), r(0, 0, 8, 0, 12), addi(10, 0, 0), addi(17, 0, 93), 0x73,
  ];
  const file = Buffer.alloc(120 + 4 * code.length);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1], 0);
  file.writeUInt16LE(2, 16), file.writeUInt16LE(243, 18), file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(entry, 24), file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52), file.writeUInt16LE(56, 54), file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64), file.writeUInt32LE(5, 68);
  file.writeBigUInt64LE(120n, 72), file.writeBigUInt64LE(entry, 80), file.writeBigUInt64LE(entry, 88);
  file.writeBigUInt64LE(BigInt(4 * code.length), 96), file.writeBigUInt64LE(BigInt(4 * code.length), 104);
  code.forEach((word, i) => file.writeUInt32LE(word >>> 0, 120 + 4 * i));
  return file;
}
function bne(rs1, rs2, offset) {
  const bit = (from, to) => (offset >> to) & ((1 << (from - to + 1)) - 1);
  return (bit(12, 12) << 31) | (bit(10, 5) << 25) | (rs2 << 20) | (rs1 << 15) | (1 << 12) | (bit(4, 1) << 8) | (bit(11, 11) << 7) | 0x63;
}

/// The encoded state after so many steps of the program.
function stateAt(step, input) {
  const inputFile = join(folder, "input");
  writeFileSync(inputFile, Buffer.from(input.slice(2), "hex"));
  const out = join(folder, "proof");
  const ran = spawnSync(binary, ["machine", "prove-step", join(folder, "program.elf"), "--step", String(step), "--input", inputFile, "--out", out], { encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stderr);
  return readHex(out).slice(0, 2 + 2 * 352);
}
const readHex = (path) => String(spawnSync("cat", [path], { encoding: "utf8" }).stdout).trim();

function startChallenger() {
  const args = ["challenge", "--l1", l1.transport.url, "--factory", factory.address, "--program", join(folder, "program.elf"), "--datadir", join(folder, "data"), "--poll-ms", "50", "--resend-ms", "1000", "--log-level", "debug"];
  const started = spawn(binary, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ENTRESOL_CHALLENGER_KEY: key } });
  started.words = "";
  started.stderr.on("data", (data) => (started.words += data));
  started.ended = new Promise((resolve) => started.once("exit", resolve));
  return started;
}
async function stopChallenger(signal = "SIGTERM") {
  if (!child) return;
  child.kill(signal);
  await child.ended;
  child = undefined;
}
async function until(what, condition, limit_ms = 40_000) {
  for (const end = Date.now() + limit_ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const value = await condition();
    if (value) return value;
  }
  throw new Error(`${what} did not happen; the challenger's last words:\n${child?.words.slice(-1500)}`);
}

before(async () => {
  if (options.skip) return;
  writeFileSync(join(folder, "program.elf"), makeElf(), { mode: 0o644 });
  const programRoot = stateAt(0, "0x00").slice(0, 66);
  resolved = resolvePlan(plan, artifacts, { ...params, challenge_period_s: clock_s, clock_extension_s: extension_s, program_root: programRoot, program_entry: entry });
  ({ l1, stop: stopL1 } = await startL1(resolved));
  factory = at(resolved.addresses.dispute_game_factory, "DisputeGameFactory");
  await l1.setBalance({ address: challenger.address, value: parseEther("100") });
});
after(async () => {
  await stopChallenger("SIGKILL");
  stopL1?.();
  rmSync(folder, { recursive: true, force: true });
});

async function createGame(number, makeClaim) {
  const { hash } = await l1.getBlock();
  const input = encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }, { type: "uint256" }], [params.l2_genesis_output_root, hash, BigInt(number)]);
  const last = stateAt(100_000, input);
  const result = `0x${last.slice(2 + 2 * 120, 2 + 2 * 152)}`;
  const claim = makeClaim(result);
  await send(l1, factory, "create", [faultType, claim, blockNumberWord(number)], { from: alice, value: creatorBond });
  const [, , address] = await read(l1, factory, "gameAtIndex", [(await read(l1, factory, "gameCount")) - 1n]);
  return { game: at(address, "FaultGame"), claim, last };
}

async function finish(game, status) {
  await increaseTime(l1, 2 * clock_s + 1);
  await until("the end", async () => (await read(l1, game, "status")) !== 0);
  assert.equal(await read(l1, game, "status"), status);
  const owed = async () => (await read(l1, game, "credit", [challenger.address])) === 0n && (await countOpenBonds(l1, game, challenger.address)) === 0;
  await until("the payment", owed);
}
test("a wrong root falls to the daemon, which is killed and started again in mid-game", options, async (t) => {
  const balance = await l1.getBalance({ address: challenger.address });
  const { game, claim, last } = await createGame(7, () => keccak256("0x77"));
  child = startChallenger();
  await until("the challenge", async () => (await readGame(l1, game)).lists.size === 1);
  const liar = new Liar(l1, game, put(last, 120, claim), { rival: challenger.address, agree: 5 });
  await increaseTime(l1, 1);
  await liar.join();
  let moves = 0;
  await until("the proof", async () => {
    if (await liar.move()) moves += 1;
    if (moves === 3 && child.killed === false) {
      await stopChallenger("SIGKILL");
      child = startChallenger();
      moves += 1;
    }
    return isProven(l1, game);
  });
  await finish(game, CHALLENGER_WINS);
  assert.ok((await l1.getBalance({ address: challenger.address })) > balance, "bonds back, half of the liar's and of the creator's on top");
  assert.match(child.words, /it has fallen/);
  const { moves: count, gas } = await costOf(l1, game);
  t.diagnostic(`${count} moves of both sides, ${gas} gas`);
  assert.ok(gas < 6_000_000n, `${gas} gas`);
});

test("a right root is defended by the daemon through a reorg of L1, and a wrong challenge pays for it", options, async () => {
  if (!child) child = startChallenger();
  const balance = await l1.getBalance({ address: challenger.address });
  const { game, last } = await createGame(8, (result) => result);
  const liar = new Liar(l1, game, put(last, 120, keccak256("0x78")), { rival: challenger.address, agree: 0 });
  await liar.join();
  await until("the defence", async () => (await readGame(l1, game)).lists.size === 2);
  await liar.move();
  await l1.request({ method: "anvil_reorg", params: [2, []] });
  const isThere = async (account) => [...(await readGame(l1, game)).lists.values()].some(({ payee }) => payee === account.address);
  assert.equal(await isThere(challenger), false, "the reorg took the defence away");
  if (!(await isThere(alice))) await liar.join();
  await until("the defence after the reorg", () => isThere(challenger));
  await until("the proof", async () => {
    await liar.move();
    return isProven(l1, game);
  });
  await finish(game, DEFENDER_WINS);
  assert.ok((await l1.getBalance({ address: challenger.address })) > balance);
});

const timestamp = async () => Number((await l1.getBlock()).timestamp);
/// Seconds from its creation to its end.
const duration = async (game) => Number((await read(l1, game, "resolvedAt")) - (await read(l1, game, "createdAt")));

test("a staller who plays each clock to the end loses to the daemon, within two clocks and 18 extensions", options, async (t) => {
  if (!child) child = startChallenger();
  const MARGIN_S = 60; // mining and the daemon's moves go on meanwhile
  const { game, claim, last } = await createGame(10, () => keccak256("0x79"));
  await until("the challenge", async () => (await readGame(l1, game)).lists.size === 1);
  const liar = new Liar(l1, game, put(last, 120, claim), { rival: challenger.address, agree: 5 });
  let deadline = (await timestamp()) + clock_s;
  const stall = async () => increaseTime(l1, deadline - MARGIN_S - (await timestamp()));
  await stall();
  await liar.join();
  let moves = 0;
  for (; moves < LEVELS - 1; moves++) {
    deadline = (await timestamp()) + extension_s; // all that is left to it, counted from its list above
    await until("the next match", async () => (await readGame(l1, game)).matches.size === moves + 1);
    await stall();
    await until("the staller's move", () => liar.move());
  }
  await until("the proof", () => isProven(l1, game));
  await until("the end", async () => {
    if ((await read(l1, game, "status")) !== 0) return true;
    await increaseTime(l1, 60);
    return false;
  });
  assert.equal(await read(l1, game, "status"), CHALLENGER_WINS);
  const took = await duration(game);
  t.diagnostic(`${took} s of at most ${2 * clock_s + 18 * extension_s}`);
  assert.ok(took >= clock_s + (LEVELS - 1) * (extension_s - 2 * MARGIN_S), "it stalled");
  assert.ok(took <= 2 * clock_s + 18 * extension_s);
  await until("the payment", async () => (await countOpenBonds(l1, game, challenger.address)) === 0);
});

test("20 wrong roots at once all fall to one daemon, in the time of one", options, async () => {
  if (!child) child = startChallenger();
  const balance = await l1.getBalance({ address: challenger.address });
  const games = [];
  for (let i = 0; i < 20; i++) {
    await send(l1, factory, "create", [faultType, keccak256(toHex(`wrong ${i}`)), blockNumberWord(100 + i)], { from: alice, value: creatorBond });
    const [, , address] = await read(l1, factory, "gameAtIndex", [(await read(l1, factory, "gameCount")) - 1n]);
    games.push(at(address, "FaultGame"));
  }
  const every = async (holds) => (await Promise.all(games.map(holds))).every(Boolean);
  await until("20 challenges", () => every(async (game) => (await readGame(l1, game)).lists.size === 1));
  await increaseTime(l1, clock_s + 1);
  await until("20 ends", () => every(async (game) => (await read(l1, game, "status")) === CHALLENGER_WINS));
  for (const game of games) assert.ok((await duration(game)) < clock_s + 300, "nobody waits for the others");
  await until("the payments", () => every(async (game) => (await countOpenBonds(l1, game, challenger.address)) === 0 && (await read(l1, game, "credit", [challenger.address])) === 0n));
  const won = (await l1.getBalance({ address: challenger.address })) - balance;
  assert.ok(won > (20n * creatorBond) / 2n - parseEther("0.2"), `half of each creator's bond, less gas: ${won}`);
  for (const game of games) assert.equal(await read(l1, at(resolved.addresses.anchor_state_registry, "AnchorStateRegistry"), "isGameClaimValid", [game.address]), false);
});

test("a root that nobody disputes is left alone, and its game is ended", options, async () => {
  if (!child) child = startChallenger();
  const { game } = await createGame(9, (result) => result);
  await until("a look at it", () => child.words.split("the claim is right").length > 2 || child.words.includes(game.address.toLowerCase()));
  await increaseTime(l1, clock_s + 1);
  await until("the end", async () => (await read(l1, game, "status")) === DEFENDER_WINS);
  assert.equal((await readGame(l1, game)).lists.size, 0);
  await stopChallenger();
});

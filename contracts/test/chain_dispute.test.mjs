// Disputes about a rollup that runs: the devnet's own contracts name its own program, and the challenger knows an L1 endpoint and the chain file.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTestClient, defineChain, http, keccak256, parseEther, publicActions, toHex, walletActions } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { alice, at, blockNumberWord, bob, increaseTime, read, revertOf, send } from "./support/rollup.mjs";
import { CHALLENGER_WINS, creatorBond, DEFENDER_WINS, faultType, listBond, readGame } from "./support/fault_game.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const binary = process.env.ENTRESOL_BINARY ?? join(root, "build", "release", "entresol");
const options = existsSync(binary) ? { timeout: 400_000 } : { skip: `${binary} is not built` };
const LEVELS = 8, K = 32, clock_s = 300;
const folder = mkdtempSync(join(tmpdir(), "entresol-dispute-"));
const key = generatePrivateKey(), challenger = privateKeyToAccount(key);
let devnet, urls, l1, factory, daemon;

function launch(args, env = {}) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  child.words = "";
  child.line = new Promise((resolve, reject) => {
    let out = "";
    child.stdout.on("data", (data) => {
      out += data;
      if (out.includes("\n")) resolve(out.slice(0, out.indexOf("\n")));
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${child.words.slice(-1000)}`)));
  });
  child.line.catch(() => {});
  child.stderr.on("data", (data) => (child.words += data));
  child.ended = new Promise((resolve) => child.once("exit", resolve));
  return child;
}
async function end(child, signal = "SIGTERM") {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await child.ended;
}
async function until(what, condition, limit_ms = 150_000) {
  for (const stop = Date.now() + limit_ms; Date.now() < stop; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const value = await condition();
    if (value) return value;
  }
  throw new Error(`${what} did not happen; the challenger's last words:\n${daemon?.words.slice(-2500)}`);
}
const l2 = async (method, ...params) => {
  const response = await fetch(urls.l2.rpc, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
};
const safeNumber = async () => Number((await l2("eth_getBlockByNumber", "safe", false)).number);

before(async () => {
  if (options.skip) return;
  devnet = launch(["devnet", "--port", "0", "--l1-port", "0", "--json", "--l1-block-time", "1000", "--game", "fault", "--challenge-period", String(clock_s)]);
  urls = JSON.parse(await devnet.line);
  const chain = defineChain({ id: 1337, name: "L1", nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 }, rpcUrls: { default: { http: [urls.l1.rpc] } } });
  l1 = createTestClient({ mode: "anvil", chain, transport: http(urls.l1.rpc), pollingInterval: 50, account: alice }).extend(publicActions).extend(walletActions);
  factory = at(urls.contracts.dispute_game_factory, "DisputeGameFactory");
  await l1.setBalance({ address: challenger.address, value: parseEther("100") });
  writeFileSync(join(folder, "chain.json"), JSON.stringify(await l2("entresol_chainFile")));
  daemon = launch(["challenge", "--l1", urls.l1.rpc, "--chain", join(folder, "chain.json"), "--datadir", join(folder, "data"), "--poll-ms", "100", "--log-level", "debug"], { ENTRESOL_CHALLENGER_KEY: key });
  await daemon.line;
  await until("the first blocks are safe", async () => (await safeNumber()) >= 4);
});
after(async () => {
  await end(daemon);
  if (process.env.KEEP_WORDS) writeFileSync(process.env.KEEP_WORDS, daemon.words);
  await end(devnet);
  rmSync(folder, { recursive: true, force: true });
});

async function gameAt(index) {
  const [, , address] = await read(l1, factory, "gameAtIndex", [index]);
  return at(address, "FaultGame");
}
const noise = (name, last) => [...Array.from({ length: K - 1 }, (_, i) => keccak256(toHex(`${name} ${i}`))), last];
const put = (hex, offset, part) => hex.slice(0, 2 + 2 * offset) + part.slice(2) + hex.slice(2 + 2 * offset + part.length - 2);
// A state that has exited with that result: it need not be one that a run reaches.
const stateThatSays = (result) => put(put(`0x${"00".repeat(352)}`, 120, result), 296, "0x0000000000000001");

/// Agrees with the challenger's lists up to some place and makes up the rest, wherever it owes a list.
class Liar {
  constructor(game, last, agree) {
    Object.assign(this, { game, last, agree });
  }
  async join() {
    const { lists } = await readGame(l1, this.game);
    const seen = [...lists.values()].find(({ payee }) => payee === challenger.address);
    const roots = noise("whole", keccak256(this.last));
    if (seen) roots.splice(0, this.agree, ...seen.roots.slice(0, this.agree));
    await send(l1, this.game, "join", [roots, this.last, alice.address], { from: alice, value: listBond });
  }
  async move() {
    const { lists, matches } = await readGame(l1, this.game);
    for (const match of matches.values()) {
      if (match.level === LEVELS) continue;
      const side = lists.get(match.list0).payee === alice.address ? 0 : 1;
      if ([...lists.values()].some((list) => list.matchId === match.matchId && list.side === side)) continue;
      const last = side === 0 ? match.segment.end0 : match.segment.end1;
      const args = [match.matchId, match.segment, side, noise(match.matchId, last), alice.address];
      if ((await revertOf(l1, this.game, "commit", args, { from: alice, value: listBond })) === null) await send(l1, this.game, "commit", args, { from: alice, value: listBond });
    }
  }
}
const isProven = async (game) => {
  const { lists, matches } = await readGame(l1, game);
  const leaf = [...matches.values()].find(({ level }) => level === LEVELS);
  return leaf && (!lists.get(leaf.list0).live || !lists.get(leaf.list1).live);
};
/// All that was sent to the game.
async function costOf(game) {
  let moves = 0, gas = 0n;
  for (let n = await l1.getBlockNumber(); n > 0n; n--) {
    const { transactions } = await l1.getBlock({ blockNumber: n, includeTransactions: true });
    for (const { to, hash } of transactions) {
      if (to?.toLowerCase() !== game.address.toLowerCase()) continue;
      moves += 1;
      gas += (await l1.getTransactionReceipt({ hash })).gasUsed;
    }
  }
  return `${moves} moves of both sides, ${gas} gas`;
}
const isRight = async (game) => {
  const number = await read(l1, game, "l2BlockNumber");
  return (await read(l1, game, "rootClaim")) === (await l2("optimism_outputAtBlock", toHex(number))).outputRoot;
};
async function newestGame(isWanted) {
  for (let i = (await read(l1, factory, "gameCount")) - 1n; i >= 0n; i--) {
    const game = await gameAt(i);
    if (await isWanted(game)) return game;
  }
}

test("a wrong output root falls at one step of the chain's own program, and the proposer's right one is defended", options, async (t) => {
  const number = await safeNumber(), lie = keccak256("0x77");
  await send(l1, factory, "create", [faultType, lie, blockNumberWord(number)], { from: bob, value: creatorBond });
  const wrong = await until("the wrong claim", () => newestGame(async (game) => (await read(l1, game, "rootClaim")) === lie));
  const right = await until("a right claim", () => newestGame(isRight));
  const accuser = new Liar(right, stateThatSays(keccak256("0x78")), 0);
  await accuser.join();
  await until("the challenge", async () => (await readGame(l1, wrong)).lists.size === 1);
  await until("the defence", async () => (await readGame(l1, right)).lists.size === 2);
  const defender = new Liar(wrong, stateThatSays(lie), 0);
  await defender.join();
  await until("both steps' proofs", async () => {
    for (const liar of [accuser, defender]) await liar.move();
    return (await isProven(wrong)) && (await isProven(right));
  });
  await increaseTime(l1, 2 * clock_s + 1);
  await until("the ends", async () => (await read(l1, wrong, "status")) !== 0 && (await read(l1, right, "status")) !== 0);
  assert.equal(await read(l1, wrong, "status"), CHALLENGER_WINS);
  assert.equal(await read(l1, right, "status"), DEFENDER_WINS);
  t.diagnostic(`the wrong root: ${await costOf(wrong)}; the right one: ${await costOf(right)}`);
  const registry = at(urls.contracts.anchor_state_registry, "AnchorStateRegistry");
  const [anchor, anchored] = await read(l1, registry, "getAnchorRoot");
  if (anchored > 0n) assert.equal(anchor, (await l2("optimism_outputAtBlock", toHex(anchored))).outputRoot);
  assert.equal(await read(l1, registry, "isGameClaimValid", [wrong.address]), false);
});

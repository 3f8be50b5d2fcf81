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
import { alice, at, blockNumberWord, bob, increaseTime, read, send } from "./support/rollup.mjs";
import { CHALLENGER_WINS, creatorBond, DEFENDER_WINS, faultType, readGame } from "./support/fault_game.mjs";
import { costOf, isProven, Liar, stateThatSays } from "./support/liar.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const binary = process.env.ENTRESOL_BINARY ?? join(root, "build", "release", "entresol");
const options = existsSync(binary) ? { timeout: 400_000 } : { skip: `${binary} is not built` };
const clock_s = 300;
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
  const accuser = new Liar(l1, right, stateThatSays(keccak256("0x78")));
  await accuser.join();
  await until("the challenge", async () => (await readGame(l1, wrong)).lists.size === 1);
  await until("the defence", async () => (await readGame(l1, right)).lists.size === 2);
  const defender = new Liar(l1, wrong, stateThatSays(lie));
  await defender.join();
  await until("both steps' proofs", async () => {
    for (const liar of [accuser, defender]) await liar.move();
    return (await isProven(l1, wrong)) && (await isProven(l1, right));
  });
  await increaseTime(l1, 2 * clock_s + 1);
  await until("the ends", async () => (await read(l1, wrong, "status")) !== 0 && (await read(l1, right, "status")) !== 0);
  assert.equal(await read(l1, wrong, "status"), CHALLENGER_WINS);
  assert.equal(await read(l1, right, "status"), DEFENDER_WINS);
  for (const [name, game] of Object.entries({ wrong, right })) {
    const { moves, gas } = await costOf(l1, game);
    t.diagnostic(`the ${name} root: ${moves} moves of both sides, ${gas} gas`);
  }
  const registry = at(urls.contracts.anchor_state_registry, "AnchorStateRegistry");
  const [anchor, anchored] = await read(l1, registry, "getAnchorRoot");
  if (anchored > 0n) assert.equal(anchor, (await l2("optimism_outputAtBlock", toHex(anchored))).outputRoot);
  assert.equal(await read(l1, registry, "isGameClaimValid", [wrong.address]), false);
});

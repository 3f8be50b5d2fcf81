// Fault games over the counting machine, and a player who carries the side of whatever history it is given, a right one or a wrong one.
import { concat, decodeEventLog, encodeAbiParameters, encodePacked, keccak256, numberToHex, parseEther, toHex, zeroHash } from "viem";
import { at, artifacts, blockNumberWord, contracts, deploy, owner, read, revertOf, send } from "./rollup.mjs";

export const faultType = 0xe002;
export const LEVELS = 3;
export const LOG2_K = 2;
export const K = 2 ** LOG2_K;
export const STEPS = 2 ** (LEVELS * LOG2_K);
export const clock_s = 1000;
export const extension_s = 50;
export const listBond = parseEther("0.08");
export const creatorBond = parseEther("0.2");
export const limit = 50;
export const program = { root: keccak256("0xaa"), entry: 0x80000000n };
export const NOBODY = { start: zeroHash, end0: zeroHash, end1: zeroHash };
export const DEFENDER_WINS = 2, CHALLENGER_WINS = 1;

/// Installs fault games over the counting machine and makes them the type that counts.
export async function installFaultGames(l1) {
  const machine = await deploy(l1, "CountingMachine", [BigInt(limit)]);
  const args = [BigInt(clock_s), BigInt(extension_s), contracts.registry.address, machine.address, program.root, program.entry, LEVELS, LOG2_K, listBond];
  const impl = await deploy(l1, "FaultGame", args);
  await send(l1, contracts.factory, "setImplementation", [faultType, impl.address], { from: owner });
  await send(l1, contracts.factory, "setInitBond", [faultType, creatorBond], { from: owner });
  await send(l1, contracts.registry, "setRespectedGameType", [faultType], { from: owner });
  return { machine, impl };
}

const u64 = (value) => numberToHex(value, { size: 8 });
const slice = (hex, from, to) => `0x${hex.slice(2 + 2 * from, 2 + 2 * to)}`;
const put = (hex, offset, part) => hex.slice(0, 2 + 2 * offset) + part.slice(2) + hex.slice(2 + 2 * offset + part.length - 2);

function step(state) {
  if (BigInt(slice(state, 296, 304)) !== 0n) return state;
  const count = BigInt(slice(state, 72, 80)) + 1n;
  const memoryRoot = keccak256(encodePacked(["bytes32", "uint64"], [slice(state, 0, 32), count]));
  let next = put(put(state, 0, memoryRoot), 72, u64(count));
  if (Number(count) !== limit) return next;
  const result = keccak256(concat([memoryRoot, slice(state, 112, 144)]));
  return put(put(next, 120, result), 296, u64(1n));
}

/// Every state of a run; with `lieAt` = n the n-th step (from 0) ends in another state, and the run goes on from there.
export function runMachine(inputHash, lieAt = -1, salt = "lie") {
  const start = concat([program.root, `0x${"00".repeat(80)}`, inputHash, `0x${"00".repeat(144)}`, u64(program.entry), `0x${"00".repeat(56)}`]);
  const states = [start];
  for (let i = 0; i < STEPS; i++) {
    let next = step(states[i]);
    if (i === lieAt) next = i < limit - 1 ? put(next, 0, keccak256(toHex(salt))) : put(next, 120, keccak256(toHex(salt)));
    states.push(next);
  }
  return { states, roots: states.map((state) => keccak256(state)), result: slice(states[STEPS], 120, 152) };
}

/// keccak256 of the input of the next game.
export async function nextInputHash(l1, blockNumber) {
  const [startRoot] = await read(l1, contracts.registry, "getAnchorRoot");
  const { hash } = await l1.getBlock();
  return keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }, { type: "uint256" }], [startRoot, hash, BigInt(blockNumber)]));
}

/// A game about what the machine ends with, or with `lieAt` about what a wrong history does; {game, right, claimed}.
export async function createFaultGame(l1, blockNumber, { lieAt = -1, from, rootClaim, anyProgram = false } = {}) {
  const inputHash = await nextInputHash(l1, blockNumber);
  const right = runMachine(inputHash);
  const claimed = lieAt < 0 ? right : runMachine(inputHash, lieAt);
  const args = [faultType, rootClaim ?? claimed.result, blockNumberWord(blockNumber)];
  await send(l1, contracts.factory, "create", args, { from, value: creatorBond });
  const index = (await read(l1, contracts.factory, "gameCount")) - 1n;
  const [, , address] = await read(l1, contracts.factory, "gameAtIndex", [index]);
  const game = { ...at(address, "FaultGame"), index };
  if (!anyProgram && (await read(l1, game, "startState")) !== right.roots[0]) throw new Error("the game starts from another state");
  return { game, inputHash, right, claimed };
}

/// What the game's events tell: lists and matches, in order.
export async function readGame(l1, game) {
  const logs = await l1.getLogs({ address: game.address, fromBlock: 0n });
  const lists = new Map(), matches = new Map();
  for (const log of logs) {
    const { eventName, args } = decodeEventLog({ abi: artifacts.FaultGame.abi, ...log });
    if (eventName === "Committed") lists.set(args.list, { ...args, live: true });
    if (eventName === "Opened") matches.set(args.matchId, { ...args, position: Number(args.position) });
    if (eventName === "Beaten") lists.get(args.list).live = false;
  }
  return { lists, matches, moves: logs.length };
}

export class Player {
  constructor(l1, game, run, account) {
    Object.assign(this, { l1, game, run, account, gas: 0n, locked: 0n, moves: 0 });
  }

  rootsOf(level, position) {
    const spacing = 2 ** (LOG2_K * (LEVELS - level - 1));
    return Array.from({ length: K }, (_, i) => this.run.roots[position + (i + 1) * spacing]);
  }
  idOf(matchId, roots) {
    return keccak256(concat([matchId, ...roots]));
  }
  async send(name, args, value) {
    const receipt = await send(this.l1, this.game, name, args, { from: this.account, value });
    this.gas += receipt.gasUsed;
    this.moves += 1;
    if (value) this.locked += value;
  }

  /// Posts the first list, whether or not there is anything to answer.
  async join() {
    await this.send("join", [this.rootsOf(0, 0), this.run.states[STEPS], this.account.address], listBond);
  }

  /// Makes every move that can be made now; how many.
  async move({ prove = true } = {}) {
    const before = this.moves;
    const { lists, matches } = await readGame(this.l1, this.game);
    const mine = (id) => {
      const list = lists.get(id);
      if (!list) return false;
      const [level, position] = list.matchId === zeroHash ? [0, 0] : [matches.get(list.matchId).level, matches.get(list.matchId).position];
      if (id !== this.idOf(list.matchId, this.rootsOf(level, position))) return false;
      // A right stretch of another history falls with that history.
      const above = matches.get(list.matchId);
      return !above || mine(list.side === 0 ? above.list0 : above.list1);
    };
    for (const match of matches.values()) {
      const side = mine(match.list0) ? 0 : mine(match.list1) ? 1 : -1;
      if (side < 0 || !lists.get(match.list0).live || !lists.get(match.list1).live) continue;
      if (this.run.roots[match.position] !== match.segment.start) continue;
      if (match.level === LEVELS) {
        if (prove) await this.send("prove", [match.matchId, match.segment, this.run.states[match.position]]);
        continue;
      }
      const roots = this.rootsOf(match.level, match.position);
      const state = await read(this.l1, this.game, "matches", [match.matchId]);
      const owes = state[7] === side || state[1] !== 0;
      if (owes && !lists.has(this.idOf(match.matchId, roots))) {
        if ((await this.refusal("commit", [match.matchId, match.segment, side, roots, this.account.address], listBond)) === null)
          await this.send("commit", [match.matchId, match.segment, side, roots, this.account.address], listBond);
      }
      if ((await this.refusal("settle", [match.matchId])) === null) await this.send("settle", [match.matchId]);
    }
    await this.openAll(mine);
    return this.moves - before;
  }

  refusal(name, args, value) {
    return revertOf(this.l1, this.game, name, args, { from: this.account, value });
  }

  /// Opens the matches of this history's lists against their rivals.
  async openAll(isMine = () => true) {
    const { lists, matches } = await readGame(this.l1, this.game);
    const opened = new Set([...matches.values()].map(({ list0, list1 }) => list0 + list1));
    for (const own of lists.values()) {
      const level = own.matchId === zeroHash ? 0 : matches.get(own.matchId).level;
      const position = own.matchId === zeroHash ? 0 : matches.get(own.matchId).position;
      if (!own.live || !isMine(own.list) || own.list !== this.idOf(own.matchId, this.rootsOf(level, position))) continue;
      for (const other of lists.values()) {
        if (!other.live || other.matchId !== own.matchId || other.side === own.side) continue;
        const [a, b] = own.side === 0 ? [own, other] : [other, own];
        if (opened.has(a.list + b.list)) continue;
        const above = own.matchId === zeroHash ? NOBODY : matches.get(own.matchId).segment;
        await this.send("open", [a.list, b.list, above, a.roots, b.roots]);
      }
    }
  }
}

/// Lets players move in turn until none of them can.
export async function playOut(...players) {
  for (let round = 0; round < 200; round++) {
    let moves = 0;
    for (const player of players) moves += await player.move();
    if (moves === 0) return;
  }
  throw new Error("the game does not end");
}

// A liar in a fault game of eight levels, who needs no machine: he agrees with a rival's lists where he can see them and makes up the rest.
import { keccak256, toHex } from "viem";
import { alice, read, revertOf, send } from "./rollup.mjs";
import { listBond, readGame } from "./fault_game.mjs";

export const LEVELS = 8;
export const K = 32;

const noise = (name, last) => [...Array.from({ length: K - 1 }, (_, i) => keccak256(toHex(`${name} ${i}`))), last];
export const put = (hex, offset, part) => hex.slice(0, 2 + 2 * offset) + part.slice(2) + hex.slice(2 + 2 * offset + part.length - 2);
/// A state that has exited with that result: no run need reach it.
export const stateThatSays = (result) => put(put(`0x${"00".repeat(352)}`, 120, result), 296, "0x0000000000000001");

export class Liar {
  /// `rival` is whom he agrees with, in the first `agree` roots of the first list.
  constructor(l1, game, last, { rival, agree = 0 } = {}) {
    Object.assign(this, { l1, game, last, rival, agree });
  }
  async join() {
    const { lists } = await readGame(this.l1, this.game);
    const seen = [...lists.values()].find(({ payee }) => payee === this.rival);
    const roots = noise("whole", keccak256(this.last));
    if (seen) roots.splice(0, this.agree, ...seen.roots.slice(0, this.agree));
    await send(this.l1, this.game, "join", [roots, this.last, alice.address], { from: alice, value: listBond });
  }
  /// Answers wherever he owes a list; whether he did.
  async move() {
    const { lists, matches } = await readGame(this.l1, this.game);
    let moved = false;
    for (const match of matches.values()) {
      if (match.level === LEVELS) continue;
      const side = lists.get(match.list0).payee === alice.address ? 0 : 1;
      if ([...lists.values()].some((list) => list.matchId === match.matchId && list.side === side)) continue;
      const last = side === 0 ? match.segment.end0 : match.segment.end1;
      const args = [match.matchId, match.segment, side, noise(match.matchId, last), alice.address];
      if ((await revertOf(this.l1, this.game, "commit", args, { from: alice, value: listBond })) !== null) continue;
      await send(this.l1, this.game, "commit", args, { from: alice, value: listBond });
      moved = true;
    }
    return moved;
  }
}

/// Whether a step has been executed on L1.
export async function isProven(l1, game) {
  const { lists, matches } = await readGame(l1, game);
  const leaf = [...matches.values()].find(({ level }) => level === LEVELS);
  return leaf && (!lists.get(leaf.list0).live || !lists.get(leaf.list1).live);
}

/// All that was sent to the game, by anybody.
export async function costOf(l1, game) {
  let moves = 0, gas = 0n;
  for (let n = await l1.getBlockNumber(); n > 0n; n--) {
    const { transactions } = await l1.getBlock({ blockNumber: n, includeTransactions: true });
    for (const { to, hash } of transactions) {
      if (to?.toLowerCase() !== game.address.toLowerCase()) continue;
      moves += 1;
      gas += (await l1.getTransactionReceipt({ hash })).gasUsed;
    }
  }
  return { moves, gas };
}

/// How many of this account's bonds in the game are not fetched.
export async function countOpenBonds(l1, game, account) {
  let open = 0;
  for (const list of (await readGame(l1, game)).lists.values())
    if (list.payee === account && list.live && (await read(l1, game, "lists", [list.list]))[4] === 1) open += 1;
  return open;
}

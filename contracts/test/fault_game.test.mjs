// The dispute: every way to be wrong loses, and what that costs whom. Rules: docs/spec/game.md.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { keccak256, toHex, zeroAddress, zeroHash } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { alice, bob, blockNumberWord, carol, contracts, delays, deploy, increaseTime, owner, proposer, read, resolved, revertOf, send, startL1 } from "./support/rollup.mjs";
import { CHALLENGER_WINS, clock_s, createFaultGame, creatorBond, DEFENDER_WINS, extension_s, faultType, installFaultGames, K, LEVELS, limit, listBond, NOBODY, Player, playOut, readGame, runMachine, STEPS } from "./support/fault_game.mjs";

const { factory, registry } = contracts;
let l1, stop, snapshot;

before(async () => {
  ({ l1, stop } = await startL1(resolved));
  await installFaultGames(l1);
});
after(() => stop?.());
beforeEach(async () => {
  snapshot = await l1.snapshot();
});
afterEach(() => l1.revert({ id: snapshot }));

const statusOf = (game) => read(l1, game, "status");
const now = async () => Number((await l1.getBlock()).timestamp);
async function resolveNow(game) {
  await send(l1, game, "resolve", [], { from: carol });
  return statusOf(game);
}
/// Bonds back, credits out: what an account gains over everything it locked.
async function collect(game, account) {
  for (const id of (await readGame(l1, game)).lists.keys()) if ((await revertOf(l1, game, "release", [id])) === null) await send(l1, game, "release", [id], { from: carol });
  return read(l1, game, "credit", [account.address]);
}
async function freshKey() {
  const account = privateKeyToAccount(generatePrivateKey());
  await l1.setBalance({ address: account.address, value: 10n ** 20n });
  return account;
}

test("an undisputed claim stands after one clock, and its bond goes back", async () => {
  const { game, right } = await createFaultGame(l1, 7, { from: proposer });
  assert.equal(await read(l1, game, "rootClaim"), right.result);
  assert.equal(await revertOf(l1, game, "resolve"), "ClockNotExpired");
  await increaseTime(l1, clock_s + 1);
  assert.equal(await resolveNow(game), DEFENDER_WINS);
  assert.equal(await read(l1, game, "credit", [proposer.address]), creatorBond);
  await send(l1, game, "claimCredit", [proposer.address]);
  assert.equal(await l1.getBalance({ address: game.address }), 0n);
});

test("a wrong root that nobody defends falls to one list", async () => {
  const { game, right } = await createFaultGame(l1, 7, { lieAt: 20, from: alice });
  const honest = new Player(l1, game, right, bob);
  await honest.join();
  await increaseTime(l1, clock_s + 1);
  assert.equal(await resolveNow(game), CHALLENGER_WINS);
  assert.equal(honest.moves, 1);
  assert.equal(await collect(game, bob), listBond + creatorBond / 2n);
});

// The machine's LIMIT steps do something; after them it stands still.
for (const [name, lieAt] of [["first", 0], ["second", 1], ["last", limit - 1], ["middle", 23], ["idle", STEPS - 1], ["boundary", K * K - 1]]) {
  test(`a wrong ${name} step is found and executed: the wrong root falls, the right one stands`, async () => {
    for (const wrongRoot of [true, false]) {
      const { game, right, claimed, inputHash } = await createFaultGame(l1, 7, { lieAt: wrongRoot ? lieAt : -1, from: alice });
      const liar = new Player(l1, game, wrongRoot ? claimed : runMachine(inputHash, lieAt), alice);
      const honest = new Player(l1, game, right, bob);
      await (wrongRoot ? honest : liar).join();
      await (wrongRoot ? liar : honest).join();
      await playOut(honest, liar);
      await increaseTime(l1, 2 * clock_s);
      await playOut(honest, liar);
      assert.equal(await resolveNow(game), wrongRoot ? CHALLENGER_WINS : DEFENDER_WINS);
      const { lists } = await readGame(l1, game);
      assert.equal(lists.size, 2 * LEVELS, "one list a side and level");
      const rewards = BigInt(LEVELS) * (listBond / 2n);
      assert.equal(await collect(game, bob), honest.locked + rewards + (wrongRoot ? creatorBond / 2n : 0n));
      assert.equal(await read(l1, game, "credit", [alice.address]), wrongRoot ? 0n : creatorBond);
    }
  });
}

test("a staller who plays each clock to the end only loses later: never after two clocks and the extensions", async () => {
  const { game, right, claimed } = await createFaultGame(l1, 7, { lieAt: 30, from: alice });
  const created = await now();
  const honest = new Player(l1, game, right, bob), staller = new Player(l1, game, claimed, alice);
  await increaseTime(l1, clock_s - 20); // even the honest side comes late
  await honest.join();
  await increaseTime(l1, clock_s - 20);
  await staller.join();
  await honest.move();
  for (let level = 1; level < LEVELS; level++) {
    await increaseTime(l1, extension_s - 10);
    await staller.move();
    await honest.move();
    await staller.move({ prove: false });
    await honest.move();
  }
  await playOut(honest);
  assert.equal(await revertOf(l1, game, "resolve"), "ClockNotExpired", "another list about the whole run could still come");
  await increaseTime(l1, 2 * clock_s + 2 * extension_s * (LEVELS + 1) - ((await now()) - created) + 1);
  await playOut(honest);
  assert.equal(await resolveNow(game), CHALLENGER_WINS);
});

test("a side whose time is over cannot post, one whose time is just not over can", async () => {
  const { game, right, claimed } = await createFaultGame(l1, 7, { lieAt: 30, from: alice });
  const honest = new Player(l1, game, right, bob), liar = new Player(l1, game, claimed, alice);
  assert.equal(await liar.refusal("join", [liar.rootsOf(0, 0), claimed.states[STEPS], alice.address], listBond), "NotYourTurn");
  const created = await now();
  await l1.setNextBlockTimestamp({ timestamp: BigInt(created + clock_s) });
  await honest.join();
  await l1.setNextBlockTimestamp({ timestamp: BigInt(created + 2 * clock_s) });
  await liar.join();
  const { lists } = await readGame(l1, game);
  for (const id of lists.keys()) assert.equal((await read(l1, game, "lists", [id]))[2], extension_s, "no time left: the extension");
  await honest.move();
  const [match] = [...(await readGame(l1, game)).matches.values()];
  assert.equal(Number((await read(l1, game, "matches", [match.matchId]))[7]), 0, "the later list goes first");
  const roots = liar.rootsOf(match.level, match.position);
  const commit = [match.matchId, match.segment, 0, roots, alice.address];
  await l1.setNextBlockTimestamp({ timestamp: BigInt(created + 2 * clock_s + extension_s + 1) });
  await l1.mine({ blocks: 1 });
  assert.equal(await liar.refusal("commit", commit, listBond), "TooLate");
  assert.equal(await revertOf(l1, game, "resolve"), "ClockNotExpired");
  await send(l1, game, "settle", [match.matchId], { from: carol });
  assert.equal(await resolveNow(game), CHALLENGER_WINS, "the moment the liar is out");
});

test("20 wrong claims at once delay no longer than one, and lock no more of the honest side than of the liars", async () => {
  const { game, right, inputHash } = await createFaultGame(l1, 7, { from: proposer });
  const created = await now();
  const honest = new Player(l1, game, right, bob);
  const liars = Array.from({ length: 20 }, (_, i) => new Player(l1, game, runMachine(inputHash, (i * 7) % limit, `lie ${i}`), i % 2 ? alice : carol));
  for (const liar of liars) await liar.join();
  await honest.join();
  await honest.move();
  for (const liar of liars.slice(0, 5)) await liar.move(); // five play on, fifteen fall silent
  await playOut(honest, ...liars.slice(0, 5));
  await increaseTime(l1, 2 * clock_s + 2 * extension_s * (LEVELS + 1) - ((await now()) - created) + 1);
  await playOut(honest);
  assert.equal(await resolveNow(game), DEFENDER_WINS);
  const spent = liars.reduce((sum, { locked }) => sum + locked, 0n);
  const lists = [...(await readGame(l1, game)).lists.values()];
  assert.ok(honest.locked <= listBond + spent, `${honest.locked} locked, ${spent} by the liars`);
  assert.equal(lists.filter(({ list }) => list).length, Number((honest.locked + spent) / listBond));
  const gained = (await collect(game, bob)) - honest.locked;
  assert.ok(gained >= 20n * (listBond / 2n), "at least half a bond for each wrong claim");
  assert.ok(gained >= honest.gas * 100n * 10n ** 9n, `covers its gas at 100 gwei: ${honest.gas}`);
});

test("who plays badly on the right side does not harm it", async () => {
  const { game, right, claimed, inputHash } = await createFaultGame(l1, 7, { lieAt: 40, from: alice });
  const honest = new Player(l1, game, right, bob), liar = new Player(l1, game, claimed, alice);
  const traitor = new Player(l1, game, runMachine(inputHash, 3), carol); // also says that the claim is wrong, and is wrong itself
  await traitor.join();
  await liar.join();
  await traitor.openAll();
  await playOut(traitor, liar); // the traitor disputes step 3, where the liar is right
  await honest.join();
  await playOut(honest, liar);
  await increaseTime(l1, 2 * clock_s);
  await playOut(liar); // takes the traitor down before it falls itself
  await playOut(honest);
  assert.equal(await resolveNow(game), CHALLENGER_WINS);
  assert.equal(await collect(game, carol), 0n);
  assert.ok((await read(l1, game, "credit", [bob.address])) > honest.locked);
});

test("moves are carried by anybody: a stranger goes on where another stopped", async () => {
  const { game, right, claimed } = await createFaultGame(l1, 7, { lieAt: 11, from: alice });
  const liar = new Player(l1, game, claimed, alice);
  await new Player(l1, game, right, bob).join();
  await liar.join();
  for (let i = 0; i < 30; i++) {
    const stranger = new Player(l1, game, right, await freshKey());
    if ((await stranger.move()) + (await liar.move()) === 0) break;
  }
  await increaseTime(l1, 2 * clock_s);
  await playOut(new Player(l1, game, right, await freshKey()));
  assert.equal(await resolveNow(game), CHALLENGER_WINS);
});

test("double moves and moves out of place are refused", async () => {
  const { game, right, claimed } = await createFaultGame(l1, 7, { lieAt: 30, from: alice });
  const honest = new Player(l1, game, right, bob), liar = new Player(l1, game, claimed, alice);
  const joining = [honest.rootsOf(0, 0), right.states[STEPS], bob.address];
  assert.equal(await honest.refusal("join", joining, listBond - 1n), "WrongBond");
  assert.equal(await honest.refusal("join", [joining[0].slice(1), joining[1], bob.address], listBond), "WrongRoots");
  assert.equal(await honest.refusal("join", [joining[0], claimed.states[STEPS], bob.address], listBond), "NotTheState");
  await honest.join();
  assert.equal(await honest.refusal("join", joining, listBond), "AlreadyPosted");
  await increaseTime(l1, 1);
  await liar.join(); // later, so it goes first below
  await honest.openAll();
  const { matches, lists } = await readGame(l1, game);
  const [match] = [...matches.values()];
  const [a, b] = [lists.get(match.list0), lists.get(match.list1)];
  assert.equal(await honest.refusal("open", [a.list, b.list, NOBODY, a.roots, b.roots]), "AlreadyOpen");
  assert.equal(await honest.refusal("open", [b.list, a.list, NOBODY, b.roots, a.roots]), "NotRivals");
  assert.equal(await honest.refusal("open", [a.list, b.list, NOBODY, b.roots, a.roots]), "WrongRoots");
  assert.equal(await honest.refusal("open", [zeroHash, b.list, NOBODY, b.roots, b.roots]), "NoSuchList");
  const roots = liar.rootsOf(1, match.position);
  const commit = (changes) => {
    const { id = match.matchId, segment = match.segment, side = 0, list = roots } = changes;
    return liar.refusal("commit", [id, segment, side, list, alice.address], listBond);
  };
  assert.equal(await commit({ id: zeroHash }), "NoSuchMatch");
  assert.equal(await commit({ segment: { ...match.segment, start: zeroHash } }), "WrongSegment");
  assert.equal(await commit({ side: 2 }), "WrongEnd");
  assert.equal(await commit({ side: 1 }), "WrongEnd");
  assert.equal(await commit({}), null);
  assert.equal(await honest.refusal("commit", [match.matchId, match.segment, 1, honest.rootsOf(1, match.position), bob.address], listBond), "NotYourTurn");
  assert.equal(await honest.refusal("prove", [match.matchId, match.segment, right.states[0]]), "MoreThanOneStep");
  assert.equal(await honest.refusal("settle", [match.matchId]), "NothingToSettle");
  assert.equal(await honest.refusal("settle", [zeroHash]), "NoSuchMatch");
  assert.equal(await honest.refusal("release", [a.list]), "GameNotResolved");
  await playOut(honest, liar);
  const leaf = [...(await readGame(l1, game)).matches.values()].find(({ level }) => level === LEVELS);
  assert.equal(await honest.refusal("prove", [leaf.matchId, leaf.segment, right.states[leaf.position]]), "NothingToSettle", "decided once");
  assert.equal(await liar.refusal("commit", [leaf.matchId, leaf.segment, 0, roots, alice.address], listBond), "OneStepLeft");
  await increaseTime(l1, 2 * clock_s);
  await playOut(honest);
  await resolveNow(game);
  assert.equal(await revertOf(l1, game, "resolve"), "GameNotInProgress");
  assert.equal(await honest.refusal("join", joining, listBond), "GameNotInProgress");
  assert.equal(await honest.refusal("release", [a.list]), "NothingToRelease", "beaten");
  await send(l1, game, "release", [b.list]);
  assert.equal(await honest.refusal("release", [b.list]), "NothingToRelease", "once");
});

test("a step that nobody proves takes both lists down, and the root is not believed", async () => {
  const { game, right, claimed } = await createFaultGame(l1, 7, { lieAt: 30, from: alice });
  const honest = new Player(l1, game, right, bob), liar = new Player(l1, game, claimed, alice);
  await honest.join();
  await liar.join();
  for (let i = 0; i < 4 * LEVELS; i++) for (const player of [honest, liar]) await player.move({ prove: false });
  const { matches } = await readGame(l1, game);
  const leaf = [...matches.values()].find(({ level }) => level === LEVELS);
  assert.equal(leaf.position, 30);
  await increaseTime(l1, 2 * clock_s + 1);
  for (const { matchId } of [...matches.values()].reverse()) await send(l1, game, "settle", [matchId], { from: carol });
  assert.equal(await resolveNow(game), CHALLENGER_WINS);
});

test("a payee that calls back is paid once", async () => {
  const { game, right } = await createFaultGame(l1, 7, { lieAt: 20, from: alice });
  const greedy = await deploy(l1, "GreedyPayee");
  await send(l1, greedy, "prepare", [game.address]);
  const honest = new Player(l1, game, right, bob);
  await honest.send("join", [honest.rootsOf(0, 0), right.states[STEPS], greedy.address], listBond);
  await increaseTime(l1, clock_s + 1);
  await resolveNow(game);
  assert.equal(await collect(game, greedy), listBond + creatorBond / 2n);
  await send(l1, game, "claimCredit", [greedy.address]);
  assert.equal(await read(l1, greedy, "succeeded"), true, "the second call finds nothing");
  assert.equal(await l1.getBalance({ address: greedy.address }), listBond + creatorBond / 2n);
  assert.equal(await l1.getBalance({ address: game.address }), creatorBond / 2n, "the lost half stays");
});

test("a game can start from another, stands only if that one does and falls with it", async () => {
  const makeChild = async (index, number) => {
    const rootClaim = keccak256(toHex(`child ${number}`));
    const extra = `${blockNumberWord(number)}${blockNumberWord(index).slice(2)}`;
    const refusal = await revertOf(l1, factory, "create", [faultType, rootClaim, extra], { value: creatorBond });
    if (refusal) return { refusal };
    await send(l1, factory, "create", [faultType, rootClaim, extra], { value: creatorBond });
    const [, , address] = await read(l1, factory, "gameAtIndex", [(await read(l1, factory, "gameCount")) - 1n]);
    return { child: { address, abi: parent.game.abi } };
  };
  const parent = await createFaultGame(l1, 7, { lieAt: 20, from: alice });
  const standing = await createFaultGame(l1, 8, { from: alice });
  assert.equal((await makeChild(9, 10)).refusal, "BadParent");
  assert.equal((await makeChild(0, 7)).refusal, "UnexpectedL2BlockNumber");
  const { child } = await makeChild(0, 10);
  const { child: good } = await makeChild(1, 10);
  assert.equal(await read(l1, child, "startingRootHash"), parent.claimed.result);
  assert.equal(await read(l1, child, "startingBlockNumber"), 7n);
  assert.equal(await read(l1, good, "parent"), standing.game.address);
  await new Player(l1, parent.game, parent.right, bob).join();
  await increaseTime(l1, clock_s + 1);
  assert.equal(await revertOf(l1, child, "resolve"), "ParentNotResolved");
  await resolveNow(parent.game);
  await resolveNow(standing.game);
  assert.equal(await resolveNow(child), CHALLENGER_WINS);
  assert.equal(await resolveNow(good), DEFENDER_WINS);
  assert.equal((await makeChild(0, 11)).refusal, "BadParent");
  assert.equal((await makeChild(1, 11)).refusal, undefined);
});

test("what creation refuses", async () => {
  const refusal = (extra, value = creatorBond) => revertOf(l1, factory, "create", [faultType, keccak256("0x05"), extra], { value });
  assert.equal(await refusal(blockNumberWord(7), creatorBond - 1n), "InsufficientBond");
  assert.equal(await refusal(blockNumberWord(0)), "UnexpectedL2BlockNumber");
  assert.equal(await refusal(toHex(2n ** 64n, { size: 32 })), "UnexpectedL2BlockNumber");
  assert.equal(await refusal(`${blockNumberWord(7)}00`), "BadExtraData");
  assert.equal(await refusal("0x"), "BadExtraData");
  assert.equal(await refusal(blockNumberWord(7)), null, "anybody else's claim is as good");
  const none = await deploy(l1, "FaultGame", [1000n, 1n, registry.address, zeroAddress, zeroHash, 0n, 2, 2, 1n]);
  assert.equal(await revertOf(l1, none, "initialize"), "NotFactory");
  assert.equal(await revertOf(l1, none, "resolve"), "GameNotInProgress", "the implementation is no game");
});

test("a root that falls was never final, and its anchor never moved", async () => {
  const { game, right } = await createFaultGame(l1, 7, { lieAt: 20, from: alice });
  await new Player(l1, game, right, bob).join();
  await increaseTime(l1, clock_s + 1);
  assert.equal(await read(l1, registry, "isGameClaimValid", [game.address]), false);
  await resolveNow(game);
  await increaseTime(l1, delays.dispute_game_finality_delay_s + 1);
  assert.equal(await read(l1, registry, "isGameClaimValid", [game.address]), false);
  assert.equal(await revertOf(l1, registry, "setAnchorState", [game.address]), "InvalidAnchorGame");
});

test("L2BEAT Stage 2: five fresh keys each defeat a wrong root", async () => {
  for (let i = 0; i < 5; i++) {
    const key = await freshKey();
    const { game, right, claimed } = await createFaultGame(l1, 20 + i, { lieAt: 9 * i, from: alice });
    const outsider = new Player(l1, game, right, key), liar = new Player(l1, game, claimed, alice);
    await outsider.join();
    await liar.join();
    await playOut(outsider, liar);
    await increaseTime(l1, 2 * clock_s);
    await playOut(outsider, liar);
    assert.equal(await resolveNow(game), CHALLENGER_WINS, `key ${i}`);
    const credit = await collect(game, key);
    const before = await l1.getBalance({ address: key.address });
    await send(l1, game, "claimCredit", [key.address]);
    assert.equal((await l1.getBalance({ address: key.address })) - before, credit);
    assert.ok(credit > outsider.locked);
  }
});

test("gas of a move by the number of roots in a list", async () => {
  const table = {};
  for (const log2K of [4, 5, 6]) {
    const machine = await deploy(l1, "CountingMachine", [BigInt(limit)]);
    const levels = Math.floor(40 / log2K);
    const args = [BigInt(clock_s), BigInt(extension_s), registry.address, machine.address, keccak256("0xaa"), 0n, levels, log2K, listBond];
    const impl = await deploy(l1, "FaultGame", args);
    await send(l1, factory, "setImplementation", [faultType, impl.address], { from: owner });
    const { game } = await createFaultGame(l1, 7 + log2K, { from: alice, anyProgram: true });
    const noise = (name, last) => [...Array.from({ length: 2 ** log2K - 1 }, (_, i) => keccak256(toHex(`${name} ${i}`))), last];
    const lastState = (result) => `0x${"11".repeat(32)}${"00".repeat(88)}${result.slice(2)}${"00".repeat(144)}${"0000000000000001"}${"00".repeat(48)}`;
    const claim = await read(l1, game, "rootClaim");
    const gas = {};
    const measure = async (name, ...rest) => {
      const { gasUsed, logs } = await send(l1, game, ...rest);
      gas[name] = Number(gasUsed);
      return logs[0];
    };
    const states = [lastState(keccak256("0x02")), lastState(claim)];
    const lists = [1, 0].map((side) => noise(side, keccak256(states[1 - side])));
    await measure("join", "join", [lists[0], states[0], bob.address], { value: listBond });
    await increaseTime(l1, 1);
    await send(l1, game, "join", [lists[1], states[1], alice.address], { value: listBond });
    const ids = [...(await readGame(l1, game)).lists.keys()];
    await measure("open", "open", [ids[1], ids[0], NOBODY, lists[1], lists[0]]);
    const [match] = [...(await readGame(l1, game)).matches.values()];
    await measure("commit", "commit", [match.matchId, match.segment, 0, noise("c", match.segment.end0), alice.address], { value: listBond });
    await increaseTime(l1, 2 * clock_s);
    await measure("settle", "settle", [match.matchId]);
    table[2 ** log2K] = { levels, ...gas, dispute: levels * (2 * gas.commit + gas.open + gas.settle) };
  }
  console.table(table);
  assert.ok(table[32].dispute < 4_000_000, `${table[32].dispute} gas for all levels of both sides`);
});

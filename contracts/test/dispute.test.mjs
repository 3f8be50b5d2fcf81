// Factory, today's game and the registry.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { concat, encodeAbiParameters, getAddress, keccak256, pad, toHex } from "viem";
import { alice, at, blockNumberWord, bob, carol, contracts, createGame, delays, deploy, finishGame, gameType, increaseTime, owner, params, proposer, read, resolved, revertOf, send, startL1 } from "./support/rollup.mjs";

const { factory, registry } = contracts;
const claim = (n) => keccak256(toHex(n));
let l1, stop, snapshot;

before(async () => {
  ({ l1, stop } = await startL1(resolved));
});
after(() => stop());
beforeEach(async () => {
  snapshot = await l1.snapshot();
});
afterEach(() => l1.revert({ id: snapshot }));

const createRefusal = (args, options = {}) => revertOf(l1, factory, "create", args, { from: proposer, ...options });

test("a new game knows its claim, creator, L1 head and number", async () => {
  const head = await l1.getBlock();
  const game = await createGame(l1, claim(1), 42);
  assert.equal(await read(l1, game, "rootClaim"), claim(1));
  assert.equal(await read(l1, game, "gameCreator"), proposer.address);
  assert.equal(await read(l1, game, "l1Head"), head.hash);
  assert.equal(await read(l1, game, "l2BlockNumber"), 42n);
  assert.equal(await read(l1, game, "l2SequenceNumber"), 42n);
  assert.equal(await read(l1, game, "extraData"), blockNumberWord(42));
  assert.deepEqual(await read(l1, game, "gameData"), [gameType, claim(1), blockNumberWord(42)]);
  assert.equal(await read(l1, game, "status"), 0);
  assert.equal(await read(l1, game, "wasRespectedGameTypeWhenCreated"), true);
  assert.equal(await read(l1, game, "anchorStateRegistry"), getAddress(registry.address));
  assert.equal(await read(l1, game, "maxClockDuration"), BigInt(delays.challenge_period_s));
  const [, createdAt] = await read(l1, factory, "gameAtIndex", [game.index]);
  assert.equal(await read(l1, game, "createdAt"), createdAt);
  assert.equal(await read(l1, game, "expectedResolution"), createdAt + BigInt(delays.challenge_period_s));
  const [log] = game.receipt.logs;
  assert.deepEqual(log.topics.slice(1), [pad(game.address).toLowerCase(), toHex(gameType, { size: 32 }), claim(1)]);
});

test("the factory finds games by claim, by place and the latest of a type", async () => {
  assert.equal(await read(l1, factory, "gameCount"), 0n);
  assert.deepEqual(await read(l1, factory, "findLatestGames", [gameType, 0n, 0n]), []);
  const otherType = 77;
  const impl = await deploy(l1, "TestGame", [registry.address, otherType]);
  await send(l1, factory, "setImplementation", [otherType, impl.address], { from: owner });
  const made = [];
  for (let i = 1; i <= 6; i++) made.push(await createGame(l1, claim(i), 10 + i, { type: i % 3 === 0 ? otherType : gameType }));
  assert.equal(await read(l1, factory, "gameCount"), 6n);
  assert.deepEqual((await read(l1, factory, "games", [gameType, claim(2), blockNumberWord(12)]))[0], made[1].address);
  assert.equal((await read(l1, factory, "games", [otherType, claim(2), blockNumberWord(12)]))[0], `0x${"00".repeat(20)}`);

  const latest = await read(l1, factory, "findLatestGames", [gameType, 5n, 3n]);
  assert.deepEqual(latest.map(({ index }) => index), [4n, 3n, 1n]);
  assert.deepEqual(latest.map(({ rootClaim }) => rootClaim), [claim(5), claim(4), claim(2)]);
  assert.deepEqual(latest.map(({ extraData }) => extraData), [15, 14, 12].map(blockNumberWord));
  const metadata = concat([toHex(gameType, { size: 4 }), toHex(latest[0].timestamp, { size: 8 }), made[4].address.toLowerCase()]);
  assert.equal(latest[0].metadata, metadata);
  const indices = async (...args) => (await read(l1, factory, "findLatestGames", args)).map(({ index }) => Number(index));
  assert.deepEqual(await indices(otherType, 5n, 10n), [5, 2]);
  assert.deepEqual(await indices(gameType, 2n, 10n), [1, 0]);
  assert.deepEqual(await indices(gameType, 0n, 1n), [0]);
  assert.deepEqual(await indices(gameType, 6n, 1n), []);
  assert.deepEqual(await indices(gameType, 5n, 2n ** 255n), [4, 3, 1, 0], "an absurd count costs nothing");
  const uuid = keccak256(encodeAbiParameters([{ type: "uint32" }, { type: "bytes32" }, { type: "bytes" }], [gameType, claim(1), blockNumberWord(11)]));
  assert.equal(await read(l1, factory, "getGameUUID", [gameType, claim(1), blockNumberWord(11)]), uuid);
});

test("what the factory and the game refuse", async () => {
  await createGame(l1, claim(1), 42);
  assert.equal(await createRefusal([gameType, claim(1), blockNumberWord(42)]), "GameAlreadyExists");
  assert.equal(await createRefusal([gameType, claim(2), blockNumberWord(42)]), null, "another claim for the same block");
  assert.equal(await createRefusal([1, claim(2), blockNumberWord(42)]), "NoImplementation");
  assert.equal(await createRefusal([gameType, claim(2), blockNumberWord(42)], { value: 1n }), "InsufficientBond");
  assert.equal(await createRefusal([gameType, claim(2), blockNumberWord(42)], { from: alice }), "NotProposer");
  assert.equal(await createRefusal([gameType, claim(2), blockNumberWord(0)]), "UnexpectedL2BlockNumber", "not above the anchor");
  assert.equal(await createRefusal([gameType, claim(2), toHex(2n ** 64n, { size: 32 })]), "UnexpectedL2BlockNumber");
  assert.equal(await createRefusal([gameType, claim(2), "0x2a"]), "BadExtraData");
  assert.equal(await createRefusal([gameType, claim(2), `${blockNumberWord(42)}00`]), "BadExtraData");
  for (const [name, args] of [["setImplementation", [1, bob.address]], ["setInitBond", [1, 1n]]]) {
    assert.equal(await revertOf(l1, factory, name, args), "OwnableUnauthorizedAccount");
  }
});

test("a game begins once, ends once and not before its time", async () => {
  const game = await createGame(l1, claim(1), 42);
  assert.equal(await revertOf(l1, game, "initialize"), "AlreadyInitialized");
  assert.equal(await revertOf(l1, game, "resolve"), "ClockNotExpired");
  await increaseTime(l1, delays.challenge_period_s);
  assert.equal(await read(l1, registry, "isGameFinalized", [game.address]), false);
  await send(l1, game, "resolve", [], { from: carol });
  assert.equal(await read(l1, game, "status"), 2);
  assert.equal(await read(l1, game, "resolvedAt"), (await l1.getBlock()).timestamp);
  assert.equal(await revertOf(l1, game, "resolve"), "GameNotInProgress");
  assert.equal(await read(l1, registry, "isGameResolved", [game.address]), true);
  assert.equal(await read(l1, registry, "isGameFinalized", [game.address]), false);
  await increaseTime(l1, delays.dispute_game_finality_delay_s + 1);
  assert.equal(await read(l1, registry, "isGameClaimValid", [game.address]), true);

  const impl = at(resolved.addresses.claim_game_impl, "ClaimGame");
  assert.equal(await revertOf(l1, impl, "resolve"), "ClockNotExpired", "the implementation is no game");
  assert.equal(await revertOf(l1, impl, "initialize"), "NotFactory");
});

test("a bond is held and paid back to the creator only, once", async () => {
  await send(l1, factory, "setInitBond", [gameType, 1000n], { from: owner });
  assert.equal(await createRefusal([gameType, claim(1), blockNumberWord(42)]), "InsufficientBond");
  const game = await createGame(l1, claim(1), 42, { value: 1000n });
  assert.equal(await l1.getBalance({ address: game.address }), 1000n);
  assert.equal(await revertOf(l1, game, "claimCredit", [proposer.address]), "GameNotResolved");
  await finishGame(l1, game);
  await send(l1, game, "claimCredit", [alice.address]);
  assert.equal(await l1.getBalance({ address: game.address }), 1000n, "a stranger has no credit");
  const before = await l1.getBalance({ address: proposer.address });
  await send(l1, game, "claimCredit", [proposer.address]);
  await send(l1, game, "claimCredit", [proposer.address]);
  assert.equal((await l1.getBalance({ address: proposer.address })) - before, 1000n);
});

test("the anchor moves forward to final games only", async () => {
  assert.deepEqual(await read(l1, registry, "getAnchorRoot"), [params.l2_genesis_output_root, 0n]);
  const first = await createGame(l1, claim(1), 42);
  const second = await createGame(l1, claim(2), 50);
  assert.equal(await revertOf(l1, registry, "setAnchorState", [first.address]), "InvalidAnchorGame");
  await finishGame(l1, first);
  await finishGame(l1, second);
  await send(l1, registry, "setAnchorState", [second.address], { from: carol });
  assert.deepEqual(await read(l1, registry, "getAnchorRoot"), [claim(2), 50n]);
  assert.deepEqual(await read(l1, registry, "anchors", [gameType]), [claim(2), 50n]);
  assert.equal(await revertOf(l1, registry, "setAnchorState", [first.address]), "InvalidAnchorGame");
  assert.equal(await createRefusal([gameType, claim(3), blockNumberWord(50)]), "UnexpectedL2BlockNumber");
  assert.notEqual(await revertOf(l1, registry, "setAnchorState", [alice.address]), null);
});

test("initializers run once and not on implementations", async () => {
  for (const [name, contract, args] of [
    ["dispute_game_factory", "DisputeGameFactory", [alice.address]],
    ["anchor_state_registry", "AnchorStateRegistry", [alice.address, alice.address, claim(1), 0n, 1]],
    ["optimism_portal", "OptimismPortal", [alice.address, alice.address]],
    ["l1_cross_domain_messenger", "L1CrossDomainMessenger", [alice.address]],
    ["l1_standard_bridge", "L1StandardBridge", [alice.address, alice.address]],
    ["system_config", "SystemConfig", [alice.address, alice.address, claim(1), 30_000_000n, alice.address, alice.address, 1n]],
  ]) {
    for (const address of [resolved.addresses[name], resolved.addresses[`${name}_impl`]]) {
      assert.equal(await revertOf(l1, at(address, contract), "initialize", args), "InvalidInitialization", name);
    }
  }
});

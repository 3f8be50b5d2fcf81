// L2BEAT's conditions for Stage 2, by name. "Five fresh keys each defeat a wrong root" is in fault_game.test.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { encodeFunctionData, zeroHash } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { getWithdrawals } from "viem/op-stack";
import { alice, artifacts, at, bob, blockNumberWord, carryDeposit, contracts, council, delays, deploy, guardian, increaseTime, messagePasser, outputRootAt, owner, plan, read, resolved, revertOf, send, startL1, startL2 } from "./support/rollup.mjs";
import { CHALLENGER_WINS, clock_s, creatorBond, DEFENDER_WINS, faultType, installFaultGames, nextInputHash, Player, runMachine } from "./support/fault_game.mjs";

const { portal, factory, registry, config, passer } = contracts;
let l1, l2, stops, snapshot;

before(async () => {
  const [first, second] = await Promise.all([startL1(resolved), startL2(resolved)]);
  ({ l1 } = first);
  ({ l2 } = second);
  stops = [first.stop, second.stop];
  await installFaultGames(l1);
});
after(() => stops?.forEach((stop) => stop()));
beforeEach(async () => {
  snapshot = await l1.snapshot();
});
afterEach(() => l1.revert({ id: snapshot }));

async function stranger() {
  const account = privateKeyToAccount(generatePrivateKey());
  await l1.setBalance({ address: account.address, value: 10n ** 20n });
  return account;
}

/// A withdrawal that was asked for on L1 by a deposit, in the block that derivation makes of it.
async function forceWithdrawal(account) {
  const data = encodeFunctionData({ abi: passer.abi, functionName: "initiateWithdrawal", args: [account.address, 100_000n, "0x"] });
  const value = 10n ** 15n;
  const deposit = await send(l1, portal, "depositTransaction", [messagePasser, value, 500_000n, false, data], { from: account, value });
  const [log] = await l1.getContractEvents({ ...portal, eventName: "TransactionDeposited", blockHash: deposit.blockHash });
  const receipt = await carryDeposit(l2, log);
  assert.equal(receipt.status, "success");
  return { withdrawal: getWithdrawals(receipt)[0], blockNumber: receipt.blockNumber, value };
}

async function claim(account, blockNumber) {
  const { root } = await outputRootAt(l2, blockNumber);
  const inputHash = await nextInputHash(l1, blockNumber);
  await send(l1, factory, "create", [faultType, root, blockNumberWord(blockNumber)], { from: account, value: creatorBond });
  const index = (await read(l1, factory, "gameCount")) - 1n;
  const [, , address] = await read(l1, factory, "gameAtIndex", [index]);
  return { game: { ...at(address, "FaultGame"), index }, inputHash };
}

async function prove(account, withdrawal, index, blockNumber) {
  const request = await l2.buildProveWithdrawal({ withdrawal, game: { index, l2BlockNumber: blockNumber, usesSuperRoots: false } });
  const args = [withdrawal, index, request.outputRootProof, request.withdrawalProof];
  await increaseTime(l1, 1);
  const refusal = await revertOf(l1, portal, "proveWithdrawalTransaction", args, { from: account });
  if (refusal === null) await send(l1, portal, "proveWithdrawalTransaction", args, { from: account });
  return refusal;
}

test("L2BEAT Stage 2: with sequencer, batcher and proposer gone an EOA exits alone", async () => {
  const account = await stranger();
  const { withdrawal, blockNumber, value } = await forceWithdrawal(account);
  const { game } = await claim(account, blockNumber);
  assert.equal(await prove(account, withdrawal, game.index, blockNumber), null);
  await increaseTime(l1, Math.max(clock_s, delays.proof_maturity_delay_s) + 1);
  await send(l1, game, "resolve", [], { from: account });
  assert.equal(await read(l1, game, "status"), DEFENDER_WINS);
  await increaseTime(l1, delays.dispute_game_finality_delay_s + 1);
  const before = await l1.getBalance({ address: account.address });
  const receipt = await send(l1, portal, "finalizeWithdrawalTransaction", [withdrawal], { from: account });
  const paid = receipt.gasUsed * receipt.effectiveGasPrice;
  assert.equal((await l1.getBalance({ address: account.address })) - before + paid, value);
});

test("L2BEAT Stage 2: withdrawals proven against a root that fell are refused, whoever proved them when", async () => {
  const account = await stranger();
  const { withdrawal, blockNumber } = await forceWithdrawal(account);
  // What the counting machine ends with is another root: this claim is wrong.
  const { game, inputHash } = await claim(account, blockNumber);
  assert.equal(await prove(account, withdrawal, game.index, blockNumber), null, "nobody knows yet");
  const honest = await stranger();
  await new Player(l1, game, runMachine(inputHash), honest).join();
  await increaseTime(l1, 2 * clock_s);
  await send(l1, game, "resolve", [], { from: honest });
  assert.equal(await read(l1, game, "status"), CHALLENGER_WINS);
  await increaseTime(l1, delays.proof_maturity_delay_s + delays.dispute_game_finality_delay_s);
  assert.equal(await revertOf(l1, portal, "finalizeWithdrawalTransaction", [withdrawal], { from: account }), "OptimismPortal_InvalidRootClaim");
  assert.equal(await revertOf(l1, portal, "checkWithdrawal", [zeroHash, account.address]), "OptimismPortal_Unproven");
  assert.equal(await prove(account, withdrawal, game.index, blockNumber), "InvalidDisputeGame");
  assert.equal(await read(l1, registry, "isGameClaimValid", [game.address]), false);
});

test("L2BEAT Stage 2: no address check on any game function", () => {
  const source = (name) => readFileSync(new URL(`../src/l1/dispute/${name}.sol`, import.meta.url), "utf8").replaceAll(/\/\/.*$/gm, "");
  for (const name of ["FaultGame", "Tournament"]) assert.doesNotMatch(source(name), /msg\.sender|tx\.origin|only[A-Z]/, name);
  // CloneGame asks once: only the factory may begin a game, and anybody may ask the factory.
  assert.equal(source("CloneGame").match(/msg\.sender/g).length, 1);
  assert.match(source("CloneGame"), /msg\.sender != address\(REGISTRY\.disputeGameFactory\(\)\)/);
  const create = source("DisputeGameFactory").match(/function create\([\s\S]*?\n    }/)[0];
  assert.doesNotMatch(create, /onlyOwner|revert Unauthorized/);
});

test("L2BEAT Stage 2: the guardian cannot strike out what a dispute decides, nor choose which games count", async () => {
  const account = await stranger();
  const { blockNumber } = await forceWithdrawal(account);
  const { game } = await claim(account, blockNumber);
  const tries = [["blacklistDisputeGame", [game.address]], ["updateRetirementTimestamp", []], ["setRespectedGameType", [1]]];
  for (const [name, args] of tries) {
    assert.equal(await revertOf(l1, registry, name, args, { from: guardian }), "Unauthorized", name);
    assert.equal(await revertOf(l1, registry, name, args, { from: owner }), null, name);
  }
});

test("L2BEAT Stage 2: the pause expires by itself and cannot be prolonged", async () => {
  await send(l1, config, "pause", [], { from: guardian });
  assert.equal(await read(l1, portal, "paused"), true);
  await increaseTime(l1, 89 * 86_400);
  assert.equal(await revertOf(l1, config, "pause", [], { from: guardian }), "PausedRecently");
  await increaseTime(l1, 86_400 + 1);
  assert.equal(await read(l1, portal, "paused"), false);
  assert.equal(await revertOf(l1, config, "pause", [], { from: guardian }), "PausedRecently", "not a second time at once");
  await increaseTime(l1, 90 * 86_400);
  assert.equal(await revertOf(l1, config, "pause", [], { from: guardian }), null);
});

test("L2BEAT Stage 2: upgrades wait 30 days net of the exit delay, and the number of days is a view function", async () => {
  const timelock = at(resolved.addresses.upgrade_timelock, "UpgradeTimelock");
  const exitDelay = await read(l1, timelock, "exitDelaySeconds");
  // docs/spec/game.md: a game ends within two clocks and 18 extensions.
  const { forced_inclusion_s, clock_extension_s } = plan.params;
  const dispute = 2 * delays.challenge_period_s + 18 * Number(clock_extension_s.default);
  assert.equal(exitDelay, BigInt(Number(forced_inclusion_s.default) + dispute + delays.dispute_game_finality_delay_s + delays.proof_maturity_delay_s));
  assert.equal(await read(l1, timelock, "exitWindowDays"), 30n);
  assert.equal(await read(l1, timelock, "exitWindowSeconds"), 30n * 86_400n);
  assert.equal(await read(l1, timelock, "getMinDelay"), 30n * 86_400n + exitDelay);
  const admins = [];
  for (const step of plan.l1.filter((candidate) => candidate.create === "TransparentUpgradeableProxy")) {
    const stored = await l1.getStorageAt({ address: resolved.addresses[step.as], slot: "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103" });
    const admin = at(`0x${stored.slice(26)}`, "ProxyAdmin");
    assert.equal(await read(l1, admin, "owner"), timelock.address, step.as);
    admins.push([step.as, admin]);
  }
  for (const name of ["dispute_game_factory", "system_config"]) assert.equal(await read(l1, at(resolved.addresses[name], "SystemConfig"), "owner"), timelock.address, name);

  const [name, admin] = admins.find(([as]) => as === "optimism_portal");
  const next = await deploy(l1, "OptimismPortal", [1n]);
  const data = encodeFunctionData({ abi: admin.abi, functionName: "upgradeAndCall", args: [resolved.addresses[name], next.address, "0x"] });
  const upgrade = [admin.address, 0n, data, zeroHash, zeroHash];
  const delay = 30n * 86_400n + exitDelay;
  assert.equal(await revertOf(l1, timelock, "schedule", [...upgrade, delay], { from: alice }), "AccessControlUnauthorizedAccount");
  assert.equal(await revertOf(l1, timelock, "schedule", [...upgrade, delay - 1n], { from: council }), "TimelockInsufficientDelay");
  await send(l1, timelock, "schedule", [...upgrade, delay], { from: council });
  await increaseTime(l1, Number(delay) - 60);
  assert.equal(await revertOf(l1, timelock, "execute", upgrade, { from: council }), "TimelockUnexpectedOperationState");
  await increaseTime(l1, 60);
  await send(l1, timelock, "execute", upgrade, { from: bob });
  assert.equal(await read(l1, at(resolved.addresses.optimism_portal, "OptimismPortal"), "proofMaturityDelaySeconds"), 1n);
});

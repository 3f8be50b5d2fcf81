// The whole way of a withdrawal with viem's own actions, and every reason for which the portal refuses.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { encodeFunctionData, parseEther, toFunctionSelector } from "viem";
import { getWithdrawals } from "viem/op-stack";
import { alice, at, bob, carol, contracts, createGame, delays, deploy, finishGame, gameType, guardian, increaseTime, outputRootAt, owner, propose, read, resolved, revertOf, send, startL1, startL2 } from "./support/rollup.mjs";

const { portal, registry, config, factory, passer } = contracts;
const otherType = 0xe0ff;
let l1, l2, chain, stops, snapshots;

before(async () => {
  const [first, second] = await Promise.all([startL1(resolved), startL2(resolved)]);
  ({ l1 } = first);
  ({ l2, chain } = second);
  stops = [first.stop, second.stop];
});
after(() => stops.forEach((stop) => stop()));
beforeEach(async () => {
  snapshots = [await l1.snapshot(), await l2.snapshot()];
});
afterEach(async () => {
  await Promise.all([l1.revert({ id: snapshots[0] }), l2.revert({ id: snapshots[1] })]);
});

/// Funds the portal, withdraws on L2 and proposes the block; what a prover needs.
async function withdraw({ to = bob.address, value = parseEther("1"), data = "0x", gas = 100_000n, fund = true } = {}) {
  if (fund) await send(l1, portal, "donateETH", [], { value: parseEther("10") });
  const receipt = await send(l2, passer, "initiateWithdrawal", [to, gas, data], { value });
  const [withdrawal] = getWithdrawals(receipt);
  const game = await propose(l1, l2, receipt.blockNumber);
  return { receipt, withdrawal, game, ...(await proofFor(withdrawal, game)) };
}

/// viem's own preparation of a proof.
async function proofFor(withdrawal, game) {
  const l2BlockNumber = await read(l1, game, "l2BlockNumber");
  const request = await l2.buildProveWithdrawal({ withdrawal, game: { index: game.index, l2BlockNumber, usesSuperRoots: false } });
  return { request, proveArgs: [withdrawal, request.l2OutputIndex, request.outputRootProof, request.withdrawalProof] };
}

const status = (receipt) => l1.getWithdrawalStatus({ receipt, targetChain: chain });
const finalizeOf = (withdrawal, from = alice) => revertOf(l1, portal, "finalizeWithdrawalTransaction", [withdrawal], { from });
const proveAndMature = async (proveArgs, game, from = alice) => {
  await increaseTime(l1, 1);
  await send(l1, portal, "proveWithdrawalTransaction", proveArgs, { from });
  await finishGame(l1, game);
};

test("viem carries a withdrawal from L2 to L1", async () => {
  await send(l1, portal, "donateETH", [], { value: parseEther("10") });
  const hash = await l2.initiateWithdrawal({ account: alice, request: { to: carol.address, value: parseEther("2"), gas: 100_000n } });
  const receipt = await l2.waitForTransactionReceipt({ hash });
  assert.equal(await status(receipt), "waiting-to-prove");

  await propose(l1, l2, receipt.blockNumber);
  assert.equal(await status(receipt), "ready-to-prove");
  const { output, withdrawal } = await l1.waitToProve({ receipt, targetChain: chain });
  const request = await l2.buildProveWithdrawal({ account: alice, output, withdrawal });
  await increaseTime(l1, 1);
  const proved = await l1.proveWithdrawal({ ...request, targetChain: chain });
  assert.equal((await l1.waitForTransactionReceipt({ hash: proved })).status, "success");
  assert.equal(await status(receipt), "waiting-to-finalize");

  const [found] = await l1.getGames({ targetChain: chain });
  assert.equal(found.l2BlockNumber, receipt.blockNumber);
  const waiting = await l1.getTimeToFinalize({ withdrawalHash: withdrawal.withdrawalHash, targetChain: chain });
  assert.ok(waiting.seconds > 0 && waiting.period === delays.proof_maturity_delay_s);
  await finishGame(l1, at(`0x${found.metadata.slice(26)}`, "ClaimGame"));
  assert.equal(await status(receipt), "ready-to-finalize");
  const before = await l1.getBalance({ address: carol.address });
  const finalized = await l1.finalizeWithdrawal({ account: alice, withdrawal, targetChain: chain });
  assert.equal((await l1.waitForTransactionReceipt({ hash: finalized })).status, "success");
  assert.equal((await l1.getBalance({ address: carol.address })) - before, parseEther("2"));
  assert.equal(await status(receipt), "finalized");
});

test("each step is refused before its time, by name", async () => {
  const { withdrawal, game, proveArgs, receipt } = await withdraw();
  const { withdrawalHash } = withdrawal;
  assert.equal(await revertOf(l1, portal, "checkWithdrawal", [withdrawalHash, alice.address]), "OptimismPortal_Unproven");
  assert.equal(await finalizeOf(withdrawal), "OptimismPortal_Unproven");

  await increaseTime(l1, 1);
  const proof = await send(l1, portal, "proveWithdrawalTransaction", proveArgs);
  assert.equal(proof.logs.length, 2, "WithdrawalProven and its extension");
  assert.equal(await read(l1, portal, "numProofSubmitters", [withdrawalHash]), 1n);
  assert.equal(await read(l1, portal, "proofSubmitters", [withdrawalHash, 0n]), alice.address);
  assert.equal((await read(l1, portal, "provenWithdrawals", [withdrawalHash, alice.address]))[0], game.address);
  assert.equal(await finalizeOf(withdrawal), "OptimismPortal_ProofNotOldEnough");
  assert.equal(await finalizeOf(withdrawal, bob), "OptimismPortal_Unproven", "a proof counts for its submitter");

  await increaseTime(l1, delays.proof_maturity_delay_s + 1);
  assert.equal(await finalizeOf(withdrawal), "OptimismPortal_InvalidRootClaim", "not resolved");
  assert.equal(await status(receipt), "waiting-to-finalize");
  assert.equal(await revertOf(l1, game, "resolve"), "ClockNotExpired");
  await increaseTime(l1, delays.challenge_period_s);
  await send(l1, game, "resolve");
  assert.equal(await finalizeOf(withdrawal), "OptimismPortal_InvalidRootClaim", "finality delay");
  assert.equal(await status(receipt), "waiting-to-finalize");
  await increaseTime(l1, delays.dispute_game_finality_delay_s + 1);
  assert.equal(await finalizeOf(withdrawal), null);
  assert.equal(await revertOf(l1, portal, "finalizeWithdrawalTransactionExternalProof", [withdrawal, alice.address], { from: bob }), null);

  await send(l1, portal, "finalizeWithdrawalTransaction", [withdrawal]);
  assert.equal(await finalizeOf(withdrawal), "OptimismPortal_AlreadyFinalized");
  assert.equal(await revertOf(l1, portal, "proveAndFinalizeWithdrawal", proveArgs), "OptimismPortal_AlreadyFinalized");
});

test("one call proves and finalises once the root is final", async () => {
  const { withdrawal, game, proveArgs } = await withdraw();
  await increaseTime(l1, 1);
  const attempt = () => revertOf(l1, portal, "proveAndFinalizeWithdrawal", proveArgs, { from: carol });
  assert.equal(await attempt(), "ProposalNotValidated");
  await increaseTime(l1, delays.challenge_period_s);
  await send(l1, game, "resolve");
  assert.equal(await attempt(), "ProposalNotValidated");
  await increaseTime(l1, delays.dispute_game_finality_delay_s + 1);
  const before = await l1.getBalance({ address: bob.address });
  const receipt = await send(l1, portal, "proveAndFinalizeWithdrawal", proveArgs, { from: carol });
  assert.equal((await l1.getBalance({ address: bob.address })) - before, withdrawal.value);
  assert.equal(receipt.logs.length, 3);
  assert.equal(await attempt(), "OptimismPortal_AlreadyFinalized");
});

test("the one call also waits for the proof maturity delay, counted from the root's publication", async () => {
  const slow = await deploy(l1, "OptimismPortal", [delays.challenge_period_s * 10]);
  const proxy = await deploy(l1, "TransparentUpgradeableProxy", [
    slow.address, owner.address, encodeFunctionData({ abi: portal.abi, functionName: "initialize", args: [config.address, registry.address] }),
  ]);
  const { game, proveArgs } = await withdraw();
  await finishGame(l1, game);
  assert.equal(await revertOf(l1, at(proxy.address, "OptimismPortal"), "proveAndFinalizeWithdrawal", proveArgs), "OptimismPortal_ProofNotOldEnough");
});

test("a proof must fit in every part", async () => {
  await l2.mine({ blocks: 2 });
  const { withdrawal, proveArgs, request, receipt } = await withdraw();
  await increaseTime(l1, 1);
  const prove = (args) => revertOf(l1, portal, "proveWithdrawalTransaction", args);
  assert.equal(await prove(proveArgs), null);
  const [tx, index, outputRootProof, proof] = proveArgs;
  for (const field of Object.keys(outputRootProof)) {
    const changed = { ...outputRootProof, [field]: `0x${"ab".repeat(32)}` };
    assert.equal(await prove([tx, index, changed, proof]), "InvalidProof", field);
  }
  const other = { nonce: tx.nonce + 1n, sender: bob.address, target: carol.address, value: tx.value + 1n, gasLimit: tx.gasLimit + 1n, data: "0x01" };
  for (const [field, value] of Object.entries(other)) {
    assert.equal(await prove([{ ...tx, [field]: value }, index, outputRootProof, proof]), "InvalidMerkleProof", field);
  }
  assert.equal(await prove([tx, index, outputRootProof, []]), "InvalidMerkleProof");
  assert.equal(await prove([tx, index, outputRootProof, [...proof, proof.at(-1)]]), "InvalidMerkleProof");
  assert.equal(await prove([tx, index, outputRootProof, proof.slice(0, -1)]), "InvalidMerkleProof");
  assert.notEqual(await prove([tx, index + 1n, outputRootProof, proof]), null, "no such game");

  // The root of another block, where the withdrawal is not yet, does not help.
  const earlier = await propose(l1, l2, receipt.blockNumber - 1n);
  const { preimage } = await outputRootAt(l2, receipt.blockNumber - 1n);
  await increaseTime(l1, 1);
  assert.equal(await prove([tx, earlier.index, preimage, request.withdrawalProof]), "InvalidMerkleProof");
  assert.equal(withdrawal.sender, alice.address);
});

test("a proof in the game's own block is refused", async () => {
  const { proveArgs } = await withdraw();
  const { timestamp } = await l1.getBlock();
  const data = encodeFunctionData({ abi: portal.abi, functionName: "proveWithdrawalTransaction", args: proveArgs });
  const call = { account: alice, to: portal.address, data, blockOverrides: { time: timestamp } };
  await assert.rejects(l1.call(call), (error) => error.walk((e) => e.data)?.data === toFunctionSelector("OptimismPortal_InvalidProofTimestamp()"));
});

test("the portal is no target", async () => {
  const { proveArgs } = await withdraw({ to: portal.address });
  await increaseTime(l1, 1);
  assert.equal(await revertOf(l1, portal, "proveWithdrawalTransaction", proveArgs), "BadTarget");
});

test("a pause stops proving and finalising and ends by itself", async () => {
  const { withdrawal, game, proveArgs } = await withdraw();
  await proveAndMature(proveArgs, game);
  assert.equal(await revertOf(l1, config, "pause"), "Unauthorized");
  await send(l1, config, "pause", [], { from: guardian });
  assert.equal(await read(l1, portal, "paused"), true);
  assert.equal(await finalizeOf(withdrawal), "CallPaused");
  assert.equal(await revertOf(l1, portal, "proveWithdrawalTransaction", proveArgs), "CallPaused");
  assert.equal(await revertOf(l1, portal, "proveAndFinalizeWithdrawal", proveArgs), "CallPaused");
  assert.equal(await revertOf(l1, portal, "depositTransaction", [bob.address, 0n, 100_000n, false, "0x"]), null, "deposits go on");
  assert.equal(await revertOf(l1, config, "unpause"), "Unauthorized");
  await increaseTime(l1, 90 * 86_400 + 1);
  assert.equal(await read(l1, portal, "paused"), false);
  assert.equal(await finalizeOf(withdrawal), null);
});

test("games of another type do not count", async () => {
  const { withdrawal, receipt } = await withdraw();
  const impl = await deploy(l1, "TestGame", [registry.address, otherType]);
  await send(l1, factory, "setImplementation", [otherType, impl.address], { from: owner });
  const { root } = await outputRootAt(l2, receipt.blockNumber);
  const foreign = await createGame(l1, root, receipt.blockNumber, { type: otherType, from: bob });
  await increaseTime(l1, 1);
  const { proveArgs } = await proofFor(withdrawal, foreign);
  assert.equal(await revertOf(l1, portal, "proveWithdrawalTransaction", proveArgs), "InvalidGameType");

  // Once the owner respects the type, its new games count, the old one still does not.
  assert.equal(await revertOf(l1, registry, "setRespectedGameType", [otherType]), "Unauthorized");
  await send(l1, registry, "setRespectedGameType", [otherType], { from: owner });
  assert.equal(await read(l1, portal, "respectedGameType"), otherType);
  assert.equal(await revertOf(l1, portal, "proveWithdrawalTransaction", proveArgs), "InvalidGameType");
  assert.equal(await status(receipt), "ready-to-prove");
});

test("a later game type drops in: its games are found, proven against, won and lost", async () => {
  const { withdrawal, receipt } = await withdraw();
  const impl = await deploy(l1, "TestGame", [registry.address, otherType]);
  await send(l1, factory, "setImplementation", [otherType, impl.address], { from: owner });
  await send(l1, registry, "setRespectedGameType", [otherType], { from: owner });
  const { root } = await outputRootAt(l2, receipt.blockNumber);
  const lost = await createGame(l1, root, receipt.blockNumber, { type: otherType, from: bob });
  const { proveArgs } = await proofFor(withdrawal, lost);
  await increaseTime(l1, 1);
  await send(l1, portal, "proveWithdrawalTransaction", proveArgs);
  const asTest = at(lost.address, "TestGame");
  await send(l1, asTest, "decide", [1]);
  await send(l1, asTest, "resolve");
  await increaseTime(l1, delays.proof_maturity_delay_s + 1);
  assert.equal(await finalizeOf(withdrawal), "OptimismPortal_InvalidRootClaim");
  assert.equal(await status(receipt), "ready-to-prove");
  assert.equal(await revertOf(l1, portal, "proveWithdrawalTransaction", proveArgs), "InvalidDisputeGame");
  assert.equal(await revertOf(l1, portal, "proveAndFinalizeWithdrawal", proveArgs), "InvalidDisputeGame");

  await send(l1, asTest, "decide", [2]);
  await send(l1, asTest, "resolve");
  await increaseTime(l1, delays.dispute_game_finality_delay_s + 1);
  assert.equal(await finalizeOf(withdrawal), null);
});

test("retired and blacklisted games do not count", async () => {
  const { withdrawal, game, proveArgs, receipt } = await withdraw();
  await proveAndMature(proveArgs, game);
  const snapshot = await l1.snapshot();
  assert.equal(await revertOf(l1, registry, "blacklistDisputeGame", [game.address]), "Unauthorized");
  await send(l1, registry, "blacklistDisputeGame", [game.address], { from: guardian });
  assert.equal(await read(l1, portal, "disputeGameBlacklist", [game.address]), true);
  assert.equal(await finalizeOf(withdrawal), "OptimismPortal_InvalidRootClaim");
  assert.equal(await revertOf(l1, portal, "proveWithdrawalTransaction", proveArgs), "Blacklisted");
  assert.equal(await revertOf(l1, portal, "proveAndFinalizeWithdrawal", proveArgs), "Blacklisted");
  assert.equal(await status(receipt), "ready-to-prove");

  await l1.revert({ id: snapshot });
  assert.equal(await revertOf(l1, registry, "updateRetirementTimestamp"), "Unauthorized");
  await send(l1, registry, "updateRetirementTimestamp", [], { from: owner });
  assert.equal(await finalizeOf(withdrawal), "OptimismPortal_InvalidRootClaim");
  assert.equal(await revertOf(l1, portal, "proveWithdrawalTransaction", proveArgs), "LegacyGame");
  assert.ok((await read(l1, portal, "respectedGameTypeUpdatedAt")) > 0n);
});

test("a game that answers to another registry does not count", async () => {
  const impl = await deploy(l1, "AnchorStateRegistry", [0n]);
  const args = [config.address, factory.address, `0x${"00".repeat(32)}`, 0n, otherType];
  const initialize = encodeFunctionData({ abi: registry.abi, functionName: "initialize", args });
  const foreignRegistry = await deploy(l1, "TransparentUpgradeableProxy", [impl.address, owner.address, initialize]);
  const game = await deploy(l1, "TestGame", [foreignRegistry.address, otherType]);
  await send(l1, factory, "setImplementation", [otherType, game.address], { from: owner });
  const { withdrawal, receipt } = await withdraw();
  const { root } = await outputRootAt(l2, receipt.blockNumber);
  const foreign = await createGame(l1, root, receipt.blockNumber, { type: otherType });
  await increaseTime(l1, 1);
  const { proveArgs } = await proofFor(withdrawal, foreign);
  assert.equal(await revertOf(l1, portal, "proveWithdrawalTransaction", proveArgs), "InvalidDisputeGame");
  assert.equal(await read(l1, registry, "isGameRegistered", [foreign.address]), false);
});

test("no withdrawal runs inside another, and none runs twice", async () => {
  const attacker = await deploy(l1, "Reenterer");
  const first = await withdraw({ to: attacker.address, gas: 2_000_000n });
  await proveAndMature(first.proveArgs, first.game);
  const again = encodeFunctionData({ abi: portal.abi, functionName: "finalizeWithdrawalTransactionExternalProof", args: [first.withdrawal, alice.address] });
  await send(l1, attacker, "prepare", [portal.address, again]);
  const second = await withdraw({ to: attacker.address, gas: 2_000_000n, fund: false });
  await proveAndMature(second.proveArgs, second.game);

  await send(l1, portal, "finalizeWithdrawalTransaction", [first.withdrawal]);
  assert.equal(await read(l1, attacker, "succeeded"), false);
  assert.equal(await read(l1, attacker, "returned"), toFunctionSelector("OptimismPortal_AlreadyFinalized()"));
  assert.equal(await read(l1, attacker, "seenL2Sender"), alice.address);
  assert.equal(await l1.getBalance({ address: attacker.address }), parseEther("1"));

  const other = encodeFunctionData({ abi: portal.abi, functionName: "proveAndFinalizeWithdrawal", args: second.proveArgs });
  const third = await withdraw({ to: attacker.address, gas: 2_000_000n, fund: false });
  await proveAndMature(third.proveArgs, third.game);
  await send(l1, attacker, "prepare", [portal.address, other]);
  await send(l1, portal, "finalizeWithdrawalTransaction", [third.withdrawal]);
  assert.equal(await read(l1, attacker, "returned"), toFunctionSelector("NonReentrant()"));
  assert.equal(await l1.getBalance({ address: attacker.address }), parseEther("2"));
  assert.equal(await read(l1, portal, "l2Sender"), "0x000000000000000000000000000000000000dEaD");
});

test("a target that fails, burns its gas or returns a bomb is done once and harms nobody", async () => {
  const target = await deploy(l1, "Misbehaving");
  for (const functionName of ["refuse", "burnAllGas", "returnBomb"]) {
    const data = encodeFunctionData({ abi: target.abi, functionName });
    const { withdrawal, game, proveArgs } = await withdraw({ to: target.address, data, gas: 300_000n });
    await proveAndMature(proveArgs, game);
    const before = await l1.getBalance({ address: portal.address });
    const receipt = await send(l1, portal, "finalizeWithdrawalTransaction", [withdrawal], { gas: 1_000_000n });
    assert.equal(BigInt(receipt.logs.at(-1).data), 0n, `${functionName}: success is false`);
    assert.equal(await l1.getBalance({ address: portal.address }), before);
    assert.equal(await finalizeOf(withdrawal), "OptimismPortal_AlreadyFinalized");
  }
});

test("too little gas reverts, so that a stingy relayer cannot use up a withdrawal", async () => {
  const { withdrawal, game, proveArgs } = await withdraw({ gas: 1_000_000n });
  await proveAndMature(proveArgs, game);
  const relayer = await deploy(l1, "StingyRelayer");
  for (const gas of [50_000n, 200_000n, 600_000n, 1_000_000n]) {
    await send(l1, relayer, "finalize", [portal.address, withdrawal, alice.address, gas]);
    assert.equal(await read(l1, portal, "finalizedWithdrawals", [withdrawal.withdrawalHash]), false, `${gas} gas`);
  }
  await send(l1, relayer, "finalize", [portal.address, withdrawal, alice.address, 1_300_000n]);
  assert.equal(await read(l1, portal, "finalizedWithdrawals", [withdrawal.withdrawalHash]), true);
});

test("a portal short of ether refuses rather than spend the withdrawal", async () => {
  const { withdrawal, game, proveArgs } = await withdraw({ fund: false });
  await proveAndMature(proveArgs, game);
  assert.equal(await finalizeOf(withdrawal), "PortalShortOfEther");
  assert.equal(await revertOf(l1, portal, "proveAndFinalizeWithdrawal", proveArgs), "PortalShortOfEther");
  await send(l1, portal, "donateETH", [], { value: withdrawal.value });
  assert.equal(await finalizeOf(withdrawal), null);
});

test("gas estimation covers a target that needs more than its message asks for", async () => {
  const target = await deploy(l1, "Misbehaving");
  const data = encodeFunctionData({ abi: target.abi, functionName: "refuse" });
  const { withdrawal, game, proveArgs } = await withdraw({ to: target.address, data });
  await proveAndMature(proveArgs, game);
  const estimator = "0x0000000000000000000000000000000000000001";
  assert.equal(await revertOf(l1, portal, "finalizeWithdrawalTransactionExternalProof", [withdrawal, alice.address], { from: estimator }), "GasEstimation");
});

test("nobody spoils another's proof by proving again", async () => {
  const { withdrawal, game, proveArgs } = await withdraw();
  await proveAndMature(proveArgs, game);
  await send(l1, portal, "proveWithdrawalTransaction", proveArgs, { from: carol });
  assert.equal(await finalizeOf(withdrawal, carol), "OptimismPortal_ProofNotOldEnough");
  assert.equal(await finalizeOf(withdrawal, alice), null);
  assert.equal(await read(l1, portal, "numProofSubmitters", [withdrawal.withdrawalHash]), 2n);
  assert.equal(gameType, await read(l1, game, "gameType"));
});

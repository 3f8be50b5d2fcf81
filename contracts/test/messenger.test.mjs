// Messengers and bridges, both ways: deposits are carried to the L2 as the transactions they ask for, withdrawals are proven and finalised.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { encodeFunctionData, keccak256, parseEther, parseEventLogs, toFunctionSelector } from "viem";
import { extractTransactionDepositedLogs, getWithdrawals } from "viem/op-stack";
import { alice, at, bob, carol, carryDeposit, contracts, deploy, finishGame, guardian, multicall3, propose, read, resolved, revertOf, send, startL1, startL2 } from "./support/rollup.mjs";

const { portal, messenger, l2Messenger, bridge, l2Bridge, tokenFactory, config, passer } = contracts;
let l1, l2, stops, snapshots;

before(async () => {
  const [first, second] = await Promise.all([startL1(resolved), startL2(resolved)]);
  ({ l1 } = first);
  ({ l2 } = second);
  stops = [first.stop, second.stop];
});
after(() => stops.forEach((stop) => stop()));
beforeEach(async () => {
  snapshots = [await l1.snapshot(), await l2.snapshot()];
});
afterEach(async () => {
  await Promise.all([l1.revert({ id: snapshots[0] }), l2.revert({ id: snapshots[1] })]);
});

const eventsOf = (contract, receipt) => parseEventLogs({ abi: contract.abi, logs: receipt.logs.filter(({ address }) => address.toLowerCase() === contract.address.toLowerCase()) });
const namesOf = (contract, receipt) => eventsOf(contract, receipt).map(({ eventName }) => eventName);

/// Carries the deposit in an L1 receipt to L2.
async function carry(receipt) {
  const [log] = extractTransactionDepositedLogs(receipt);
  const l2Receipt = await carryDeposit(l2, log);
  assert.equal(l2Receipt.status, "success");
  return l2Receipt;
}

/// Proves and finalises the withdrawal in an L2 receipt; the L1 receipt.
async function settle(receipt) {
  const [withdrawal] = getWithdrawals(receipt);
  const game = await propose(l1, l2, receipt.blockNumber);
  await finishGame(l1, game);
  const request = await l2.buildProveWithdrawal({ withdrawal, game: { index: game.index, l2BlockNumber: receipt.blockNumber, usesSuperRoots: false } });
  return send(l1, portal, "proveAndFinalizeWithdrawal", [withdrawal, request.l2OutputIndex, request.outputRootProof, request.withdrawalProof], { from: carol });
}

/// relayMessage's arguments from the events of a sender's receipt.
function messageOf(contract, receipt) {
  const events = eventsOf(contract, receipt);
  const { args } = events.find(({ eventName }) => eventName === "SentMessage");
  const { args: extension } = events.find(({ eventName }) => eventName === "SentMessageExtension1");
  return [args.messageNonce, args.sender, args.target, extension.value, args.gasLimit, args.message];
}
const hashOf = (message) => keccak256(encodeFunctionData({ abi: messenger.abi, functionName: "relayMessage", args: message }));

test("a message goes up with its ether and its sender", async () => {
  const probe = await deploy(l2, "Misbehaving");
  const data = encodeFunctionData({ abi: probe.abi, functionName: "recordSender", args: [l2Messenger.address] });
  const sent = await send(l1, messenger, "sendMessage", [probe.address, data, 200_000], { value: 5n });
  const message = messageOf(messenger, sent);
  assert.equal(message[0] >> 240n, 1n);
  const received = await carry(sent);
  assert.deepEqual(namesOf(l2Messenger, received), ["RelayedMessage"]);
  assert.equal(await read(l2, probe, "sender"), alice.address);
  assert.equal(await read(l2, probe, "received"), 5n);
  assert.equal(await read(l2, l2Messenger, "successfulMessages", [hashOf(message)]), true);
  assert.equal(await read(l1, messenger, "messageNonce"), message[0] + 1n);
  assert.equal(await revertOf(l2, l2Messenger, "xDomainMessageSender"), "NoMessageInExecution");
  assert.equal(await revertOf(l2, l2Messenger, "relayMessage", message), "MessageCannotBeReplayed");
});

test("a message goes down with its ether and its sender", async () => {
  await send(l1, portal, "donateETH", [], { value: 100n });
  const probe = await deploy(l1, "Misbehaving");
  const data = encodeFunctionData({ abi: probe.abi, functionName: "recordSender", args: [messenger.address] });
  const sent = await send(l2, l2Messenger, "sendMessage", [probe.address, data, 200_000], { value: 7n });
  const received = await settle(sent);
  assert.deepEqual(namesOf(messenger, received), ["RelayedMessage"]);
  assert.equal(await read(l1, probe, "sender"), alice.address);
  assert.equal(await l1.getBalance({ address: probe.address }), 7n);
});

test("a failed message keeps its ether, and anyone can run it again until it succeeds, once", async () => {
  const target = await deploy(l2, "Misbehaving");
  const data = encodeFunctionData({ abi: target.abi, functionName: "refuse" });
  const sent = await send(l1, messenger, "sendMessage", [target.address, data, 100_000], { value: 9n });
  const message = messageOf(messenger, sent);
  const before = await l2.getBalance({ address: l2Messenger.address });
  assert.deepEqual(namesOf(l2Messenger, await carry(sent)), ["FailedRelayedMessage"]);
  assert.equal(await read(l2, l2Messenger, "failedMessages", [hashOf(message)]), true);
  assert.equal((await l2.getBalance({ address: l2Messenger.address })) - before, 9n);

  const again = (options) => send(l2, l2Messenger, "relayMessage", message, { from: carol, ...options });
  assert.deepEqual(namesOf(l2Messenger, await again()), ["FailedRelayedMessage"]);
  assert.equal(await revertOf(l2, l2Messenger, "relayMessage", message, { value: 9n }), "ValueMismatch");
  assert.equal(await revertOf(l2, l2Messenger, "relayMessage", [...message.slice(0, 3), 10n, ...message.slice(4)]), "MessageCannotBeReplayed");
  await send(l2, target, "forgive");
  // With little gas it is kept for later and not lost.
  assert.deepEqual(namesOf(l2Messenger, await again({ gas: 195_000n })), ["FailedRelayedMessage"]);
  assert.equal(await read(l2, target, "received"), 0n);
  assert.deepEqual(namesOf(l2Messenger, await again()), ["RelayedMessage"]);
  assert.equal(await read(l2, target, "received"), 9n);
  assert.equal(await revertOf(l2, l2Messenger, "relayMessage", message), "MessageAlreadyRelayed");
});

test("gas estimation finds the gas with which a message succeeds", async () => {
  const target = await deploy(l2, "Misbehaving");
  const data = encodeFunctionData({ abi: target.abi, functionName: "refuse" });
  const sent = await send(l1, messenger, "sendMessage", [target.address, data, 100_000]);
  await carry(sent);
  assert.equal(await revertOf(l2, l2Messenger, "relayMessage", messageOf(messenger, sent), { from: "0x0000000000000000000000000000000000000001" }), "FailedToRelay");
});

test("a target that burns all its gas leaves enough to record the failure", async () => {
  const target = await deploy(l2, "Misbehaving");
  for (const functionName of ["burnAllGas", "returnBomb"]) {
    const sent = await send(l1, messenger, "sendMessage", [target.address, encodeFunctionData({ abi: target.abi, functionName }), 50_000]);
    assert.deepEqual(namesOf(l2Messenger, await carry(sent)), ["FailedRelayedMessage"], functionName);
  }
});

test("a message inside a message is kept for later", async () => {
  const target = await deploy(l2, "Misbehaving");
  const refused = await send(l1, messenger, "sendMessage", [target.address, encodeFunctionData({ abi: target.abi, functionName: "refuse" }), 100_000]);
  await carry(refused);
  await send(l2, target, "forgive");
  const nester = await deploy(l2, "MessageNester");
  const inner = encodeFunctionData({ abi: messenger.abi, functionName: "relayMessage", args: messageOf(messenger, refused) });
  await send(l2, nester, "prepare", [l2Messenger.address, inner]);
  const outer = await send(l1, messenger, "sendMessage", [nester.address, encodeFunctionData({ abi: nester.abi, functionName: "run" }), 1_000_000]);
  assert.deepEqual(namesOf(l2Messenger, await carry(outer)), ["FailedRelayedMessage", "RelayedMessage"]);
  assert.equal(await read(l2, nester, "innerCallSucceeded"), true);
  assert.equal(await read(l2, target, "received"), 0n);
});

test("messages may not speak as the machinery", async () => {
  for (const target of [l2Messenger.address, passer.address]) {
    const sent = await send(l1, messenger, "sendMessage", [target, "0x", 100_000]);
    const [log] = extractTransactionDepositedLogs(sent);
    assert.equal((await carryDeposit(l2, log)).status, "reverted");
  }
  // On L1 a message to the portal or the messenger is a withdrawal that fails.
  for (const target of [portal.address, messenger.address]) {
    const receipt = await settle(await send(l2, l2Messenger, "sendMessage", [target, "0x", 100_000]));
    const final = eventsOf(portal, receipt).find(({ eventName }) => eventName === "WithdrawalFinalized");
    assert.equal(final.args.success, false);
  }
});

test("only the other messenger brings new messages, and only of version 1", async () => {
  const nonce = 1n << 240n;
  for (const [client, contract] of [[l1, messenger], [l2, l2Messenger]]) {
    assert.equal(await revertOf(client, contract, "relayMessage", [nonce, alice.address, bob.address, 0n, 0n, "0x"]), "MessageCannotBeReplayed");
    assert.equal(await revertOf(client, contract, "relayMessage", [nonce, alice.address, bob.address, 1n, 0n, "0x"], { value: 1n }), "ValueMismatch");
    for (const version of [0n, 2n]) {
      assert.equal(await revertOf(client, contract, "relayMessage", [version << 240n, alice.address, bob.address, 0n, 0n, "0x"]), "UnsupportedMessageVersion");
    }
  }
  // A withdrawal that calls the messenger directly comes from its sender, not from the other messenger.
  const data = encodeFunctionData({ abi: messenger.abi, functionName: "relayMessage", args: [nonce, bob.address, alice.address, 0n, 0n, "0x"] });
  const receipt = await settle(await send(l2, passer, "initiateWithdrawal", [messenger.address, 1_000_000n, data]));
  assert.equal(eventsOf(portal, receipt).at(-1).args.success, false);
});

test("the pause reaches messenger and bridge", async () => {
  await send(l1, config, "pause", [], { from: guardian });
  assert.equal(await revertOf(l1, messenger, "relayMessage", [1n << 240n, alice.address, bob.address, 0n, 0n, "0x"]), "MessengerPaused");
  assert.equal(await read(l1, bridge, "paused"), true);
});

test("baseGas covers the target's gas, the floor price of the data and the work around", async () => {
  assert.equal(await read(l1, messenger, "baseGas", ["0x", 0]), 21_000n + 285_000n + 260n * 16n);
  assert.equal(await read(l1, messenger, "baseGas", ["0x", 63_000]), 21_000n + 285_000n + 64_000n + 260n * 16n);
  assert.equal(await read(l1, messenger, "baseGas", [`0x${"11".repeat(50_000)}`, 0]), 21_000n + 50_260n * 40n);
  assert.ok((await read(l1, messenger, "baseGas", ["0x", 2 ** 32 - 1])) > 4_294_967_295n, "no overflow");
});

test("ether crosses the standard bridge both ways", async () => {
  const up = await send(l1, bridge, "depositETHTo", [bob.address, 200_000, "0x1234"], { value: parseEther("3") });
  assert.deepEqual(namesOf(bridge, up), ["ETHDepositInitiated", "ETHBridgeInitiated"]);
  const before = await l2.getBalance({ address: bob.address });
  assert.deepEqual(namesOf(l2Bridge, await carry(up)), ["DepositFinalized", "ETHBridgeFinalized"]);
  assert.equal((await l2.getBalance({ address: bob.address })) - before, parseEther("3"));

  const down = await send(l2, l2Bridge, "bridgeETHTo", [carol.address, 200_000, "0x"], { value: parseEther("1") });
  const l1Before = await l1.getBalance({ address: portal.address });
  assert.deepEqual(namesOf(bridge, await settle(down)), ["ETHWithdrawalFinalized", "ETHBridgeFinalized"]);
  assert.equal(l1Before - (await l1.getBalance({ address: portal.address })), parseEther("1"));

  const legacy = await send(l2, l2Bridge, "withdraw", ["0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000", 5n, 200_000, "0x"], { value: 5n });
  assert.deepEqual(namesOf(l2Bridge, legacy), ["WithdrawalInitiated", "ETHBridgeInitiated"]);
  assert.equal(await revertOf(l2, l2Bridge, "withdraw", ["0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000", 5n, 200_000, "0x"], { value: 4n }), "ValueMismatch");
  for (const [client, contract] of [[l1, bridge], [l2, l2Bridge]]) {
    const hash = await client.sendTransaction({ account: alice, to: contract.address, value: 2n, gas: 2_000_000n });
    assert.equal((await client.waitForTransactionReceipt({ hash })).status, "success", "plain transfer");
    assert.equal(await revertOf(client, contract, "finalizeBridgeETH", [alice.address, bob.address, 1n, "0x"], { value: 1n }), "OnlyOtherBridge");
  }
});

test("an L1 token gets a counterpart on L2 and comes back", async () => {
  const token = await deploy(l1, "PlainToken");
  const made = await send(l2, tokenFactory, "createOptimismMintableERC20", [token.address, "Bridged Plain", "bPLN"]);
  const created = eventsOf(tokenFactory, made).find(({ eventName }) => eventName === "OptimismMintableERC20Created");
  const l2Token = at(created.args.localToken, "OptimismMintableERC20");
  assert.equal(await read(l2, tokenFactory, "deployments", [l2Token.address]), token.address);
  assert.deepEqual(await Promise.all(["name", "symbol", "decimals", "remoteToken", "bridge"].map((name) => read(l2, l2Token, name))), ["Bridged Plain", "bPLN", 18, token.address, l2Bridge.address]);
  for (const id of ["0x01ffc9a7", "0x1d1d8b63", "0xec4fc8e3"]) assert.equal(await read(l2, l2Token, "supportsInterface", [id]), true, id);
  assert.equal(await revertOf(l2, l2Token, "mint", [alice.address, 1n]), "OnlyBridge");
  assert.equal(await revertOf(l2, l2Token, "burn", [alice.address, 1n]), "OnlyBridge");

  await send(l1, token, "approve", [bridge.address, 1000n], { from: bob });
  const up = await send(l1, bridge, "bridgeERC20To", [token.address, l2Token.address, alice.address, 1000n, 200_000, "0x"], { from: bob });
  assert.deepEqual(namesOf(bridge, up), ["ERC20DepositInitiated", "ERC20BridgeInitiated"]);
  assert.equal(await read(l1, bridge, "deposits", [token.address, l2Token.address]), 1000n);
  await carry(up);
  assert.equal(await read(l2, l2Token, "balanceOf", [alice.address]), 1000n);

  assert.equal(await revertOf(l2, l2Bridge, "bridgeERC20", [l2Token.address, carol.address, 1n, 200_000, "0x"]), "WrongRemoteToken");
  const down = await send(l2, l2Bridge, "withdrawTo", [l2Token.address, carol.address, 400n, 200_000, "0x"]);
  assert.equal(await read(l2, l2Token, "totalSupply"), 600n);
  assert.deepEqual(namesOf(bridge, await settle(down)), ["ERC20WithdrawalFinalized", "ERC20BridgeFinalized"]);
  assert.equal(await read(l1, token, "balanceOf", [carol.address]), 400n);
  assert.equal(await read(l1, bridge, "deposits", [token.address, l2Token.address]), 600n);

  // A counterpart that nobody made takes a deposit, but it fails on L2 and can only be replayed; another pair's tokens are not touched.
  await send(l1, token, "approve", [bridge.address, 5n], { from: bob });
  const astray = await send(l1, bridge, "bridgeERC20", [token.address, "0x00000000000000000000000000000000000000aa", 5n, 200_000, "0x"], { from: bob });
  assert.deepEqual(namesOf(l2Messenger, await carry(astray)), ["FailedRelayedMessage"]);
  assert.equal(await revertOf(l1, bridge, "finalizeBridgeERC20", [token.address, l2Token.address, bob.address, bob.address, 1n, "0x"]), "OnlyOtherBridge");
});

test("a contract must name the recipient", async () => {
  const multicall = at(multicall3, "Multicall3");
  const callData = encodeFunctionData({ abi: bridge.abi, functionName: "bridgeETH", args: [200_000, "0x"] });
  const { result } = await l1.simulateContract({ ...multicall, functionName: "aggregate3", args: [[{ target: bridge.address, allowFailure: true, callData }]] });
  assert.deepEqual(result, [{ success: false, returnData: toFunctionSelector("OnlyEOA()") }]);
});

// Predeploys: attributes and fees against independent computations, vaults, message passer, WETH, Multicall3.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { concat, encodeAbiParameters, encodeFunctionData, keccak256, pad, parseEther, toFunctionSelector, toHex } from "viem";
import { alice, at, batcher, bob, carol, contracts, messagePasser, multicall3, read, resolved, revertOf, send, startL2 } from "./support/rollup.mjs";
import { fastLzSize } from "./support/fastlz.mjs";

const { l1Block, oracle, passer, weth } = contracts;
const depositor = "0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd0001";
let l2, chain, stop, snapshot;

before(async () => {
  ({ l2, chain, stop } = await startL2(resolved, { plain: true }));
  await l2.impersonateAccount({ address: depositor });
  await l2.setBalance({ address: depositor, value: parseEther("1") });
});
after(() => stop());
beforeEach(async () => {
  snapshot = await l2.snapshot();
});
afterEach(() => l2.revert({ id: snapshot }));

const attributes = {
  baseFeeScalar: 0x01020304, blobBaseFeeScalar: 0x11121314, sequenceNumber: 5n, timestamp: 0x2122232425262728n, number: 0x3132333435363738n,
  basefee: 30_000_000_000n, blobBaseFee: 7_000_000_001n, hash: keccak256("0x01"), batcherHash: pad(bob.address).toLowerCase(),
  operatorFeeScalar: 0x41424344, operatorFeeConstant: 0x5152535455565758n, daFootprintGasScalar: 0x6162,
};
const layout = [
  ["baseFeeScalar", 4], ["blobBaseFeeScalar", 4], ["sequenceNumber", 8], ["timestamp", 8], ["number", 8], ["basefee", 32], ["blobBaseFee", 32],
  ["hash", 32], ["batcherHash", 32], ["operatorFeeScalar", 4], ["operatorFeeConstant", 8], ["daFootprintGasScalar", 2],
];
const selectors = { Ecotone: "0x440a5e20", Isthmus: "0x098999be", Jovian: "0x3db6be2b" };

function packed(fork, values = attributes) {
  const count = { Ecotone: 9, Isthmus: 11, Jovian: 12 }[fork];
  return concat([selectors[fork], ...layout.slice(0, count).map(([name, size]) => (typeof values[name] === "string" ? values[name] : toHex(values[name], { size })))]);
}

async function setAttributes(fork, values = attributes) {
  const hash = await l2.sendTransaction({ account: depositor, to: l1Block.address, data: packed(fork, values), gas: 1_000_000n });
  const receipt = await l2.waitForTransactionReceipt({ hash });
  assert.equal(receipt.status, "success");
  return receipt;
}

test("each fork's packed attributes fill its fields", async () => {
  for (const [fork, length] of [["Ecotone", 164], ["Isthmus", 176], ["Jovian", 178]]) {
    assert.equal(selectors[fork], toFunctionSelector(`setL1BlockValues${fork}()`));
    assert.equal(packed(fork).length, 2 + 2 * length);
    await setAttributes(fork);
    const count = { Ecotone: 9, Isthmus: 11, Jovian: 12 }[fork];
    for (const [index, [name]] of layout.entries()) {
      const value = await read(l2, l1Block, name);
      if (index < count) assert.equal(value, attributes[name], `${fork}: ${name}`);
      else assert.equal(BigInt(value), 0n, `${fork} leaves ${name} alone`);
    }
  }
});

test("the slots that the protocol reads", async () => {
  await setAttributes("Jovian");
  const slot = (n) => l2.getStorageAt({ address: l1Block.address, slot: toHex(n) });
  assert.equal(await slot(0), `0x${"00".repeat(16)}21222324252627283132333435363738`);
  assert.equal(await slot(1), toHex(attributes.basefee, { size: 32 }));
  assert.equal(await slot(2), attributes.hash);
  assert.equal(await slot(3), `0x${"00".repeat(16)}01020304111213140000000000000005`);
  assert.equal(await slot(4), attributes.batcherHash);
  assert.equal(await slot(7), toHex(attributes.blobBaseFee, { size: 32 }));
  assert.equal(await slot(8), `0x${"00".repeat(18)}6162414243445152535455565758`);
});

test("only the depositor writes attributes", async () => {
  for (const fork of Object.keys(selectors)) {
    const call = l2.call({ account: alice, to: l1Block.address, data: packed(fork) });
    await assert.rejects(call, (error) => error.walk((e) => e.data)?.data === toFunctionSelector("NotDepositor()"));
  }
  assert.equal((await setAttributes("Jovian")).gasUsed < 200_000n, true);
});

test("the FastLZ size is that of an independent implementation", async () => {
  await setAttributes("Jovian", { ...attributes, baseFeeScalar: 1_000_000, blobBaseFeeScalar: 0, basefee: 1n });
  const text = Buffer.from("it was the best of times, it was the worst of times, it was the age of wisdom, ".repeat(8));
  const samples = [0, 1, 12, 13, 14, 31, 32, 33, 64, 200, 1000, 3000].flatMap((n) => [Buffer.alloc(n), randomBytes(n), text.subarray(0, Math.min(n, text.length))]);
  for (let i = 0; i < 20; i++) {
    // Few letters make many matches, near and far, short and longer than 262.
    samples.push(Buffer.from(Array.from({ length: 2000 }, () => (Math.random() < 0.9 ? 65 : 65 + Math.floor(Math.random() * 3)))));
  }
  samples.push(Buffer.concat([text, randomBytes(9000), text]));
  const seen = new Set();
  for (const sample of samples) {
    const size = BigInt(fastLzSize(sample)) + 68n;
    const scaled = size * 836_500n - 42_585_600n;
    const expected = ((scaled < 100_000_000n ? 100_000_000n : scaled) * 16n) / 1_000_000n;
    assert.equal(await read(l2, oracle, "getL1Fee", [toHex(sample)]), expected, `${sample.length} bytes ${toHex(sample.subarray(0, 40))}`);
    assert.equal(await read(l2, oracle, "getL1GasUsed", [toHex(sample)]), expected);
    seen.add(expected);
  }
  assert.ok(seen.size > 15, "the samples are told apart");
});

test("fees by Fjord's and Jovian's formulas", async () => {
  await setAttributes("Jovian", { ...attributes, baseFeeScalar: 5227, blobBaseFeeScalar: 1_014_213, operatorFeeScalar: 7, operatorFeeConstant: 11n });
  const data = `0x${"00".repeat(300)}`;
  const price = 16n * 5227n * attributes.basefee + 1_014_213n * attributes.blobBaseFee;
  assert.equal(await read(l2, oracle, "getL1Fee", [data]), (100_000_000n * price) / 10n ** 12n);
  const upper = (300n + 68n) + (300n + 68n) / 255n + 16n;
  assert.equal(await read(l2, oracle, "getL1FeeUpperBound", [300n]), ((upper * 836_500n - 42_585_600n) * price) / 10n ** 12n);
  assert.equal(await read(l2, oracle, "getOperatorFee", [21_000n]), 21_000n * 7n * 100n + 11n);
  for (const [name, value] of [["l1BaseFee", attributes.basefee], ["blobBaseFee", attributes.blobBaseFee], ["baseFeeScalar", 5227], ["blobBaseFeeScalar", 1_014_213], ["decimals", 6n], ["DECIMALS", 6n], ["isFjord", true], ["isJovian", true]]) {
    assert.equal(await read(l2, oracle, name), value, name);
  }
  assert.equal(await l2.estimateOperatorFee({ account: alice, to: bob.address, value: 1n, chain }), 21_000n * 700n + 11n);
  assert.ok((await l2.estimateL1Fee({ account: alice, to: bob.address, value: 1n, chain })) > 0n);

  await l2.setStorageAt({ address: oracle.address, index: 0, value: toHex(0, { size: 32 }) });
  assert.equal(await read(l2, oracle, "getOperatorFee", [2_000_000n]), 14n + 11n, "Isthmus");
  assert.equal(await revertOf(l2, oracle, "setJovian"), "NotDepositor");
  await send(l2, oracle, "setJovian", [], { from: depositor });
  assert.equal(await read(l2, oracle, "isJovian"), true);
  assert.equal(await revertOf(l2, oracle, "setJovian", [], { from: depositor }), "AlreadyActive");
});

test("largest values do not overflow the fees", async () => {
  const max = (bits) => 2n ** BigInt(bits) - 1n;
  await setAttributes("Jovian", { ...attributes, baseFeeScalar: max(32), blobBaseFeeScalar: max(32), basefee: max(128), blobBaseFee: max(128), operatorFeeScalar: max(32), operatorFeeConstant: max(64) });
  assert.equal(await read(l2, oracle, "getOperatorFee", [max(64)]), max(64) * max(32) * 100n + max(64));
  assert.ok((await read(l2, oracle, "getL1FeeUpperBound", [130_000n])) > 0n);
});

test("vaults hand on to either layer what they hold", async () => {
  const vaults = { "0x4200000000000000000000000000000000000011": alice, "0x4200000000000000000000000000000000000019": bob, "0x420000000000000000000000000000000000001A": carol, "0x420000000000000000000000000000000000001b": alice };
  for (const [address, recipient] of Object.entries(vaults)) {
    const vault = at(address, "BaseFeeVault");
    assert.equal(await read(l2, vault, "recipient"), recipient.address);
    assert.equal(await read(l2, vault, "RECIPIENT"), recipient.address);
    assert.equal(await read(l2, vault, "WITHDRAWAL_NETWORK"), 1);
    await l2.setBalance({ address, value: 1000n });
    const before = await l2.getBalance({ address: recipient.address });
    const { logs } = await send(l2, vault, "withdraw", [], { from: batcher });
    assert.equal(logs.length, 2);
    assert.equal((await l2.getBalance({ address: recipient.address })) - before, 1000n);
    assert.equal(await read(l2, vault, "totalProcessed"), 1000n);
  }
  const vault = at("0x4200000000000000000000000000000000000019", "BaseFeeVault");
  await l2.setStorageAt({ address: vault.address, index: 3, value: toHex(0, { size: 32 }) });
  await l2.setStorageAt({ address: vault.address, index: 2, value: toHex(500, { size: 32 }) });
  assert.equal(await revertOf(l2, vault, "withdraw"), "BelowMinimum");
  await l2.setBalance({ address: vault.address, value: 500n });
  const { logs } = await send(l2, vault, "withdraw");
  assert.equal(logs.filter(({ address }) => address === passer.address.toLowerCase()).length, 1, "a withdrawal to L1");
  await l2.setStorageAt({ address: vault.address, index: 1, value: toHex(0, { size: 32 }) });
  await l2.setBalance({ address: vault.address, value: 500n });
  assert.equal(await revertOf(l2, vault, "withdraw"), "NoRecipient");
});

test("the message passer records withdrawals where the portal looks, and burns what left", async () => {
  const nonce = 1n << 240n;
  assert.equal(await read(l2, passer, "messageNonce"), nonce);
  const types = ["uint256", "address", "address", "uint256", "uint256", "bytes"].map((type) => ({ type }));
  const hash = keccak256(encodeAbiParameters(types, [nonce, alice.address, bob.address, 3n, 4n, "0x05"]));
  await send(l2, passer, "initiateWithdrawal", [bob.address, 4n, "0x05"], { value: 3n });
  assert.equal(await read(l2, passer, "sentMessages", [hash]), true);
  const slot = keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [hash, 0n]));
  assert.equal(BigInt(await l2.getStorageAt({ address: messagePasser, slot })), 1n);
  assert.equal(await read(l2, passer, "messageNonce"), nonce + 1n);
  const plain = await l2.sendTransaction({ account: alice, to: messagePasser, value: 2n });
  assert.equal((await l2.waitForTransactionReceipt({ hash: plain })).logs.length, 1);
  assert.equal(await l2.getBalance({ address: messagePasser }), 5n);
  const burnt = await send(l2, passer, "burn");
  assert.equal(await l2.getBalance({ address: messagePasser }), 0n);
  assert.equal(BigInt(burnt.logs[0].topics[1]), 5n);
});

test("wrapped ether", async () => {
  assert.deepEqual(await Promise.all(["name", "symbol", "decimals"].map((name) => read(l2, weth, name))), ["Wrapped Ether", "WETH", 18]);
  await send(l2, weth, "deposit", [], { value: 10n });
  const plain = await l2.sendTransaction({ account: alice, to: weth.address, value: 5n, gas: 200_000n });
  await l2.waitForTransactionReceipt({ hash: plain });
  assert.equal(await read(l2, weth, "balanceOf", [alice.address]), 15n);
  await send(l2, weth, "transfer", [bob.address, 6n]);
  await send(l2, weth, "withdraw", [9n]);
  assert.equal(await revertOf(l2, weth, "withdraw", [1n]), "ERC20InsufficientBalance");
  assert.equal(await l2.getBalance({ address: weth.address }), 6n);
});

test("Multicall3 answers as clients expect", async () => {
  await l2.mine({ blocks: 3 });
  const multicall = at(multicall3, "Multicall3");
  const good = { target: multicall3, callData: encodeFunctionData({ abi: multicall.abi, functionName: "getChainId" }) };
  const bad = { target: weth.address, callData: encodeFunctionData({ abi: weth.abi, functionName: "withdraw", args: [1n] }) };
  const call = async (functionName, args, value) => (await l2.simulateContract({ ...multicall, functionName, args, account: alice, value })).result;
  const chainId = toHex(901, { size: 32 });
  const [number, data] = await call("aggregate", [[good, good]]);
  assert.deepEqual(data, [chainId, chainId]);
  assert.ok(number >= 3n);
  await assert.rejects(call("aggregate", [[good, bad]]), /Multicall3: call failed/);
  const mixed = await call("tryAggregate", [false, [good, bad]]);
  assert.deepEqual(mixed.map(({ success }) => success), [true, false]);
  await assert.rejects(call("tryAggregate", [true, [bad]]));
  assert.equal((await call("tryBlockAndAggregate", [false, [bad]]))[2][0].success, false);
  assert.equal((await call("blockAndAggregate", [[good]]))[2][0].returnData, chainId);
  assert.deepEqual((await call("aggregate3", [[{ ...good, allowFailure: false }, { ...bad, allowFailure: true }]])).map(({ success }) => success), [true, false]);
  await assert.rejects(call("aggregate3", [[{ ...bad, allowFailure: false }]]));
  const paid = { target: weth.address, allowFailure: false, value: 4n, callData: encodeFunctionData({ abi: weth.abi, functionName: "deposit" }) };
  assert.equal((await call("aggregate3Value", [[paid, paid]], 8n)).length, 2);
  await assert.rejects(call("aggregate3Value", [[paid, paid]], 9n), /Multicall3: value mismatch/);
  assert.equal(await l2.readContract({ ...multicall, functionName: "getEthBalance", args: [alice.address] }), await l2.getBalance({ address: alice.address }));
  const viaViem = await l2.multicall({ contracts: [{ ...weth, functionName: "symbol" }, { ...oracle, functionName: "decimals" }], allowFailure: false });
  assert.deepEqual(viaViem, ["WETH", 6n]);
});

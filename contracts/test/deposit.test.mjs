// Deposits: the event that derivation reads, the sender's identity, the limits, and the market of deposit gas.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { concat, decodeEventLog, encodeFunctionData, getAddress, getContractAddress, parseEther, parseGwei, toHex } from "viem";
import { extractTransactionDepositedLogs, opaqueDataToDepositData } from "viem/op-stack";
import { alice, artifacts, bob, carol, carryDeposit, contracts, deploy, read, resolved, revertOf, send, startL1, startL2 } from "./support/rollup.mjs";

const { portal } = contracts;
const target = getAddress("0x00000000000000000000000000000000000000aa");
const aliasOf = (address) => getAddress(toHex((BigInt(address) + 0x1111000000000000000000000000000000001111n) % 2n ** 160n, { size: 20 }));
let l1, l2, chain, stops, snapshot;

before(async () => {
  const [first, second] = await Promise.all([startL1(resolved), startL2(resolved)]);
  ({ l1 } = first);
  ({ l2, chain } = second);
  stops = [first.stop, second.stop];
});
after(() => stops.forEach((stop) => stop()));
beforeEach(async () => {
  snapshot = await l1.snapshot();
});
afterEach(() => l1.revert({ id: snapshot }));

const deposit = (args, options) => send(l1, portal, "depositTransaction", args, options);
const refusal = (args, options) => revertOf(l1, portal, "depositTransaction", args, options);
const only = (receipt) => {
  const logs = extractTransactionDepositedLogs(receipt);
  assert.equal(logs.length, 1);
  return logs[0];
};

test("opaque data is mint, value, gas limit, creation flag and data", async () => {
  const receipt = await deposit([target, 5n, 123_456n, false, "0xc0ffee"], { value: 7n });
  const log = only(receipt);
  assert.deepEqual([log.args.from, log.args.to, log.args.version], [alice.address, target, 0n]);
  const expected = concat([toHex(7n, { size: 32 }), toHex(5n, { size: 32 }), toHex(123_456n, { size: 8 }), "0x00", "0xc0ffee"]);
  assert.equal(log.args.opaqueData, expected);
  assert.deepEqual(opaqueDataToDepositData(expected), { mint: 7n, value: 5n, gas: 123_456n, isCreation: false, data: "0xc0ffee" });
  assert.equal(await l1.getBalance({ address: portal.address }), 7n);
});

test("viem deposits, and the L2 transaction has the hash that viem foresees", async () => {
  const request = await l2.buildDepositTransaction({ account: alice, mint: parseEther("1"), to: target });
  const hash = await l1.depositTransaction({ ...request, account: alice, targetChain: chain });
  const receipt = await l1.waitForTransactionReceipt({ hash });
  assert.equal(receipt.status, "success");
  const before = await l2.getBalance({ address: target });
  const l2Receipt = await carryDeposit(l2, only(receipt));
  assert.equal(l2Receipt.status, "success");
  assert.equal((await l2.getBalance({ address: target })) - before, parseEther("1"));
});

test("ether sent to the portal is deposited to the sender", async () => {
  const hash = await l1.sendTransaction({ account: bob, to: portal.address, value: 9n });
  const { args } = only(await l1.waitForTransactionReceipt({ hash }));
  assert.deepEqual([args.from, args.to], [bob.address, bob.address]);
  assert.deepEqual(opaqueDataToDepositData(args.opaqueData), { mint: 9n, value: 9n, gas: 100_000n, isCreation: false, data: "0x" });
});

test("a contract speaks for its alias, also while it is constructed", async () => {
  const contract = await deploy(l1, "Depositor", ["0x0000000000000000000000000000000000000000"]);
  const receipt = await send(l1, contract, "deposit", [portal.address], { value: 1n });
  assert.equal(only(receipt).args.from, aliasOf(contract.address));
  const nonce = await l1.getTransactionCount({ address: carol.address });
  const hash = await l1.deployContract({ ...artifacts.Depositor, bytecode: artifacts.Depositor.initcode, args: [portal.address], account: carol, value: 1n, gas: 3_000_000n });
  assert.equal(only(await l1.waitForTransactionReceipt({ hash })).args.from, aliasOf(getContractAddress({ from: carol.address, nonce: BigInt(nonce) })));
});

test("an account with EIP-7702 code speaks for itself", async () => {
  const { address } = await deploy(l1, "Depositor", ["0x0000000000000000000000000000000000000000"]);
  const authorization = await bob.signAuthorization({ chainId: 31337, address, nonce: await l1.getTransactionCount({ address: bob.address }) });
  const delegation = await l1.sendTransaction({ account: alice, to: alice.address, authorizationList: [authorization], gas: 200_000n });
  await l1.waitForTransactionReceipt({ hash: delegation });
  // Called by another account, so that the sender of the deposit is not the origin of the transaction.
  const receipt = await send(l1, { address: bob.address, abi: artifacts.Depositor.abi }, "deposit", [portal.address], { value: 1n });
  assert.equal(only(receipt).args.from, bob.address);
});

test("limits: creation target, gas below the floor, gas above a transaction's, data too large", async () => {
  assert.equal(await refusal([target, 0n, 100_000n, true, "0x"]), "BadTarget");
  assert.equal(await refusal(["0x0000000000000000000000000000000000000000", 0n, 100_000n, true, "0x60"]), null);
  assert.equal(await refusal([target, 0n, 20_999n, false, "0x"]), "SmallGasLimit");
  assert.equal(await refusal([target, 0n, 21_000n, false, "0x"]), null);
  assert.equal(await read(l1, portal, "minimumGasLimit", [100n]), 25_000n);
  assert.equal(await refusal([target, 0n, 24_999n, false, `0x${"00".repeat(100)}`]), "SmallGasLimit");
  assert.equal(await refusal([target, 0n, 2n ** 24n + 1n, false, "0x"], { gas: 16_000_000n }), "OutOfGas");
  const data = (bytes) => `0x${"00".repeat(bytes)}`;
  assert.equal(await refusal([target, 0n, 5_000_000n, false, data(120_001)], { gas: 16_000_000n }), "LargeCalldata");
  assert.equal(await refusal([target, 0n, 5_000_000n, false, data(120_000)], { gas: 16_000_000n }), null);
});

test("the buyer burns what the gas costs", async () => {
  const cost = async (gasLimit) => (await deposit([target, 0n, gasLimit, false, "0x"], { gas: 8_000_000n })).gasUsed;
  const small = await cost(21_000n);
  const large = await cost(3_000_000n);
  assert.ok(small < 120_000n, `${small}`);
  // The price is one gwei and the base fee at most that, so gas costs itself; the work before the burning counts towards it.
  assert.ok(large >= 3_000_000n && large < 3_200_000n, `${large}`);
});

test("a block sells at most its limit, and no more by several deposits", async () => {
  const many = await deploy(l1, "Depositor", ["0x0000000000000000000000000000000000000000"]);
  await l1.setBlockGasLimit({ gasLimit: 60_000_000n });
  const attempt = (gas, count) => revertOf(l1, many, "depositMany", [portal.address, gas, count], { gas: 16_700_000n });
  assert.equal(await attempt(3_000_000n, 4n), null);
  // Out of deposit gas is found before the burning; each of these would burn more than the transaction has otherwise.
  await l1.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("100") });
  await l1.mine({ blocks: 1 });
  await l1.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("100") });
  const hash = await l1.writeContract({ ...many, functionName: "depositMany", args: [portal.address, 4_000_000n, 5n], account: alice, gas: 10_000_000n, maxFeePerGas: parseGwei("200") });
  assert.equal((await l1.waitForTransactionReceipt({ hash })).status, "success", "twenty million in five deposits");
  await l1.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("100") });
  const over = await l1.writeContract({ ...many, functionName: "depositMany", args: [portal.address, 4_000_000n, 6n], account: alice, gas: 10_000_000n, maxFeePerGas: parseGwei("200") });
  const receipt = await l1.waitForTransactionReceipt({ hash: over });
  assert.equal(receipt.status, "reverted", "twenty-four million");
  assert.ok(receipt.gasUsed < 10_000_000n, "refused, not out of gas");
});

test("the price rises with demand, falls without, and stays within its limits", async () => {
  const many = await deploy(l1, "Depositor", ["0x0000000000000000000000000000000000000000"]);
  const price = async () => (await read(l1, portal, "params"))[0];
  assert.equal(await price(), parseGwei("1"));
  const buy = async () => {
    await l1.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("1000") });
    const hash = await l1.writeContract({ ...many, functionName: "depositMany", args: [portal.address, 4_000_000n, 5n], account: alice, gas: 10_000_000n, maxFeePerGas: parseGwei("1000") });
    assert.equal((await l1.waitForTransactionReceipt({ hash })).status, "success");
  };
  await l1.setBalance({ address: alice.address, value: parseEther("100000") });
  let expected = parseGwei("1");
  await buy();
  for (let i = 0; i < 4; i++) {
    await buy();
    // Bought 20 M with a target of 2 M: 18/2 of an eighth more, each block.
    expected += (expected * 18n) / 16n;
    assert.equal(await price(), expected);
  }
  // Eight blocks without deposits. The block after the last purchase still rises by it, then each empty one takes an eighth.
  await l1.mine({ blocks: 8 });
  await deposit([target, 0n, 21_000n, false, "0x"]);
  expected += (expected * 18n) / 16n;
  const model = Number(expected) * 0.875 ** 8;
  assert.ok(Math.abs(Number(await price()) - model) < model * 1e-9, `${await price()} is not ${model}`);
  await l1.mine({ blocks: 100 });
  await deposit([target, 0n, 21_000n, false, "0x"]);
  assert.equal(await price(), parseGwei("1"));
});

test("after the longest silence the highest price is at its minimum, without overflow", async () => {
  const { number } = await l1.getBlock();
  const packed = concat([toHex(number, { size: 8 }), toHex(20_000_000n, { size: 8 }), toHex(2n ** 128n - 1n, { size: 16 })]);
  await l1.setStorageAt({ address: portal.address, index: 0, value: packed });
  const data = encodeFunctionData({ abi: portal.abi, functionName: "depositTransaction", args: [target, 0n, 1_000_000n, false, "0x"] });
  const call = (blocks) => l1.call({ account: alice, to: portal.address, data, gas: 1_200_000n, blockOverrides: { number: number + blocks } });
  await assert.rejects(call(1n), "at the highest price");
  await assert.rejects(call(100n), "on its way down");
  for (const blocks of [500n, 1025n, 2n ** 62n]) await call(blocks);
});

test("every deposit event of ours decodes with the ABI that viem has", async () => {
  const receipt = await deposit([target, 0n, 50_000n, false, "0x"]);
  const ours = decodeEventLog({ abi: portal.abi, ...receipt.logs[0] });
  assert.deepEqual(ours.args, only(receipt).args);
});

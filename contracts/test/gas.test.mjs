// Gas of what users and the node do most, against test/gas.json. A change above five per cent must be meant: UPDATE_GAS=1 writes the file anew.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { concat, toHex } from "viem";
import { getWithdrawals } from "viem/op-stack";
import { blockNumberWord, bob, contracts, finishGame, gameType, increaseTime, propose, proposer, resolved, send, startL1, startL2 } from "./support/rollup.mjs";

const file = new URL("./gas.json", import.meta.url);
const allowed = 0.05;
const { portal, bridge, factory, passer, l1Block } = contracts;
let l1, l2, stops;

before(async () => {
  const [first, second] = await Promise.all([startL1(resolved), startL2(resolved, { plain: true })]);
  ({ l1 } = first);
  ({ l2 } = second);
  stops = [first.stop, second.stop];
});
after(() => stops.forEach((stop) => stop()));

async function measure() {
  const gas = {};
  const note = async (name, receipt) => {
    gas[name] = Number((await receipt).gasUsed);
  };
  const depositArgs = [bob.address, 1n, 100_000n, false, "0x"];
  await send(l1, portal, "depositTransaction", depositArgs, { value: 1n });
  await note("depositTransaction of 100,000 gas", send(l1, portal, "depositTransaction", depositArgs, { value: 1n }));
  await note("bridgeETHTo on L1", send(l1, bridge, "bridgeETHTo", [bob.address, 200_000, "0x"], { value: 10n ** 18n }));
  await send(l2, passer, "initiateWithdrawal", [bob.address, 100_000n, "0x"], { value: 1n });
  const sent = await send(l2, passer, "initiateWithdrawal", [bob.address, 100_000n, "0x"], { value: 2n });
  await note("initiateWithdrawal", sent);
  await note("create (game)", send(l1, factory, "create", [gameType, toHex(1, { size: 32 }), blockNumberWord(1000)], { from: proposer }));

  const game = await propose(l1, l2, sent.blockNumber);
  const prepare = async (receipt) => {
    const [withdrawal] = getWithdrawals(receipt);
    const request = await l2.buildProveWithdrawal({ withdrawal, game: { index: game.index, l2BlockNumber: sent.blockNumber, usesSuperRoots: false } });
    return [withdrawal, request.l2OutputIndex, request.outputRootProof, request.withdrawalProof];
  };
  const args = await prepare(sent);
  await increaseTime(l1, 1);
  await note("proveWithdrawalTransaction, two nodes", send(l1, portal, "proveWithdrawalTransaction", args));
  await finishGame(l1, game);
  await note("finalizeWithdrawalTransaction", send(l1, portal, "finalizeWithdrawalTransaction", [args[0]]));
  const [first] = await l2.getLogs({ address: passer.address, fromBlock: 0n, toBlock: sent.blockNumber - 1n });
  const other = await prepare(await l2.getTransactionReceipt({ hash: first.transactionHash }));
  await note("proveAndFinalizeWithdrawal, two nodes", send(l1, portal, "proveAndFinalizeWithdrawal", other));

  const depositor = "0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd0001";
  await l2.impersonateAccount({ address: depositor });
  await l2.setBalance({ address: depositor, value: 10n ** 18n });
  const attributes = (n) => concat(["0x3db6be2b", `0x${n.repeat(174)}`]);
  for (const n of ["11", "22"]) {
    const hash = await l2.sendTransaction({ account: depositor, to: l1Block.address, data: attributes(n), gas: 1_000_000n });
    await note("setL1BlockValuesJovian", l2.waitForTransactionReceipt({ hash }));
  }
  return gas;
}

test("gas stays within five per cent of what is committed", async () => {
  const gas = await measure();
  if (process.env.UPDATE_GAS) writeFileSync(file, JSON.stringify(gas, null, 1) + "\n");
  const committed = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual(Object.keys(gas), Object.keys(committed));
  for (const [name, used] of Object.entries(gas)) {
    assert.ok(Math.abs(used - committed[name]) <= committed[name] * allowed, `${name}: ${used}, committed ${committed[name]}`);
  }
});

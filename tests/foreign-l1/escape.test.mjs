// Sequencer, batcher and proposer are dead for good. What is left is L1 and a replica: a deposit still becomes a block, and who has withdrawn comes home.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as viem from "viem";
import * as op from "viem/op-stack";
import { rpc, start, startDevnet, stop, until } from "../interop/node.mjs";
import { CHAIN_ID, connect } from "./clients.mjs";

const WINDOW = 12; // L1 blocks, of a second each
const GAME_ABI = viem.parseAbi(["function resolve() returns (uint8)", "function status() view returns (uint8)"]);
const MESSAGE_PASSER = "0x4200000000000000000000000000000000000016";

async function succeeded(client, hash) {
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: 60_000 });
  assert.equal(receipt.status, "success");
  return receipt;
}

test("forced inclusion and a withdrawal with nothing but L1 and a replica", { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "entresol-escape-"));
  const ours = await startDevnet("--l1-block-time", "1000"); // of this process only the L1 counts
  const l1 = { url: ours.l1.rpc };
  let node = null, replica = null;
  try {
    node = await start(["devnet", "--l1", l1.url, "--port", "0", "--challenge-period", "25", "--sequencing-window", `${WINDOW}`, "--json"]);
    const file = join(folder, "chain.json");
    writeFileSync(file, JSON.stringify(await rpc(node.l2.rpc, "entresol_chainFile")));
    const alive = connect(node, l1);
    const { account } = alive;

    // While all is well: ether on the L2, a withdrawal of it, and an output that covers the withdrawal.
    const deposited = await succeeded(alive.l1, await alive.l1.depositTransaction({ request: { to: account.address, value: viem.parseEther("2"), mint: viem.parseEther("2"), gas: 100_000n }, targetChain: alive.l2.chain }));
    await succeeded(alive.l2, op.getL2TransactionHashes(deposited)[0]);
    const home = "0x00000000000000000000000000000000000beef1";
    const withdrawn = await succeeded(alive.l2, await alive.l2.initiateWithdrawal({ request: { to: home, value: viem.parseEther("0.5"), gas: 100_000n } }));
    const { output, withdrawal } = await alive.l1.waitToProve({ receipt: withdrawn, targetChain: alive.l2.chain });
    await until("the batch of what the output covers", 60_000, async () => (await rpc(node.l2.rpc, "optimism_syncStatus")).safe_l2.number >= Number(output.l2BlockNumber));

    await stop(node, "SIGKILL");
    const died = await alive.l1.getBlockNumber({ cacheTime: 0 });
    replica = await start(["node", "--l1", l1.url, "--chain", file, "--port", "0", "--poll-ms", "100", "--json"]);
    const left = connect({ ...node, l2: { ...node.l2, rpc: replica.rpc } }, l1);

    // An EOA forces a transfer, and a call that starts another withdrawal.
    const receiver = "0x00000000000000000000000000000000000cafe1";
    const initiate = viem.encodeFunctionData({ abi: viem.parseAbi(["function initiateWithdrawal(address,uint256,bytes) payable"]), args: [home, 100_000n, "0x"] });
    const forced = [];
    for (const request of [{ to: receiver, value: 1234n }, { to: MESSAGE_PASSER, value: 5678n, data: initiate }])
      forced.push(op.getL2TransactionHashes(await succeeded(left.l1, await left.l1.depositTransaction({ request: { ...request, gas: 300_000n }, targetChain: left.l2.chain })))[0]);
    const seen = await left.l1.getBlockNumber({ cacheTime: 0 });
    const receipts = [];
    for (const hash of forced) receipts.push(await until("the forced transaction in a block", 120_000, () => left.l2.getTransactionReceipt({ hash }).catch(() => null)));
    for (const receipt of receipts) assert.equal(receipt.status, "success");
    assert.equal(await left.l2.getBalance({ address: receiver }), 1234n);
    assert.ok((await left.l1.getBlockNumber({ cacheTime: 0 })) >= seen + BigInt(WINDOW) - 2n, "it came before the window had passed");
    assert.equal(op.getWithdrawals(receipts[1]).length, 1, "a withdrawal can be begun from L1 alone");
    const status = await rpc(replica.rpc, "entresol_transactionStatus", forced[0]);
    assert.ok(["safe", "finalized"].includes(status.status), status.status);
    assert.ok(status.derivedFrom.number > Number(died));

    // What was withdrawn before comes home: proven from the replica's state, its game resolved by its owner, finalized.
    await succeeded(left.l1, await left.l1.proveWithdrawal(await left.l2.buildProveWithdrawal({ output, withdrawal })));
    const game = await left.l1.getGame({ l2BlockNumber: withdrawn.blockNumber, targetChain: left.l2.chain });
    const address = viem.getAddress(viem.slice(game.metadata, 12));
    const read = () => left.l1.readContract({ address, abi: GAME_ABI, functionName: "status" });
    if ((await read()) === 0)
      await until("the challenge period", 60_000, async () => {
        try {
          await left.l1.simulateContract({ address, abi: GAME_ABI, functionName: "resolve", account });
          return true;
        } catch {
          return false;
        }
      });
    if ((await read()) === 0) await succeeded(left.l1, await left.l1.writeContract({ address, abi: GAME_ABI, functionName: "resolve" }));
    assert.equal(await read(), 2, "DEFENDER_WINS");
    await until("the finality delay", 60_000, async () => (await left.l1.getWithdrawalStatus({ receipt: withdrawn, targetChain: left.l2.chain })) === "ready-to-finalize");
    await succeeded(left.l1, await left.l1.finalizeWithdrawal({ targetChain: left.l2.chain, withdrawal }));
    assert.equal(await left.l1.getBalance({ address: home }), viem.parseEther("0.5"));
    assert.equal(CHAIN_ID, ours.l1.chainId);
  } finally {
    await stop(replica);
    await stop(node, "SIGKILL");
    await stop(ours);
    rmSync(folder, { recursive: true, force: true });
  }
});

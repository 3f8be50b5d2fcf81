// The L2 on an L1 of somebody else: contracts deployed by transactions, deposits, batches, a withdrawal, a replica; reorgs, an L1 that goes and comes.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as viem from "viem";
import * as op from "viem/op-stack";
import { rpc, start, stop, until } from "../interop/node.mjs";
import { connect } from "./clients.mjs";
import { anvil, geth, startAnvil, startGeth } from "./l1.mjs";

const receiver = "0x00000000000000000000000000000000000cafe0";

const startOn = (l1, ...flags) => start(["devnet", "--l1", l1.url, "--port", "0", "--challenge-period", "2", "--json", ...flags]);

async function succeeded(client, hash) {
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: 60_000 });
  assert.equal(receipt.status, "success");
  return receipt;
}

const safeHead = async (node) => (await rpc(node.l2.rpc, "optimism_syncStatus")).safe_l2.number;
const isSafe = (node, number) => until(`L2 block ${number} to be safe`, 60_000, async () => (await safeHead(node)) >= number);

async function deposit({ l1, l2 }, value) {
  const before = await l2.getBalance({ address: receiver });
  const receipt = await succeeded(l1, await l1.depositTransaction({ request: { to: receiver, value, mint: value, gas: 100_000n }, targetChain: l2.chain }));
  await succeeded(l2, op.getL2TransactionHashes(receipt)[0]);
  assert.equal(await l2.getBalance({ address: receiver }), before + value);
}

async function withdraw({ l1, l2 }, value) {
  const to = "0x00000000000000000000000000000000000beef0";
  const receipt = await succeeded(l2, await l2.initiateWithdrawal({ request: { to, value, gas: 100_000n } }));
  const { output, withdrawal } = await l1.waitToProve({ receipt, targetChain: l2.chain });
  // The portal wants a proof younger than its game: not in the same block.
  const seen = await l1.getBlockNumber();
  await until("the next L1 block", 30_000, async () => (await l1.getBlockNumber({ cacheTime: 0 })) > seen + 1n);
  await succeeded(l1, await l1.proveWithdrawal(await l2.buildProveWithdrawal({ output, withdrawal })));
  await l1.waitToFinalize({ targetChain: l2.chain, withdrawalHash: withdrawal.withdrawalHash });
  await until("the challenge period", 60_000, async () => (await l1.getWithdrawalStatus({ receipt, targetChain: l2.chain })) === "ready-to-finalize");
  await succeeded(l1, await l1.finalizeWithdrawal({ targetChain: l2.chain, withdrawal }));
  assert.equal(await l1.getBalance({ address: to }), value);
}

// Another process, which knows only the L1 and the chain's file, has the same blocks.
async function expectSameReplica(node, l1, upTo) {
  const folder = mkdtempSync(join(tmpdir(), "entresol-foreign-"));
  const file = join(folder, "chain.json");
  writeFileSync(file, JSON.stringify(await rpc(node.l2.rpc, "entresol_chainFile")));
  const replica = await start(["node", "--l1", l1.url, "--chain", file, "--port", "0", "--json"]);
  try {
    await until("the replica", 60_000, async () => Number(await rpc(replica.rpc, "eth_blockNumber")) >= upTo);
    for (let number = 0; number <= upTo; ++number) {
      const hash = async (url) => (await rpc(url, "eth_getBlockByNumber", viem.numberToHex(number), false)).hash;
      assert.equal(await hash(replica.rpc), await hash(node.l2.rpc), `block ${number}`);
    }
  } finally {
    await stop(replica);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function wholeCycle(l1) {
  const node = await startOn(l1);
  try {
    const clients = connect(node, l1);
    await deposit(clients, viem.parseEther("1"));
    const sent = await succeeded(clients.l2, await clients.l2.sendTransaction({ to: receiver, value: 7n }));
    await isSafe(node, Number(sent.blockNumber));
    const status = await rpc(node.l2.rpc, "entresol_transactionStatus", sent.transactionHash);
    const posted = await rpc(l1.url, "eth_getTransactionReceipt", status.batch.l1TransactionHash);
    assert.equal(posted.status, "0x1");
    await expectSameReplica(node, l1, Number(sent.blockNumber));
    await withdraw(clients, viem.parseEther("0.5"));
  } finally {
    await stop(node);
  }
}

test("on anvil: deposit, batch, replica, withdrawal", { skip: anvil ? false : "anvil's package has no binary for this machine", timeout: 240_000 }, async () => {
  const l1 = await startAnvil();
  try {
    await wholeCycle(l1);
  } finally {
    await stop(l1);
  }
});

test("on geth --dev: deposit, batch, replica, withdrawal", { skip: geth ? false : "geth is not installed (GETH, build/peers, PATH or ~/go/bin)", timeout: 240_000 }, async () => {
  const l1 = await startGeth();
  try {
    await wholeCycle(l1);
  } finally {
    await stop(l1);
  }
});

test("on anvil: a reorg, an L1 that goes and comes, a restart from the data directory", { skip: anvil ? false : "anvil's package has no binary for this machine", timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "entresol-foreign-"));
  const state = join(folder, "anvil.json");
  let l1 = await startAnvil(undefined, "--state", state);
  let node = await startOn(l1, "--datadir", join(folder, "l2"));
  try {
    let clients = connect(node, l1);
    await deposit(clients, 1000n);
    await isSafe(node, 12); // the deployment itself is deeper than the reorg
    await rpc(l1.url, "anvil_reorg", 5, []);
    const afterReorg = Number(await rpc(node.l2.rpc, "eth_blockNumber"));
    await isSafe(node, afterReorg);
    await expectSameReplica(node, l1, afterReorg);

    await stop(l1); // writes its state
    const during = Number(await rpc(node.l2.rpc, "eth_blockNumber"));
    const { problem } = await until("the node to notice", 30_000, async () => {
      const status = await rpc(node.l2.rpc, "optimism_syncStatus");
      return status.problem && status;
    });
    assert.match(problem, /L1/);
    await until("blocks while the L1 is away", 20_000, async () => Number(await rpc(node.l2.rpc, "eth_blockNumber")) > during);
    l1 = await startAnvil(l1.port, "--state", state);
    await isSafe(node, during);
    await deposit(clients, 500n);

    const kept = await rpc(node.l2.rpc, "eth_getBlockByNumber", "safe", false);
    await stop(node);
    node = await startOn(l1, "--datadir", join(folder, "l2"));
    clients = connect(node, l1);
    assert.equal((await rpc(node.l2.rpc, "eth_getBlockByNumber", kept.number, false)).hash, kept.hash);
    await deposit(clients, 250n);
  } finally {
    await stop(node);
    await stop(l1);
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what is wrong with the L1 is said at the start", async () => {
  const refused = async (args, words) => assert.rejects(start(args), (error) => words.test(error.message) || assert.fail(error.message));
  await refused(["devnet", "--l1", "http://127.0.0.1:9", "--port", "0", "--json"], /L1 endpoint/);
  await refused(["devnet", "--l1", "http://127.0.0.1:9", "--l1-port", "0", "--json"], /excludes|--l1-port/);
});

// A devnet's state, written down and read again: by viem's test client, under Hardhat's names, through files, into a kept folder.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as viem from "viem";
import { WebSocket } from "ws";
import { clients } from "./clients.mjs";
import { rpc, start, startDevnet, stop, until } from "./node.mjs";
import { assertOriginsOnL1, assertSameChain, blocks, Load, numberOf, temporaryFolder } from "./rollup.mjs";

const folder = temporaryFolder();
const somebody = `0x${"5e".repeat(20)}`;
const fast = ["--l1-block-time", "1000", "--challenge-period", "2"];
const testClient = (url, mode = "anvil") => viem.createTestClient({ mode, transport: viem.http(url) });
const balance = (url, address = somebody) => rpc(url, "eth_getBalance", address, "latest").then(BigInt);

async function devnet(t, ...flags) {
  const node = await startDevnet(...flags);
  t.after(() => stop(node));
  return node;
}
async function succeeded(client, hash) {
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: 30_000 });
  assert.equal(receipt.status, "success");
  return receipt;
}
const hashes = async (url) => (await blocks(url, 0, await numberOf(url, "latest"))).map((block) => block.hash);

test("a state comes back in the devnet that dumped it, on both layers, through either port", async (t) => {
  const node = await devnet(t, ...fast);
  for (const [mode, from, into] of [["anvil", "l2", "l1"], ["hardhat", "l1", "l2"]]) {
    const value = mode === "anvil" ? 111n : 222n;
    for (const layer of ["l1", "l2"]) await testClient(node[layer].rpc, mode).setBalance({ address: somebody, value });
    const state = await testClient(node[from].rpc, mode).dumpState();
    const before = { l1: await hashes(node.l1.rpc), l2: await hashes(node.l2.rpc) };
    for (const layer of ["l1", "l2"]) await testClient(node[layer].rpc, mode).setBalance({ address: somebody, value: 1n });
    await rpc(node.l2.rpc, "anvil_mine", "0x5");
    await testClient(node[into].rpc, mode).loadState({ state });
    for (const layer of ["l1", "l2"]) {
      assert.equal(await balance(node[layer].rpc), value);
      const now = await hashes(node[layer].rpc);
      // The dump itself seals what was not: the common part is all but a block that was made between the dump and the look.
      const common = Math.min(before[layer].length, now.length) - 1;
      assert.ok(common >= 1);
      assert.deepEqual(now.slice(0, common), before[layer].slice(0, common));
    }
    const head = await numberOf(node.l2.rpc, "latest");
    await until("L2 to go on and become safe", 30_000, async () => (await numberOf(node.l2.rpc, "safe")) > head);
    assert.equal((await rpc(node.l2.rpc, "optimism_syncStatus")).problem, "");
    await assertOriginsOnL1(node, await numberOf(node.l2.rpc, "safe"));
  }
});

test("a withdrawal that is under way is finished in another devnet", { timeout: 120_000 }, async (t) => {
  const first = await devnet(t, ...fast, "--chain-id", "4242", "--da", "blobs");
  const one = clients(first);
  const receiver = "0x00000000000000000000000000000000000cafe1";
  const receipt = await succeeded(one.l2, await one.l2.initiateWithdrawal({ request: { to: receiver, value: 7n, gas: 100_000n } }));
  const { output, withdrawal } = await one.l1.waitToProve({ receipt, targetChain: one.l2.chain });
  await succeeded(one.l1, await one.l1.proveWithdrawal(await one.l2.buildProveWithdrawal({ output, withdrawal })));
  const state = await rpc(first.l2.rpc, "anvil_dumpState");
  const blob = (await blocks(first.l1.rpc, 0, await numberOf(first.l1.rpc, "latest"), true)).flatMap((block) => block.transactions).find((tx) => tx.type === "0x3");
  assert.ok(blob, "no batch went into a blob");
  const game = await rpc(first.l2.rpc, "entresol_proposals", "0x1").catch(() => null);
  await stop(first);

  // Started with other options: chain id and contracts' parameters are the state's.
  const second = await devnet(t, "--l1-block-time", "1000");
  await testClient(second.l2.rpc).loadState({ state });
  assert.equal(Number(await rpc(second.l2.rpc, "eth_chainId")), 4242);
  const two = clients({ ...second, l2: { ...second.l2, chainId: 4242 } });
  assert.equal((await rpc(second.l2.rpc, "entresol_withdrawalStatus", withdrawal.withdrawalHash)).status, "proven");
  if (game) await until("the proposals", 20_000, async () => (await rpc(second.l2.rpc, "entresol_proposals", "0x1")).length >= 1);
  await until("the challenge period", 60_000, async () => (await two.l1.getWithdrawalStatus({ receipt, targetChain: two.l2.chain })) === "ready-to-finalize");
  await succeeded(two.l1, await two.l1.finalizeWithdrawal({ targetChain: two.l2.chain, withdrawal }));
  assert.equal(await balance(second.l1.rpc, receiver), 7n);
  const slot = Number((await rpc(second.l1.rpc, "eth_getBlockByHash", blob.blockHash, false)).timestamp) - Number((await rpc(second.l1.rpc, "eth_getBlockByNumber", "earliest", false)).timestamp);
  const sidecars = await (await fetch(`${second.l1.rpc}/eth/v1/beacon/blob_sidecars/${slot}`)).json();
  assert.ok(sidecars.data.length >= 1, "blobs come with the state");
});

test("requests under load and subscriptions while a state is loaded", async (t) => {
  const node = await devnet(t, ...fast);
  const state = await rpc(node.l2.rpc, "anvil_dumpState");
  const sockets = [];
  for (let i = 0; i < 3; ++i) {
    const socket = new WebSocket(node.l2.rpc.replace("http", "ws"));
    await new Promise((resolve) => (socket.onopen = resolve));
    if (i < 2) {
      socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
      await new Promise((resolve) => (socket.onmessage = resolve));
    }
    sockets.push({ socket, closed: new Promise((resolve) => (socket.onclose = (event) => resolve(event.code))) });
  }
  const load = new Load(node);
  for (let i = 0; i < 3; ++i) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(await rpc(node.l1.rpc, "hardhat_loadState", state), true);
  }
  await load.stop();
  // Whoever follows a chain that is gone hears of it; a connection without subscriptions simply goes on.
  assert.equal(await sockets[0].closed, 1001);
  assert.equal(await sockets[1].closed, 1001);
  const { socket } = sockets[2];
  const answer = new Promise((resolve) => (socket.onmessage = (event) => resolve(JSON.parse(event.data))));
  socket.send(JSON.stringify({ jsonrpc: "2.0", id: 9, method: "eth_chainId", params: [] }));
  assert.equal((await answer).result, "0x7a69");
  socket.close();
  // Nonces went back with the state; only that may have been refused.
  for (const words of load.refused) assert.match(words, /nonce/);
  const head = await numberOf(node.l2.rpc, "latest");
  await until("L2 to go on", 20_000, async () => (await numberOf(node.l2.rpc, "latest")) > head + 1);
});

test("what is no state is refused, and nothing has happened", async (t) => {
  const node = await devnet(t);
  await testClient(node.l2.rpc).setBalance({ address: somebody, value: 5n });
  const state = await rpc(node.l2.rpc, "anvil_dumpState");
  const middle = state.length >> 1;
  const spoiled = state.slice(0, middle) + (state[middle] === "0" ? "1" : "0") + state.slice(middle + 1);
  for (const [given, words] of [["0x", /no state/], ["0x1f8b0800", /no state/], [state.slice(0, -2), /damaged|cut short/], [spoiled, /damaged|cut short/], [state.slice(0, 46), /damaged|cut short|no state/]])
    await assert.rejects(rpc(node.l2.rpc, "anvil_loadState", given), (error) => error.code === -32000 && words.test(error.message), given.slice(0, 20));
  for (const given of ["zz", 7, null]) await assert.rejects(rpc(node.l2.rpc, "anvil_loadState", given), { code: -32602 });
  assert.equal(await balance(node.l2.rpc), 5n);
  const head = await numberOf(node.l2.rpc, "latest");
  await until("L2 to go on", 20_000, async () => (await numberOf(node.l2.rpc, "latest")) > head + 1);
});

test("--state: written at the end, read at the next start", async (t) => {
  const file = join(folder, "devnet.state");
  const first = await devnet(t, ...fast, "--state", file);
  await testClient(first.l2.rpc).setBalance({ address: somebody, value: 9n });
  const seen = await hashes(first.l2.rpc);
  assert.ok(!existsSync(file));
  await stop(first);
  const second = await devnet(t, "--load-state", file);
  assert.equal(await balance(second.l2.rpc), 9n);
  assert.deepEqual((await hashes(second.l2.rpc)).slice(0, seen.length - 1), seen.slice(0, -1));
  await stop(second);
  for (const [content, words] of [["", /no state/], [readFileSync(file).subarray(0, 5000), /damaged|cut short/]]) {
    const bad = join(folder, "bad.state");
    writeFileSync(bad, content);
    await assert.rejects(start(["devnet", "--port", "0", "--l1-port", "0", "--json", "--load-state", bad]), words);
  }
  await assert.rejects(start(["devnet", "--port", "0", "--l1-port", "0", "--dump-state", join(folder, "no", "where")]), /cannot be written/);
});

test("a kept devnet loads a state, and keeps that", async (t) => {
  const kept = join(folder, "kept");
  const source = await devnet(t, ...fast);
  await testClient(source.l2.rpc).setBalance({ address: somebody, value: 31n });
  const state = await rpc(source.l2.rpc, "anvil_dumpState");
  const file = join(folder, "source.state");
  writeFileSync(file, Buffer.from(state.slice(2), "hex"));
  await stop(source);

  let node = await devnet(t, ...fast, "--datadir", kept);
  for (let round = 0; round < 2; ++round) {
    await rpc(node.l2.rpc, "anvil_loadState", state);
    assert.equal(await balance(node.l2.rpc), 31n);
    const head = await numberOf(node.l2.rpc, "latest");
    await until("safe blocks on the loaded state", 30_000, async () => (await numberOf(node.l2.rpc, "safe")) > head);
    const known = await numberOf(node.l2.rpc, "safe");
    const before = await hashes(node.l2.rpc);
    await stop(node, round === 0 ? "SIGTERM" : "SIGKILL");
    node = await devnet(t, ...fast, "--datadir", kept);
    assert.equal(await balance(node.l2.rpc), 31n);
    assert.deepEqual((await hashes(node.l2.rpc)).slice(0, known), before.slice(0, known));
    assert.equal(readdirSync(kept).filter((name) => name.startsWith("state-")).length, 1);
  }
  await stop(node);
  await assert.rejects(start(["devnet", "--port", "0", "--l1-port", "0", "--json", "--datadir", kept, "--load-state", file]), /already holds a chain/);
  const fresh = await devnet(t, "--datadir", join(folder, "fresh"), "--load-state", file);
  assert.equal(await balance(fresh.l2.rpc), 31n);
});

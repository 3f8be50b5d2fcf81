// What a wallet, a script and a test suite do through viem and ethers, on both layers.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Wallet, JsonRpcProvider } from "ethers";
import { Agent, request } from "undici";
import * as viem from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { compile } from "./compile.mjs";
import { post, rpc, startDevnet, stop } from "./node.mjs";

const counter = compile(
  `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.0;
contract Counter {
  uint256 public count; event Counted(address indexed by, uint256 value); error TooMany(uint256 most);
  function add(uint256 n) external { require(n != 0, "nothing to add"); if (n > 100) revert TooMany(100); count += n; emit Counted(msg.sender, count); }
}`,
  "Counter",
);
const stranger = "0x00000000000000000000000000000000000a11ce";

let node;
before(async () => (node = await startDevnet()));
after(() => stop(node));

for (const layer of ["l2", "l1"])
  describe(layer, () => {
    let url, chain, transport, account, other, reader, wallet, dev;
    before(() => {
      url = node[layer].rpc;
      chain = viem.defineChain({
        id: node[layer].chainId, name: layer, nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 }, rpcUrls: { default: { http: [url] } },
      });
      transport = viem.http(url);
      account = privateKeyToAccount(node.accounts[0].privateKey);
      other = privateKeyToAccount(node.accounts[1].privateKey);
      reader = viem.createPublicClient({ chain, transport, pollingInterval: 50 });
      wallet = viem.createWalletClient({ chain, transport, account });
      dev = viem.createTestClient({ chain, transport, mode: "anvil" });
    });
    const receipt = (hash) => reader.waitForTransactionReceipt({ hash, timeout: 20_000 });

    test("client string and chain id", async () => {
      assert.match(await rpc(url, "web3_clientVersion"), /^anvil\//);
      assert.equal(await reader.getChainId(), node[layer].chainId);
    });

    for (const [type, id] of [["legacy", "0x0"], ["eip2930", "0x1"], ["eip1559", "0x2"]])
      test(`a transfer of type ${id}`, async () => {
        const accessList = type === "eip2930" ? [{ address: stranger, storageKeys: [viem.pad("0x1")] }] : undefined;
        const had = await reader.getBalance({ address: stranger });
        const done = await receipt(await wallet.sendTransaction({ to: stranger, value: 7n, type, accessList }));
        assert.equal(done.status, "success");
        assert.equal(done.type, type);
        assert.equal(await reader.getBalance({ address: stranger }), had + 7n);
        const block = await reader.getBlock({ blockHash: done.blockHash });
        assert.ok(block.transactions.includes(done.transactionHash));
        assert.equal((await reader.getTransaction({ hash: done.transactionHash })).typeHex, id);
      });

    test("a delegation of type 0x4", async () => {
      const authorization = await wallet.signAuthorization({ account: other, contractAddress: stranger });
      const done = await receipt(await wallet.sendTransaction({ to: stranger, authorizationList: [authorization] }));
      assert.equal(done.type, "eip7702");
      assert.equal(await reader.getCode({ address: other.address }), viem.concat(["0xef0100", stranger]));
    });

    test("a contract: deployment, calls, logs, revert reasons", async () => {
      const { contractAddress: address } = await receipt(await wallet.deployContract(counter));
      const at = { address, abi: counter.abi };
      const done = await receipt(await wallet.writeContract({ ...at, functionName: "add", args: [3n] }));
      assert.equal(await reader.readContract({ ...at, functionName: "count" }), 3n);
      const [event] = await reader.getContractEvents({ ...at, eventName: "Counted", fromBlock: done.blockNumber, toBlock: done.blockNumber });
      assert.deepEqual(event.args, { by: account.address, value: 3n });
      await assert.rejects(reader.simulateContract({ ...at, functionName: "add", args: [0n] }), /nothing to add/);
      await assert.rejects(reader.simulateContract({ ...at, functionName: "add", args: [101n] }), /TooMany/);
      const call = { to: address, data: viem.encodeFunctionData({ ...at, functionName: "add", args: [0n] }) };
      await assert.rejects(rpc(url, "eth_call", call, "latest"), (e) => e.code === 3 && e.message === "execution reverted: nothing to add" && e.data.startsWith("0x08c379a0"));
    });

    // On L2 in a mini-block; on L1, whose blocks have their time, in the block that automine makes of it.
    test("a read right after a send sees it, on this connection and on any other", async () => {
      if (layer === "l1") await dev.setAutomine(true);
      const elsewhere = new Agent({ connections: 1 });
      const ask = async (method, ...params) => {
        const response = await request(url, { dispatcher: elsewhere, method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
        return BigInt((await response.body.json()).result);
      };
      const [first, had] = [await reader.getTransactionCount({ address: account.address }), await reader.getBalance({ address: stranger })];
      for (let i = 0; i < 200; ++i) {
        const raw = await account.signTransaction({ type: "eip1559", chainId: chain.id, nonce: first + i, to: stranger, value: 1n, gas: 21_000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n });
        await rpc(url, "eth_sendRawTransaction", raw);
        const answers = await Promise.all([
          rpc(url, "eth_getBalance", stranger, "latest").then(BigInt), ask("eth_getBalance", stranger, "latest"),
          rpc(url, "eth_getTransactionCount", account.address, "latest").then(BigInt), ask("eth_getTransactionCount", account.address, "pending")]);
        assert.deepEqual(answers, [had + BigInt(i) + 1n, had + BigInt(i) + 1n, BigInt(first + i) + 1n, BigInt(first + i) + 1n], `send ${i}`);
      }
      await elsewhere.close();
      if (layer === "l1") await dev.setAutomine(false);
    });

    test("balances, code, nonces and storage are set", async () => {
      await dev.setBalance({ address: stranger, value: 123n });
      await dev.setCode({ address: stranger, bytecode: "0x60005460005260206000f3" });
      await dev.setNonce({ address: stranger, nonce: 9 });
      await dev.setStorageAt({ address: stranger, index: viem.pad("0x0"), value: viem.pad("0x2a") });
      assert.equal(await reader.getBalance({ address: stranger }), 123n);
      assert.equal(await reader.getTransactionCount({ address: stranger }), 9);
      assert.equal((await reader.call({ to: stranger })).data, viem.pad("0x2a"));
    });

    test("impersonation", async () => {
      const from = "0x00000000000000000000000000000000000b0b00";
      await dev.setBalance({ address: from, value: viem.parseEther("1") });
      await dev.impersonateAccount({ address: from });
      const hash = await wallet.sendTransaction({ account: from, to: account.address, value: 5n });
      assert.equal((await receipt(hash)).from, from);
      await dev.stopImpersonatingAccount({ address: from });
      await assert.rejects(wallet.sendTransaction({ account: from, to: account.address, value: 5n, gas: 21_000n }));
    });

    test("time travel", async () => {
      const was = (await reader.getBlock()).timestamp;
      await dev.increaseTime({ seconds: 3600 });
      await dev.mine({ blocks: 1 });
      assert.ok((await reader.getBlock()).timestamp >= was + 3600n);
    });

    test("ethers waits for its transaction", async () => {
      const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, pollingInterval: 50 });
      const sender = new Wallet(node.accounts[2].privateKey, provider);
      const done = await (await sender.sendTransaction({ to: account.address, value: 1n })).wait();
      assert.equal(done.status, 1);
      provider.destroy();
    });

    test("refusals are worded as geth words them", async () => {
      const hash = await wallet.sendTransaction({ to: account.address });
      await receipt(hash);
      const fields = { to: stranger, gas: 100_000n, maxFeePerGas: viem.parseGwei("50"), maxPriorityFeePerGas: 1n, chainId: chain.id, type: "eip1559" };
      const sign = async (more) => account.signTransaction({ ...fields, ...more });
      await assert.rejects(rpc(url, "eth_sendRawTransaction", await sign({ nonce: 0 })), (e) => e.code === -32000 && /nonce too low/.test(e.message));
      const nonce = await reader.getTransactionCount({ address: account.address, blockTag: "pending" });
      await assert.rejects(rpc(url, "eth_sendRawTransaction", await sign({ nonce, value: 10n ** 30n })), /insufficient funds for gas \* price \+ value/);
      await assert.rejects(rpc(url, "eth_sendRawTransaction", await sign({ nonce, gas: 20_000n })), /intrinsic gas too low/);
      await assert.rejects(rpc(url, "eth_sendRawTransaction", await sign({ nonce, chainId: 99 })), /invalid chain id|invalid sender/);
    });

    test("malformed requests", async () => {
      assert.equal((await post(url, "{")).error.code, -32700);
      assert.equal((await post(url, "[]")).error.code, -32600);
      assert.equal((await post(url, "{}")).error.code, -32600);
      assert.equal((await post(url, { jsonrpc: "2.0", id: 1, method: "eth_nothing", params: [] })).error.code, -32601);
      assert.equal((await post(url, { jsonrpc: "2.0", id: 1, method: "eth_getBalance", params: ["0x1", "latest"] })).error.code, -32602);
      assert.equal(await reader.getChainId(), node[layer].chainId);
    });

    test("snapshot and revert", async () => {
      await dev.setBalance({ address: stranger, value: 124n });
      const id = await dev.snapshot();
      await dev.setBalance({ address: stranger, value: 1n });
      await dev.mine({ blocks: 1 });
      await dev.revert({ id });
      assert.equal(await reader.getBalance({ address: stranger }), 124n, "what was written right before belongs to it");
    });

    test("automine", async () => {
      await dev.setAutomine(true);
      const hash = await wallet.sendTransaction({ to: account.address, value: 1n });
      assert.equal((await reader.getTransactionReceipt({ hash })).status, "success");
      await dev.setAutomine(false);
    });
  });

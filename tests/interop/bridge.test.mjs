// Value and messages between the layers with viem's own op-stack actions: deposits down, a withdrawal all the way up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as viem from "viem";
import * as op from "viem/op-stack";
import { clients } from "./clients.mjs";
import { compile } from "./compile.mjs";
import { startDevnet, stop, until } from "./node.mjs";

const token = compile(
  `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
import "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Gold is ERC20 { constructor() ERC20("Gold", "GLD") { _mint(msg.sender, 1000 ether); } }`,
  "Gold",
);
const factory = viem.parseAbi(["function createOptimismMintableERC20(address,string,string) returns (address)", "event OptimismMintableERC20Created(address indexed localToken, address indexed remoteToken, address deployer)"]);
const bridge = viem.parseAbi(["function bridgeERC20(address,address,uint256,uint32,bytes)", "function bridgeETH(uint32,bytes) payable"]);
const receiver = "0x00000000000000000000000000000000000cafe0";

let node, l1, l2, account;
before(async () => {
  node = await startDevnet("--block-time", "1000", "--l1-block-time", "1000", "--challenge-period", "2");
  ({ account, l1, l2 } = clients(node));
});
after(() => stop(node));

async function succeeded(client, hash) {
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: 30_000 });
  assert.equal(receipt.status, "success");
  return receipt;
}

test("a deposit through the portal becomes an L2 transaction", async () => {
  const hash = await l1.depositTransaction({ request: { to: receiver, value: 5n, mint: 5n, gas: 100_000n }, targetChain: l2.chain });
  const [l2Hash] = op.getL2TransactionHashes(await succeeded(l1, hash));
  await succeeded(l2, l2Hash);
  assert.equal((await l2.getTransaction({ hash: l2Hash })).typeHex, "0x7e");
  assert.equal(await l2.getBalance({ address: receiver }), 5n);
});

test("ether through the standard bridge", async () => {
  const had = await l2.getBalance({ address: account.address });
  await succeeded(l1, await l1.writeContract({ address: node.contracts.l1_standard_bridge, abi: bridge, functionName: "bridgeETH", args: [200_000, "0x"], value: viem.parseEther("1") }));
  await until("the bridged ether", 30_000, async () => (await l2.getBalance({ address: account.address })) === had + viem.parseEther("1"));
});

test("a token through the standard bridge", async () => {
  const { contractAddress: local } = await succeeded(l1, await l1.deployContract(token));
  const made = await succeeded(l2, await l2.writeContract({ address: "0x4200000000000000000000000000000000000012", abi: factory, functionName: "createOptimismMintableERC20", args: [local, "Gold", "GLD"] }));
  const [created] = viem.parseEventLogs({ abi: factory, logs: made.logs });
  const remote = created.args.localToken;
  const { l1_standard_bridge } = node.contracts;
  await succeeded(l1, await l1.writeContract({ address: local, abi: token.abi, functionName: "approve", args: [l1_standard_bridge, 10n] }));
  await succeeded(l1, await l1.writeContract({ address: l1_standard_bridge, abi: bridge, functionName: "bridgeERC20", args: [local, remote, 10n, 300_000, "0x"] }));
  const held = () => l2.readContract({ address: remote, abi: token.abi, functionName: "balanceOf", args: [account.address] });
  await until("the bridged tokens", 30_000, async () => (await held()) === 10n);
});

test("a withdrawal: initiated, proven, finalized", { timeout: 150_000 }, async () => {
  const value = viem.parseEther("0.5");
  const receipt = await succeeded(l2, await l2.initiateWithdrawal({ request: { to: receiver, value, gas: 100_000n } }));
  // By the transaction that made it or by its own hash: where it stands, in words.
  const standing = async (hash) => (await l2.request({ method: "entresol_withdrawalStatus", params: [hash] })).status;
  assert.equal(await standing(receipt.transactionHash), "waiting for output");
  const { output, withdrawal } = await l1.waitToProve({ receipt, targetChain: l2.chain });
  assert.equal(await standing(receipt.transactionHash), "ready to prove");
  const proof = await l2.buildProveWithdrawal({ output, withdrawal });
  await succeeded(l1, await l1.proveWithdrawal(proof));
  assert.equal(await standing(withdrawal.withdrawalHash), "proven");
  await l1.waitToFinalize({ targetChain: l2.chain, withdrawalHash: withdrawal.withdrawalHash });
  await until("the challenge period", 60_000, async () => (await l1.getWithdrawalStatus({ receipt, targetChain: l2.chain })) === "ready-to-finalize");
  assert.equal(await standing(withdrawal.withdrawalHash), "ready to finalize");
  await succeeded(l1, await l1.finalizeWithdrawal({ targetChain: l2.chain, withdrawal }));
  assert.equal(await standing(withdrawal.withdrawalHash), "finalized");
  assert.equal(await l2.request({ method: "entresol_withdrawalStatus", params: [`0x${"ab".repeat(32)}`] }), null);
  assert.equal(await l1.getBalance({ address: receiver }), value);
  assert.equal(await l1.getWithdrawalStatus({ receipt, targetChain: l2.chain }), "finalized");
});

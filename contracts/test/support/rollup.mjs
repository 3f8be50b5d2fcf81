// An L1 with the plan deployed by real transactions, and an L2 with its predeploys; both are anvils. The L2 has no node that derives
// it: the tests carry deposits over and propose output roots themselves.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestClient, createWalletClient, decodeErrorResult, defineChain, getAddress, http, keccak256, encodeAbiParameters, publicActions, toHex, walletActions, zeroHash } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { chainConfig, getL2TransactionHash, opaqueDataToDepositData, publicActionsL1, publicActionsL2, walletActionsL1, walletActionsL2 } from "viem/op-stack";
import { resolvePlan } from "../../deploy/plan.mjs";
import { startAnvil } from "./anvil.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const readJson = (...path) => JSON.parse(readFileSync(join(root, ...path), "utf8"));
export const artifacts = readJson("out", "test", "artifacts.json");
export const plan = readJson("deploy", "plan.json");
export const systemContracts = readJson("deploy", "system_contracts.json");

const mnemonic = "test test test test test test test test test test test junk";
const account = (addressIndex) => mnemonicToAccount(mnemonic, { addressIndex });
export const deployer = account(0);
export const council = account(1);
export const guardian = account(2);
export const batcher = account(3);
export const proposer = account(4);
export const alice = account(5);
export const bob = account(6);
export const carol = account(7);

export const messagePasser = "0x4200000000000000000000000000000000000016";
export const multicall3 = "0xcA11bde05977b3631167028862bE2a173976CA11";
export const gameType = 0xe001;
export const delays = { challenge_period_s: 100, dispute_game_finality_delay_s: 20, proof_maturity_delay_s: 50 };

export const params = {
  deployer: deployer.address, owner: council.address, guardian: guardian.address, batcher: batcher.address, proposer: proposer.address,
  unsafe_block_signer: bob.address, batch_inbox: "0x00000000000000000000000000000000000000fB", l2_chain_id: 901,
  l2_genesis_output_root: keccak256("0x01"), sequencer_fee_recipient: alice.address, base_fee_recipient: bob.address,
  l1_fee_recipient: carol.address, operator_fee_recipient: alice.address, operator_fee_scalar: 7, operator_fee_constant: 11, min_base_fee: 13,
  ...delays,
};

const multicall3Entry = { multicall3: { address: multicall3 } };

function makeClient(chain, url, ...extensions) {
  let client = createTestClient({ mode: "anvil", chain, transport: http(url), pollingInterval: 20, account: alice })
    .extend(publicActions)
    .extend(walletActions);
  for (const extension of extensions) client = client.extend(extension());
  return client;
}

/// Puts what the plan sets directly, and the system contracts of the layer, into an anvil.
async function applyDirectSteps(client, steps, layer) {
  for (const { address, code, layers } of systemContracts.contracts) {
    if (layers.includes(layer)) await client.setCode({ address, bytecode: code });
  }
  for (const step of steps) {
    if (step.kind === "code") await client.setCode({ address: step.address, bytecode: step.code });
    else if (step.kind === "storage") await client.setStorageAt({ address: step.address, index: step.slot, value: step.value });
    else if (step.kind === "balance") await client.setBalance({ address: step.address, value: step.wei });
  }
}

/// With `plain`, an L2 without deposit transactions and without OP's fees, for tests of what computes the fees.
export async function startL2(resolved, { plain = false } = {}) {
  const kind = plain ? ["--hardfork", "osaka"] : ["--hardfork", "isthmus", "--network", "optimism"];
  const anvil = await startAnvil("--chain-id", "901", ...kind);
  const chain = defineChain({
    ...chainConfig, id: 901, name: "L2", nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [anvil.url] } }, sourceId: 31337,
    contracts: {
      ...chainConfig.contracts, ...multicall3Entry,
      portal: { 31337: { address: resolved.addresses.optimism_portal } },
      disputeGameFactory: { 31337: { address: resolved.addresses.dispute_game_factory } },
      l1StandardBridge: { 31337: { address: resolved.addresses.l1_standard_bridge } },
    },
  });
  const l2 = makeClient(chain, anvil.url, publicActionsL2, walletActionsL2);
  await applyDirectSteps(l2, resolved.l2, "l2");
  return { l2, chain, stop: anvil.stop };
}

export async function startL1(resolved) {
  const anvil = await startAnvil("--hardfork", "osaka", "--gas-limit", "60000000", "--enable-tx-gas-limit");
  const chain = defineChain({
    id: 31337, name: "L1", nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [anvil.url] } }, contracts: multicall3Entry,
  });
  const l1 = makeClient(chain, anvil.url, publicActionsL1, walletActionsL1);
  await applyDirectSteps(l1, resolved.l1, "l1");
  for (const step of resolved.l1.filter(({ kind }) => kind === "transaction")) {
    const hash = await l1.sendTransaction({ account: deployer, to: step.to, data: step.data, nonce: Number(step.nonce), gas: 9_000_000n });
    const receipt = await l1.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new Error(`step ${step.as ?? step.to} of the plan reverted`);
    if (step.as && receipt.contractAddress.toLowerCase() !== resolved.addresses[step.as].toLowerCase()) throw new Error(`${step.as} is not where the plan says`);
  }
  const timelock = resolved.addresses.upgrade_timelock;
  await l1.impersonateAccount({ address: timelock });
  await l1.setBalance({ address: timelock, value: 10n ** 20n });
  await increaseTime(l1, 10); // games of the second in which the registry was made do not count
  return { l1, stop: anvil.stop };
}

export const resolved = resolvePlan(plan, artifacts, params);
/// The timelock as a sender: what it does when a change has waited long enough. How it waits is in stage2.test.mjs.
export const owner = { address: resolved.addresses.upgrade_timelock, type: "json-rpc" };

/// {address, abi} of a thing of the plan, with the ABI of what stands behind the proxy.
export const at = (address, contract) => ({ address: getAddress(address), abi: artifacts[contract].abi });
export const contracts = {
  portal: at(resolved.addresses.optimism_portal, "OptimismPortal"),
  factory: at(resolved.addresses.dispute_game_factory, "DisputeGameFactory"),
  registry: at(resolved.addresses.anchor_state_registry, "AnchorStateRegistry"),
  config: at(resolved.addresses.system_config, "SystemConfig"),
  messenger: at(resolved.addresses.l1_cross_domain_messenger, "L1CrossDomainMessenger"),
  bridge: at(resolved.addresses.l1_standard_bridge, "L1StandardBridge"),
  l2Messenger: at("0x4200000000000000000000000000000000000007", "L2CrossDomainMessenger"),
  l2Bridge: at("0x4200000000000000000000000000000000000010", "L2StandardBridge"),
  tokenFactory: at("0x4200000000000000000000000000000000000012", "OptimismMintableERC20Factory"),
  l1Block: at("0x4200000000000000000000000000000000000015", "L1Block"),
  passer: at(messagePasser, "L2ToL1MessagePasser"),
  oracle: at("0x420000000000000000000000000000000000000F", "GasPriceOracle"),
  weth: at("0x4200000000000000000000000000000000000006", "WETH"),
};

/// Sends a call and returns its receipt; throws if it reverted.
export async function send(client, contract, functionName, args = [], { from = alice, value, gas = 5_000_000n } = {}) {
  const hash = await client.writeContract({ ...contract, functionName, args, account: from, value, gas, chain: client.chain });
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") {
    const reason = await revertOf(client, contract, functionName, args, { from, value, gas });
    throw new Error(`${functionName} reverted; now with ${reason}`);
  }
  return receipt;
}

export const read = (client, contract, functionName, args = []) => client.readContract({ ...contract, functionName, args });

/// Deploys a contract of the artifacts.
export async function deploy(client, name, args = []) {
  const { abi, initcode } = artifacts[name];
  const hash = await client.deployContract({ abi, bytecode: initcode, args, account: bob, gas: 9_000_000n });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash });
  return at(contractAddress, name);
}

const allErrors = Object.values(artifacts).flatMap(({ abi = [] }) => abi.filter(({ type }) => type === "error"));

/// Name of the error that a call reverts with, or null if it succeeds. Any error of any of our contracts is recognised.
export async function revertOf(client, contract, functionName, args = [], { from = alice, value, gas = 5_000_000n } = {}) {
  try {
    await client.simulateContract({ ...contract, functionName, args, account: from, value, gas });
    return null;
  } catch (error) {
    let data = error.walk?.((cause) => typeof cause.raw === "string" || typeof cause.data === "string");
    data = data?.raw ?? data?.data;
    if (!data && !error.walk?.((cause) => cause.name === "RpcRequestError" || cause.name === "ContractFunctionRevertedError")) throw error;
    if (!data || data === "0x") return "(no data)";
    try {
      return decodeErrorResult({ abi: allErrors, data }).errorName;
    } catch {
      return data;
    }
  }
}

export async function increaseTime(client, seconds) {
  await client.increaseTime({ seconds });
  await client.mine({ blocks: 1 });
}

/// What a withdrawal is proven with: the output root of an L2 block and its preimage.
export async function outputRootAt(l2, blockNumber) {
  const [block, proof] = await Promise.all([l2.getBlock({ blockNumber }), l2.getProof({ address: messagePasser, storageKeys: [], blockNumber })]);
  const preimage = { version: zeroHash, stateRoot: block.stateRoot, messagePasserStorageRoot: proof.storageHash, latestBlockhash: block.hash };
  const types = ["bytes32", "bytes32", "bytes32", "bytes32"].map((type) => ({ type }));
  return { preimage, root: keccak256(encodeAbiParameters(types, Object.values(preimage))) };
}

export const blockNumberWord = (number) => toHex(BigInt(number), { size: 32 });

/// Proposes the output root of an L2 block; {address, index, receipt}.
export async function propose(l1, l2, blockNumber) {
  const { root: rootClaim } = await outputRootAt(l2, blockNumber);
  return createGame(l1, rootClaim, blockNumber);
}

export async function createGame(l1, rootClaim, blockNumber, { type = gameType, from = proposer, value } = {}) {
  const receipt = await send(l1, contracts.factory, "create", [type, rootClaim, blockNumberWord(blockNumber)], { from, value });
  const index = (await read(l1, contracts.factory, "gameCount")) - 1n;
  const [, , address] = await read(l1, contracts.factory, "gameAtIndex", [index]);
  return { ...at(address, "ClaimGame"), index, receipt };
}

/// Lets time pass until the game can be resolved, resolves it and lets its finality delay pass.
export async function finishGame(l1, game) {
  await increaseTime(l1, delays.challenge_period_s);
  await send(l1, game, "resolve");
  await increaseTime(l1, delays.dispute_game_finality_delay_s + 1);
}

/// Executes on the L2 what a TransactionDeposited event of the L1 asks for; the L2 receipt.
export async function carryDeposit(l2, log) {
  const { mint, value, gas, isCreation, data } = opaqueDataToDepositData(log.args.opaqueData);
  const hash = getL2TransactionHash({ log });
  const serialized = chainConfig.serializers.transaction({
    type: "deposit", from: log.args.from, to: isCreation ? undefined : log.args.to, gas, data, mint, value, isSystemTx: false,
    sourceHash: (await import("viem/op-stack")).getSourceHash({ domain: "userDeposit", l1BlockHash: log.blockHash, l1LogIndex: log.logIndex }),
  });
  const sent = await l2.sendRawTransaction({ serializedTransaction: serialized });
  if (sent !== hash) throw new Error("the deposit's hash differs from what viem computes from the log");
  return l2.waitForTransactionReceipt({ hash });
}

// What binds the parts together: the plan's slots and names against the artifacts, the README against the plan, our ABI against viem's.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { getAddress, keccak256, toFunctionSelector } from "viem";
import { resolvePlan, completeParams } from "../deploy/plan.mjs";
import { startAnvil } from "./support/anvil.mjs";
import { artifacts, at, contracts, owner, params, plan, read, resolved, startL1, systemContracts } from "./support/rollup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const text = (...path) => readFileSync(join(root, ...path), "utf8");
let l1, stop;

before(async () => {
  ({ l1, stop } = await startL1(resolved));
});
after(() => stop());

test("every slot that the plan writes belongs to a whole variable of the contract there", () => {
  const expected = {
    L2CrossDomainMessenger: { 2: "otherMessenger" },
    GasPriceOracle: { 0: "isJovian" },
    L2StandardBridge: { 1: "messenger", 2: "otherBridge" },
    vault: { 1: "recipient", 2: "minWithdrawalAmount", 3: "withdrawalNetwork" },
  };
  const contractAt = Object.fromEntries(plan.l2.filter((step) => step.contract).map((step) => [step.set_code, step.contract]));
  for (const step of plan.l2.filter((candidate) => "set_storage" in candidate)) {
    const name = contractAt[step.set_storage];
    const variables = artifacts[name].storageLayout.filter(({ slot }) => slot === step.slot);
    const wanted = (expected[name] ?? expected.vault)[step.slot];
    assert.deepEqual(variables.map(({ label, offset }) => [label, offset]), [[wanted, 0]], `${name} slot ${step.slot}`);
  }
});

test("the layout that the protocol and the portal read", () => {
  const layout = (name) => Object.fromEntries(artifacts[name].storageLayout.map(({ label, slot, offset }) => [label, `${slot}:${offset}`]));
  assert.equal(layout("L2ToL1MessagePasser").sentMessages, "0:0");
  const l1Block = layout("L1Block");
  const wanted = { number: "0:0", timestamp: "0:8", basefee: "1:0", hash: "2:0", sequenceNumber: "3:0", blobBaseFeeScalar: "3:8", baseFeeScalar: "3:12", batcherHash: "4:0", l1FeeOverhead: "5:0", l1FeeScalar: "6:0", blobBaseFee: "7:0", operatorFeeConstant: "8:0", operatorFeeScalar: "8:8", daFootprintGasScalar: "8:12" };
  assert.deepEqual(l1Block, wanted);
});

test("code that genesis sets has no immutables, and all code is within EIP-170", () => {
  for (const step of [...plan.l1, ...plan.l2].filter((candidate) => candidate.set_code)) {
    assert.deepEqual(artifacts[step.contract].immutableReferences, {}, step.contract);
  }
  for (const [name, { runtime }] of Object.entries(artifacts)) assert.ok(name === "_meta" || runtime.length <= 2 + 2 * 24_576, name);
});

test("every error of the portal is one that viem can name", async () => {
  const { portal2Abi } = await import(new URL("../node_modules/viem/_esm/op-stack/abis.js", import.meta.url));
  const known = new Set(portal2Abi.filter(({ type }) => type === "error").map(({ name }) => name));
  // Raised by OpenZeppelin at initialisation and by a finalisation with too little gas or ether; no status is asked of these.
  const own = new Set(["InvalidInitialization", "NotInitializing", "NotEnoughGasForCall", "PortalShortOfEther"]);
  const errors = artifacts.OptimismPortal.abi.filter(({ type }) => type === "error").map(({ name }) => name);
  assert.deepEqual(errors.filter((name) => !known.has(name) && !own.has(name)), []);
  assert.ok(errors.includes("InvalidMerkleProof"));
});

test("what viem reads and sends exists with the same selector", async () => {
  const { portal2Abi, disputeGameFactoryAbi, disputeGameAbi, anchorStateRegistryAbi, l2ToL1MessagePasserAbi, gasPriceOracleAbi, l1BlockAbi } = await import(new URL("../node_modules/viem/_esm/op-stack/abis.js", import.meta.url));
  // Of the older versions that viem's ABIs also describe: governance through the portal, fees of Bedrock, initializers.
  const absent = { portal: ["blacklistDisputeGame", "setRespectedGameType", "initialize"], factory: ["initialize"], oracle: ["overhead", "scalar"], game: [] };
  const compare = (theirs, name, without = []) => {
    const ours = new Set(artifacts[name].abi.filter(({ type }) => type === "function").map((item) => toFunctionSelector(item)));
    const missing = theirs.filter((item) => item.type === "function" && !ours.has(toFunctionSelector(item)) && !without.includes(item.name));
    assert.deepEqual(missing.map((item) => item.name), [], name);
  };
  compare(portal2Abi, "OptimismPortal", absent.portal);
  compare(disputeGameFactoryAbi, "DisputeGameFactory", absent.factory);
  compare(disputeGameAbi, "ClaimGame");
  compare(anchorStateRegistryAbi, "AnchorStateRegistry");
  compare(l2ToL1MessagePasserAbi, "L2ToL1MessagePasser");
  compare(gasPriceOracleAbi, "GasPriceOracle", absent.oracle);
  compare(l1BlockAbi, "L1Block");
  const events = ["TransactionDeposited", "WithdrawalProven", "WithdrawalProvenExtension1", "WithdrawalFinalized"];
  const shape = (abi, name) => abi.find((item) => item.type === "event" && item.name === name).inputs.map(({ type, indexed }) => [type, !!indexed]);
  for (const name of events) assert.deepEqual(shape(artifacts.OptimismPortal.abi, name), shape(portal2Abi, name), name);
});

test("parameters are documented, needed and checked", () => {
  const readme = text("README.md");
  const used = JSON.stringify([plan.l1, plan.l2]);
  for (const [name, { type }] of Object.entries(plan.params)) {
    assert.match(readme, new RegExp(`\\| \`${name}\` \\| ${type}`), name);
    if (!["deployer_nonce"].includes(name)) assert.ok(used.includes(`"$${name}"`), `${name} is used`);
  }
  assert.throws(() => completeParams(plan, {}), /no default/);
  assert.throws(() => completeParams(plan, { ...params, typo: 1 }), /unknown parameter typo/);
  assert.throws(() => resolvePlan({ ...plan, l1: [{ call: "nobody", function: "f()", args: [] }] }, artifacts, params), /nobody/);
});

test("the deployment leaves nothing to the deployer", async () => {
  for (const name of ["dispute_game_factory", "system_config"]) {
    assert.equal(await read(l1, at(resolved.addresses[name], "SystemConfig"), "owner"), owner.address, name);
  }
  // ERC-1967: admin slot; each proxy has its own ProxyAdmin.
  const adminSlot = "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103";
  for (const step of plan.l1.filter((candidate) => candidate.create === "TransparentUpgradeableProxy")) {
    const stored = await l1.getStorageAt({ address: resolved.addresses[step.as], slot: adminSlot });
    const admin = at(`0x${stored.slice(26)}`, "ProxyAdmin");
    assert.equal(await read(l1, admin, "owner"), owner.address, step.as);
  }
  assert.equal(await read(l1, contracts.portal, "anchorStateRegistry"), contracts.registry.address);
  assert.equal(await read(l1, contracts.portal, "disputeGameFactory"), contracts.factory.address);
  assert.equal(await read(l1, contracts.portal, "disputeGameFinalityDelaySeconds"), BigInt(params.dispute_game_finality_delay_s));
  assert.equal(await read(l1, contracts.bridge, "messenger"), contracts.messenger.address);
  assert.equal(await read(l1, contracts.messenger, "portal"), contracts.portal.address);
  assert.equal(await read(l1, contracts.messenger, "PORTAL"), contracts.portal.address);
});

test("the system contracts are those of another client", async () => {
  const anvil = await startAnvil("--hardfork", "osaka");
  try {
    let compared = 0;
    for (const { address, code, name } of systemContracts.contracts) {
      assert.equal(getAddress(address), address);
      const request = { jsonrpc: "2.0", id: 1, method: "eth_getCode", params: [address, "latest"] };
      const response = await fetch(anvil.url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request) });
      const { result } = await response.json();
      if (result === "0x") continue;
      compared++;
      assert.equal(keccak256(code), keccak256(result), name);
    }
    assert.ok(compared >= 2, `${compared} compared`);
  } finally {
    anvil.stop();
  }
});

test("the build is repeatable, incremental and clear about mistakes", () => {
  const out = mkdtempSync(join(tmpdir(), "entresol-contracts-"));
  const build = (...args) => spawnSync(process.execPath, [join(root, "build.mjs"), ...args], { encoding: "utf8" });
  try {
    assert.equal(build("--out", out).status, 0);
    const file = join(out, "artifacts.json");
    const first = JSON.parse(readFileSync(file, "utf8"));
    assert.equal(first.TrieHarness, undefined, "test contracts are not shipped");
    assert.equal(first.OptimismPortal.runtime, artifacts.OptimismPortal.runtime, "the same code with and without tests");
    const { mtimeMs } = statSync(file);
    assert.match(build("--out", out).stdout, /up to date/);
    assert.equal(statSync(file).mtimeMs, mtimeMs);
    const wrong = build("--nonsense");
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /unknown argument '--nonsense'/);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

test("forge builds the same code offline, with npm's solc behind ./solc", () => {
  const arch = { x64: "amd64", arm64: "arm64" }[process.arch];
  const forge = join(root, "node_modules", "@foundry-rs", `forge-${process.platform}-${arch}`, "bin", "forge");
  const out = mkdtempSync(join(tmpdir(), "entresol-forge-"));
  try {
    const built = spawnSync(forge, ["build", "src", "--out", out, "--cache-path", join(out, "cache")], { cwd: root, encoding: "utf8" });
    assert.equal(built.status, 0, built.stderr);
    for (const name of ["OptimismPortal", "L2StandardBridge"]) {
      const artifact = JSON.parse(readFileSync(join(out, `${name}.sol`, `${name}.json`), "utf8"));
      assert.equal(artifact.bytecode.object, artifacts[name].initcode, name);
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

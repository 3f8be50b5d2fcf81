// forge and cast, the binaries that npm carries, against a devnet that seals a block each second.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rpc, startDevnet, stop } from "../interop/node.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const build = fileURLToPath(new URL("../../build/foundry", import.meta.url));
const CPU = { x64: "amd64", arm64: "arm64" }[process.arch];
const binary = (tool) => `${here}node_modules/@foundry-rs/${tool}-${process.platform}-${CPU}/bin/${tool}`;
const absent = ["forge", "cast"].filter((tool) => !existsSync(binary(tool)));
const skip = absent.length > 0 && `npm has no ${absent.join(" and no ")} for ${process.platform} on ${process.arch}`;

const run = promisify(execFile);
async function tool(name, args, env = {}) {
  const options = { cwd: here, env: { ...process.env, NO_COLOR: "1", FOUNDRY_DISABLE_NIGHTLY_WARNING: "1", ...env }, maxBuffer: 1 << 26, timeout: 120_000 };
  const { stdout } = await run(binary(name), args, options).catch((error) => {
    throw new Error(`${name} ${args.join(" ").slice(0, 300)}: ${error.stderr || error.stdout || error.message}`);
  });
  return stdout.trim();
}

// forge's project of Uniswap's core is the npm package itself: the names of its files are part of the pair's code hash, which the router knows.
const core = `${here}node_modules/@uniswap/v2-core`;
const coreEnv = { SOLC_PACKAGE: "solc-0.5.16", FOUNDRY_PROFILE: "default", FOUNDRY_AUTO_DETECT_REMAPPINGS: "false" };
const coreArgs = ["--root", core, "--contracts", "contracts", "--out", `${build}/core`, "--cache-path", `${build}/core-cache`, "--use", `${here}solc`, "--offline",
  "--evm-version", "istanbul", "--optimize", "--optimizer-runs", "999999"];
const peripheryEnv = { SOLC_PACKAGE: "solc-0.6.6", FOUNDRY_PROFILE: "periphery" };
const artifact = (file) => JSON.parse(readFileSync(`${build}/${file}`, "utf8")).bytecode.object;

if (skip) test("forge and cast", { skip }, () => {}); // a skipped suite alone would not be counted

describe("Foundry", { skip }, () => {
  let node, url, key, owner;
  before(async () => {
    node = await startDevnet();
    url = node.l2.rpc;
    ({ privateKey: key, address: owner } = node.accounts[0]);
  });
  after(() => stop(node));
  const cast = (...args) => tool("cast", args);
  const onChain = () => ["--rpc-url", url];
  const signed = () => [...onChain(), "--private-key", key];

  test("forge compiles all three generations of Solidity", { timeout: 240_000 }, async () => {
    await tool("forge", ["build"]);
    await tool("forge", ["build"], peripheryEnv);
    await tool("forge", ["build", ...coreArgs], coreEnv);
    const pair = artifact("core/UniswapV2Pair.sol/UniswapV2Pair.json");
    assert.equal(await cast("keccak", pair), "0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f");
  });

  test("forge create deploys an ERC-20", async () => {
    const made = JSON.parse(await tool("forge", ["create", "src/Coin.sol:Coin", ...signed(), "--broadcast", "--json", "--constructor-args", "Coin", "CN", "1000"]));
    assert.equal(await cast("call", ...onChain(), made.deployedTo, "balanceOf(address)(uint256)", owner), "1000");
    const receipt = JSON.parse(await cast("receipt", ...onChain(), made.transactionHash, "--json"));
    assert.equal(receipt.status, "0x1");
    assert.equal(receipt.contractAddress.toLowerCase(), made.deployedTo.toLowerCase());
  });

  let deployed;
  test("forge script --broadcast deploys Uniswap V2, gives liquidity and swaps", { timeout: 180_000 }, async () => {
    const env = {
      FACTORY_CODE: artifact("core/UniswapV2Factory.sol/UniswapV2Factory.json"),
      WETH_CODE: artifact("periphery/WETH9.sol/WETH9.json"),
      ROUTER_CODE: artifact("periphery/UniswapV2Router02.sol/UniswapV2Router02.json"),
    };
    const out = await tool("forge", ["script", "script/Deploy.s.sol:Deploy", ...signed(), "--sender", owner, "--broadcast", "--json"], env);
    const returned = out.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)).find((line) => line.returns)?.returns;
    deployed = Object.fromEntries(Object.entries(returned).map(([name, { value }]) => [name, value]));
    const log = JSON.parse(readFileSync(`${build}/broadcast/Deploy.s.sol/${node.l2.chainId}/run-latest.json`, "utf8"));
    assert.equal(log.receipts.length, 9);
    assert.deepEqual([...new Set(log.receipts.map((receipt) => receipt.status))], ["0x1"]);
    for (const { transactionHash } of log.receipts) assert.equal((await rpc(url, "eth_getTransactionReceipt", transactionHash)).status, "0x1");
  });

  test("forge test --fork-url runs on the devnet's state", { timeout: 120_000 }, async () => {
    const env = { GOLD: deployed.gold, SILVER: deployed.silver, ROUTER: deployed.router, PAIR: deployed.pair, OWNER: owner };
    const suites = JSON.parse(await tool("forge", ["test", "--fork-url", url, "--json"], env));
    const results = Object.values(Object.values(suites)[0].test_results);
    assert.deepEqual(results.map(({ status }) => status), ["Success", "Success", "Success"]);
  });

  test("cast send, call, logs", async () => {
    const { gold } = deployed;
    const to = "0x00000000000000000000000000000000000a11ce";
    const receipt = JSON.parse(await cast("send", ...signed(), gold, "transfer(address,uint256)", to, "42", "--json"));
    assert.equal(receipt.status, "0x1");
    assert.equal(await cast("call", ...onChain(), gold, "balanceOf(address)(uint256)", to), "42");
    const block = String(Number(receipt.blockNumber));
    const logs = JSON.parse(await cast("logs", ...onChain(), "--from-block", block, "--to-block", block, "--address", gold, "Transfer(address,address,uint256)", "--json"));
    assert.equal(logs.length, 1);
    assert.equal(logs[0].transactionHash, receipt.transactionHash);
    await assert.rejects(cast("send", ...signed(), gold, "transfer(address,uint256)", "0x0000000000000000000000000000000000000000", "1"), /ERC20InvalidReceiver|0xec442f05|execution reverted/);
  });

  test("cast storage, code, estimate, rpc, balance, block, nonce", async () => {
    const { gold } = deployed;
    const slot = await cast("index", "address", owner, "0"); // balances are OpenZeppelin's first slot
    const held = await cast("call", ...onChain(), gold, "balanceOf(address)(uint256)", owner);
    assert.equal(BigInt(await cast("storage", ...onChain(), gold, slot)), BigInt(held.split(" ")[0]));
    assert.equal(await cast("code", ...onChain(), gold), await rpc(url, "eth_getCode", gold, "latest"));
    assert.ok(Number(await cast("estimate", ...onChain(), gold, "approve(address,uint256)", owner, "1", "--from", owner)) > 21_000);
    assert.equal(JSON.parse(await cast("rpc", ...onChain(), "eth_chainId")), `0x${node.l2.chainId.toString(16)}`);
    assert.equal(await cast("chain-id", ...onChain()), String(node.l2.chainId));
    assert.equal(BigInt(await cast("balance", ...onChain(), owner)), BigInt(await rpc(url, "eth_getBalance", owner, "latest")));
    assert.equal(Number(await cast("nonce", ...onChain(), owner)), Number(await rpc(url, "eth_getTransactionCount", owner, "latest")));
    const block = JSON.parse(await cast("block", ...onChain(), "1", "--json"));
    assert.equal(block.hash, (await rpc(url, "eth_getBlockByNumber", "0x1", false)).hash);
  });

  // On the L1: cast 1.7.1 does not read blocks with deposits (type 0x7e) on chain ids that it does not know.
  test("cast run replays a transaction in cast's own EVM", async () => {
    const l1 = ["--rpc-url", node.l1.rpc];
    const receipt = JSON.parse(await cast("send", ...l1, "--private-key", key, node.contracts.l1_standard_bridge, "bridgeETH(uint32,bytes)", "200000", "0x", "--value", "5", "--json"));
    assert.equal(receipt.status, "0x1");
    const out = await cast("run", ...l1, receipt.transactionHash);
    assert.match(out, /Transaction successfully executed/);
    assert.match(out, new RegExp(`Gas used: ${Number(receipt.gasUsed)}\\b`));
  });

  test("cast proof: the account stands under the block's state root", async () => {
    const proof = JSON.parse(await cast("proof", ...onChain(), deployed.gold, "0"));
    assert.equal(proof.address.toLowerCase(), deployed.gold.toLowerCase());
    assert.ok(proof.accountProof.length > 0);
  });
});

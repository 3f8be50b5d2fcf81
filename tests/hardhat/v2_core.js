// Uniswap V2's core, compiled from npm's source as its authors did: the router knows the hash of the pair's creation code, and that
// depends on compiler, settings and the names of the source files.
const { readFileSync, existsSync, mkdirSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const cache = path.join(__dirname, "../../build/hardhat/uniswap-v2-core-1.0.0.json");

function compile() {
  const solc = require("solc-0.5.16");
  const read = (name) => ({ contents: readFileSync(require.resolve(`@uniswap/v2-core/${name}`), "utf8") });
  const input = {
    language: "Solidity",
    sources: { "contracts/UniswapV2Factory.sol": { content: read("contracts/UniswapV2Factory.sol").contents } },
    settings: { optimizer: { enabled: true, runs: 999999 }, evmVersion: "istanbul", outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  };
  const { contracts } = JSON.parse(solc.compile(JSON.stringify(input), read));
  const artifact = (name) => {
    const { abi, evm } = contracts[`contracts/${name}.sol`][name];
    return { abi, bytecode: `0x${evm.bytecode.object}` };
  };
  return { factory: artifact("UniswapV2Factory"), pair: artifact("UniswapV2Pair") };
}

/** {factory, pair}: abi and bytecode. */
exports.v2Core = () => {
  if (!existsSync(cache)) {
    mkdirSync(path.dirname(cache), { recursive: true });
    writeFileSync(cache, JSON.stringify(compile()));
  }
  return JSON.parse(readFileSync(cache, "utf8"));
};

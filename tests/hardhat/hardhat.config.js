// An ordinary Hardhat project but for one thing: its compilers come from npm, so that nothing is downloaded when it runs.
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");
const { subtask } = require("hardhat/config");
const path = require("node:path");
require("@nomicfoundation/hardhat-ethers");
require("@nomicfoundation/hardhat-chai-matchers");

const COMPILERS = { "0.8.37": "solc", "0.6.6": "solc-0.6.6" };

subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async ({ solcVersion }) => {
  const name = COMPILERS[solcVersion];
  if (!name) throw new Error(`no npm package for solc ${solcVersion}`);
  return { compilerPath: require.resolve(`${name}/soljson.js`), isSolcJs: true, version: solcVersion, longVersion: require(name).version() };
});

const build = path.join(__dirname, "../../build/hardhat");
const optimizer = { enabled: true, runs: 200 };
module.exports = {
  solidity: {
    compilers: [
      { version: "0.8.37", settings: { optimizer, evmVersion: "cancun" } },
      { version: "0.6.6", settings: { optimizer } },
    ],
  },
  paths: { artifacts: path.join(build, "artifacts"), cache: path.join(build, "cache") },
  defaultNetwork: "entresol",
  networks: { entresol: { url: process.env.ENTRESOL_URL ?? "http://127.0.0.1:8545" } },
  mocha: { timeout: 60_000 },
};

// Compiles one Solidity source with npm's solc.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);

export function compile(source, contract) {
  const solc = require("solc");
  const input = {
    language: "Solidity",
    sources: { "main.sol": { content: source } },
    settings: { optimizer: { enabled: true }, evmVersion: "cancun", outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  };
  const read = (path) => ({ contents: readFileSync(require.resolve(path), "utf8") });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
  const errors = (output.errors ?? []).filter((e) => e.severity === "error");
  if (errors.length) throw new Error(errors.map((e) => e.formattedMessage).join("\n"));
  const { abi, evm } = output.contracts["main.sol"][contract];
  return { abi, bytecode: `0x${evm.bytecode.object}` };
}

// An unmodified OpenZeppelin ERC-20 whose holders exist from the start.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { selector, word } from "./transactions.mjs";

const require = createRequire(import.meta.url);
const SOURCE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
import "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract BenchToken is ERC20 {
    constructor(address[] memory holders) ERC20("Bench", "BNC") {
        for (uint256 i = 0; i < holders.length; ++i) _mint(holders[i], 1e24);
    }
}`;

export function compile_token() {
  const solc = require("solc");
  const input = {
    language: "Solidity",
    sources: { "token.sol": { content: SOURCE } },
    settings: { optimizer: { enabled: true }, evmVersion: "cancun", outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
  };
  const read = (path) => ({ contents: readFileSync(require.resolve(path), "utf8") });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return Buffer.from(output.contracts["token.sol"].BenchToken.evm.bytecode.object, "hex");
}

export const creation_code = (code, holders) => Buffer.concat([code, word(32n), word(BigInt(holders.length)), ...holders.map(word)]);
export const transfer_data = (to, amount) => Buffer.concat([selector("transfer(address,uint256)"), word(to), word(amount)]);

// The programs: ours in programs/ (Solidity, Yul) and below (assembler), OpenZeppelin's ERC-20 and Uniswap's V2 pair from npm. Each is code, storage and a
// call; the file that write_programs() makes is described in driver.cpp.
import { keccak_256 } from "@noble/hashes/sha3";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { assemble } from "./assemble.mjs";

const require = createRequire(import.meta.url);
const GAS = 1_000_000_000;
const SELF = "00000000000000000000000000000000000000aa", OTHER = "00000000000000000000000000000000000000bb";
const PAIR = "00000000000000000000000000000000000000cc", TOKEN0 = "00000000000000000000000000000000000000d0", TOKEN1 = "00000000000000000000000000000000000000d1";
const FACTORY = "00000000000000000000000000000000000000fa";
export const CALLER = "ca11e500000000000000000000000000000000ff"; // as in the drivers

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const word = (value) => (typeof value === "string" ? value : BigInt(value).toString(16)).padStart(64, "0");
const selector = (signature) => hex(keccak_256(signature)).slice(0, 8);
const mapping_slot = (key, slot) => hex(keccak_256(Buffer.from(word(key) + word(slot), "hex")));
const minimal = (text) => text.replace(/^(00)+/, "") || "00";

function compile() {
  const solc = require("solc");
  const folder = new URL("programs/", import.meta.url);
  const settings = { optimizer: { enabled: true, runs: 10_000 }, evmVersion: "osaka", outputSelection: { "*": { "*": ["evm.deployedBytecode.object"] } } };
  const out = {};
  for (const [language, ending] of [["Solidity", ".sol"], ["Yul", ".yul"]]) {
    const names = readdirSync(folder).filter((name) => name.endsWith(ending));
    const compiled_now = (list) => JSON.parse(solc.compile(
      JSON.stringify({ language, sources: Object.fromEntries(list.map((name) => [name, { content: readFileSync(new URL(name, folder), "utf8") }])), settings }),
      { import: (path) => ({ contents: readFileSync(require.resolve(path), "utf8") }) }));
    for (const list of language === "Yul" ? names.map((name) => [name]) : [names]) { // Yul: one source at a time
      const compiled = compiled_now(list);
      const errors = (compiled.errors ?? []).filter(({ severity }) => severity === "error");
      if (errors.length) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
      for (const contracts of Object.values(compiled.contracts)) for (const [name, { evm }] of Object.entries(contracts)) out[name] = evm.deployedBytecode.object;
    }
  }
  return out;
}

// PUSH rounds … body … and again until none is left; the body finds the counter on top and leaves it there.
const loop = (rounds, body) => assemble(`PUSH ${rounds} again: ${body} PUSH 1 SWAP1 SUB DUP1 PUSH @again JUMPI STOP`);
const times = (count, text) => Array(count).fill(text).join(" ");
const ANSWER = assemble("PUSH 42 PUSH 0 MSTORE PUSH 32 PUSH 0 RETURN");
// Calls the other account with what it was called with, as a proxy does.
const PROXY = assemble(`CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY PUSH0 PUSH0 CALLDATASIZE PUSH0 PUSH 0x${OTHER} GAS DELEGATECALL
  RETURNDATASIZE PUSH0 PUSH0 RETURNDATACOPY PUSH @good JUMPI RETURNDATASIZE PUSH0 REVERT good: RETURNDATASIZE PUSH0 RETURN`);

const ASSEMBLED = {
  stack: { code: loop(8_000, times(12, "DUP1 PUSH 7 DUP2 DUP2 SWAP1 POP SWAP2 POP POP POP")) },
  jumps: { code: loop(150_000, "PUSH @a JUMP b: PUSH @c JUMP a: PUSH @b JUMP c:") },
  memory_words: { code: loop(20_000, times(6, "PUSH 64 MLOAD DUP2 ADD PUSH 96 MSTORE PUSH 96 MLOAD PUSH 77 MSTORE")) },
  memory_copy: { code: loop(20_000, "PUSH 256 PUSH 0 PUSH 4096 MCOPY PUSH 96 PUSH 33 PUSH 512 MCOPY PUSH 64 PUSH 4 PUSH 900 CODECOPY") },
  memory_growth: { code: loop(600, `PUSH0 PUSH0 PUSH0 PUSH0 PUSH 0x${OTHER} GAS STATICCALL POP`), other: assemble("PUSH 0 next: PUSH 32 ADD DUP1 DUP1 MSTORE DUP1 PUSH 6000 GT PUSH @next JUMPI STOP") },
  static_calls: { code: loop(20_000, `PUSH 32 PUSH0 PUSH 32 PUSH0 PUSH 0x${OTHER} GAS STATICCALL POP`), other: ANSWER },
  proxy_calls: { code: loop(8_000, `PUSH 32 PUSH0 PUSH 68 PUSH0 PUSH0 PUSH 0x${PAIR} GAS CALL POP`), other: ANSWER, pair: PROXY },
  // A contract that calls itself until 1,000 calls are open.
  deep_calls: { code: loop(30, `PUSH 1000 PUSH0 MSTORE PUSH0 PUSH0 PUSH 32 PUSH0 PUSH0 PUSH 0x${OTHER} GAS CALL POP`), other: assemble(`PUSH0 CALLDATALOAD DUP1 ISZERO PUSH @end JUMPI PUSH 1 SWAP1 SUB PUSH0 MSTORE PUSH0 PUSH0 PUSH 32 PUSH0 PUSH0 ADDRESS GAS CALL end: STOP`) },
  storage_warm: { code: loop(20_000, times(2, "PUSH 1 SLOAD PUSH 1 ADD PUSH 1 SSTORE PUSH 2 SLOAD PUSH 3 SLOAD ADD POP")), slots: { 1: 7, 2: 8, 3: 9 } },
  transient: { code: loop(20_000, "PUSH 1 TLOAD PUSH 1 ADD PUSH 1 TSTORE DUP1 PUSH 255 AND DUP2 SWAP1 TSTORE") },
};

function token_account(at, code, holders) {
  const balances = holders.map(([who, amount]) => [mapping_slot(who, 0), word(amount)]);
  return { at, code, slots: [...balances, [word(2), word(10n ** 30n)]] };
}

function swap_accounts(code) {
  const pair = require("@uniswap/v2-core/build/UniswapV2Pair.json").evm.deployedBytecode.object;
  const reserve = 10n ** 24n;
  const slots = [[word(5), word(FACTORY)], [word(6), word(TOKEN0)], [word(7), word(TOKEN1)], [word(8), word((reserve << 112n) | reserve)], [word(12), word(1)]];
  const holders = [[SELF, 10n ** 24n], [PAIR, reserve]];
  return [{ at: SELF, code: code.Swaps }, { at: PAIR, code: pair, slots }, token_account(TOKEN0, code.TokenTransfers, holders), token_account(TOKEN1, code.TokenTransfers, holders)];
}

/** [{ name, group, input, accounts: [{ at, code, slots: [[key, value]] }] }] */
export function make_programs() {
  const code = compile();
  const run = selector("run()");
  const plain = (contract) => ({ input: run, accounts: [{ at: SELF, code: code[contract] }] });
  const assembled = (name) => {
    const { code: own, other, pair, input = "", slots = {} } = ASSEMBLED[name];
    const accounts = [{ at: SELF, code: own, slots: Object.entries(slots).map(([key, value]) => [word(key), word(value)]) }];
    if (other) accounts.push({ at: OTHER, code: other });
    if (pair) accounts.push({ at: PAIR, code: pair });
    return { input, accounts };
  };
  const groups = {
    hashing: { keccak_small: plain("KeccakSmall"), keccak_large: plain("KeccakLarge"), merkle_proof: plain("MerkleProof"), sha256: plain("Sha256"), blake2b: plain("Blake2b") },
    arithmetic: {
      multiply: plain("Multiply"), mulmod: plain("MulMod"), addmod: plain("AddMod"), divide: plain("Divide"), signed_divide: plain("SignedDivide"),
      exponentiate: plain("Exponentiate"), fixed_point: plain("FixedPoint"), big_modexp: plain("BigModExp"),
    },
    memory: { memory_words: assembled("memory_words"), memory_copy: assembled("memory_copy"), memory_growth: assembled("memory_growth"), sort: plain("Sort"), matrix: plain("Matrix"), sieve: plain("Sieve"), strings: plain("Strings") },
    control: { stack: assembled("stack"), jumps: assembled("jumps"), collatz: plain("Collatz"), fibonacci: plain("Fibonacci"), queens: plain("Queens"), byte_code_machine: plain("Machine"), mandelbrot: plain("Mandelbrot") },
    calls: { static_calls: assembled("static_calls"), proxy_calls: assembled("proxy_calls"), deep_calls: assembled("deep_calls") },
    storage: { storage_warm: assembled("storage_warm"), storage_map: plain("Storage"), transient: assembled("transient") },
    contracts: {
      ray_tracer: plain("RayTracer"),
      erc20_transfers: { input: run, accounts: [token_account(SELF, code.TokenTransfers, [[CALLER, 10n ** 24n]])] },
      erc20_calls: { input: selector("run(address)") + word(TOKEN0), accounts: [{ at: SELF, code: code.TokenCalls }, token_account(TOKEN0, code.TokenTransfers, [[SELF, 10n ** 24n]])] },
      uniswap_v2_swaps: { input: selector("run(address,address,address)") + word(PAIR) + word(TOKEN0) + word(TOKEN1), accounts: swap_accounts(code) },
    },
  };
  return Object.entries(groups).flatMap(([group, programs]) => Object.entries(programs).map(([name, program]) => ({ name, group, ...program })));
}

export function write_programs(programs, file) {
  const lines = programs.flatMap(({ name, input, accounts }) => [
    `program ${name} ${GAS}`,
    ...accounts.flatMap(({ at, code, slots = [] }) => [`account ${at} ${code}`, ...slots.map(([key, value]) => `slot ${at} ${minimal(key)} ${minimal(value)}`)]),
    `call ${accounts[0].at} ${input}`,
  ]);
  writeFileSync(file, `${lines.join("\n")}\n`);
}

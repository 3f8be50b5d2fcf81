// Programs for debug_traceCall that meet what tracers differ in. They depend on no chain: code, balances and block fields are overridden.
const hex = (number, bytes) => number.toString(16).padStart(bytes * 2, "0");
const OPS = { STOP: 0x00, ADD: 0x01, MUL: 0x02, KECCAK256: 0x20, ADDRESS: 0x30, BALANCE: 0x31, CALLVALUE: 0x34, CALLDATALOAD: 0x35, CALLDATASIZE: 0x36, CALLDATACOPY: 0x37, CODECOPY: 0x39,
  EXTCODESIZE: 0x3b, RETURNDATASIZE: 0x3d, RETURNDATACOPY: 0x3e, EXTCODEHASH: 0x3f, SELFBALANCE: 0x47, POP: 0x50, MLOAD: 0x51, MSTORE: 0x52, MSTORE8: 0x53, SLOAD: 0x54, SSTORE: 0x55, JUMP: 0x56, JUMPI: 0x57,
  GAS: 0x5a, JUMPDEST: 0x5b, TLOAD: 0x5c, TSTORE: 0x5d, MCOPY: 0x5e, PUSH0: 0x5f, DUP1: 0x80, DUP2: 0x81, SWAP1: 0x90, LOG0: 0xa0, LOG1: 0xa1, LOG2: 0xa2, CREATE: 0xf0, CALL: 0xf1, CALLCODE: 0xf2, RETURN: 0xf3,
  DELEGATECALL: 0xf4, CREATE2: 0xf5, STATICCALL: 0xfa, REVERT: 0xfd, INVALID: 0xfe, SELFDESTRUCT: 0xff };

/** Names of instructions, numbers (pushed), and raw hex after 0x. */
export function assemble(...parts) {
  const byte = (part) => {
    if (typeof part === "number" || typeof part === "bigint") {
      const digits = part.toString(16);
      const even = digits.length % 2 ? `0${digits}` : digits;
      return hex(0x5f + even.length / 2, 1) + even;
    }
    if (part.startsWith("0x")) return part.slice(2);
    if (!(part in OPS)) throw new Error(`no instruction ${part}`);
    return hex(OPS[part], 1);
  };
  return `0x${parts.flat(9).map(byte).join("")}`;
}

const address = (digit) => `0x${digit.repeat(40)}`;
const sender = address("5"), main = address("a"), child = address("b"), grandchild = address("c"), nobody = address("d");
const push = (account) => ["0x73" + account.slice(2)];
const call = (op, to, { gas = 100_000, value = 0, input = [0, 0], output = [0, 0] } = {}) =>
  [output[1], output[0], input[1], input[0], ...(op === "CALL" || op === "CALLCODE" ? [value] : []), push(to), gas, op];
const result = (to) => [call("CALL", to), "POP"];
// Error(string) "no", and Panic(uint256) 0x11.
const reason = "0x08c379a0" + hex(32, 32) + hex(2, 32) + "6e6f" + "00".repeat(30);
const panic = "0x4e487b71" + hex(0x11, 32);
const withTail = (body, tail, end) => {
  const size = (tail.length - 2) / 2;
  const at = assemble(size, 0, 0, "CODECOPY", body(size)).length / 2 - 1;
  const again = assemble(size, at, 0, "CODECOPY", body(size));
  return `${again}${tail.slice(2)}`;
};
const reverting = (data) => withTail((size) => [size, 0, "REVERT"], data);
const initcode = assemble(1, 0, "MSTORE8", 42, 0, "MSTORE", 3, 29, "RETURN"); // deploys 00002a
const create = (op, value = 0, salt = []) => [`0x${hex(0x5f + (initcode.length - 2) / 2, 1)}${initcode.slice(2)}`, 0, "MSTORE", ...salt, (initcode.length - 2) / 2, 32 - (initcode.length - 2) / 2, value, op];

const code = (...parts) => ({ code: typeof parts[0] === "string" && parts[0].startsWith("0x") && parts.length === 1 ? parts[0] : assemble(...parts) });
const rich = { balance: "0xde0b6b3a7640000" };

/** name → { call, accounts }: who is called with what, on which state. */
export const programs = {
  "transfer to nobody": { call: { to: nobody, value: "0x5" } },
  "transfer of too much, inside": { accounts: { [main]: code(call("CALL", nobody, { value: 7 }), 0, "MSTORE", 32, 0, "RETURN") } },
  "arithmetic and memory": { accounts: { [main]: code(3, 4, "ADD", 5, "MUL", 0, "MSTORE", 64, 0, "KECCAK256", 32, "MSTORE", 64, 0, "RETURN") } },
  "storage read, written, written back": { accounts: { [main]: { ...code(1, "SLOAD", "POP", 9, 1, "SSTORE", 7, 2, "SSTORE", 0, 2, "SSTORE", 3, "SLOAD", 1, "ADD", 3, "SSTORE"), state: { ["0x" + hex(1, 32)]: "0x" + hex(5, 32), ["0x" + hex(3, 32)]: "0x" + hex(8, 32) } } } },
  "a slot cleared for a refund": { accounts: { [main]: { ...code(0, 1, "SSTORE", 1, "POP", 2, "POP"), state: { ["0x" + hex(1, 32)]: "0x" + hex(5, 32) } } } },
  "transient storage": { accounts: { [main]: code(9, 1, "TSTORE", 1, "TLOAD", 0, "MSTORE", 32, 0, "RETURN") } },
  "logs": { accounts: { [main]: code(42, 0, "MSTORE", 32, 0, "LOG0", 7, 32, 0, "LOG1", result(child), 1, 2, 4, 28, "LOG2"), [child]: code(5, 0, 0, "LOG1") } },
  "logs of a reverted call": { accounts: { [main]: code(1, 0, 0, "LOG1", result(child), 2, 0, 0, "LOG1"), [child]: code(5, 0, 0, "LOG1", result(grandchild), 0, 0, "REVERT"), [grandchild]: code(6, 0, 0, "LOG1") } },
  "revert without a word": { accounts: { [main]: code(0, 0, "REVERT") } },
  "revert with a reason": { accounts: { [main]: code(reverting(reason)) } },
  "revert with a panic": { accounts: { [main]: code(reverting(panic)) } },
  "revert with a custom error": { accounts: { [main]: code(reverting("0xdeadbeef" + hex(1, 32))) } },
  "a call's revert passed on": { accounts: { [main]: code(result(child), "RETURNDATASIZE", 0, 0, "RETURNDATACOPY", "RETURNDATASIZE", 0, "REVERT"), [child]: code(reverting(reason)) } },
  "invalid instruction": { accounts: { [main]: code("INVALID") } },
  "undefined instruction": { accounts: { [main]: code(1, "0x0c") } },
  "undefined instruction in a call": { accounts: { [main]: code(result(child), 1, 0, "SSTORE"), [child]: code("0x21") } },
  "stack underflow": { accounts: { [main]: code("ADD") } },
  "stack overflow": { accounts: { [main]: code("JUMPDEST", 1, 0, "JUMP") } , short: true },
  "bad jump": { accounts: { [main]: code(3, "JUMP", "STOP") } },
  "out of gas in memory": { call: { gas: "0x5fff" }, accounts: { [main]: code(1, 0xffffff, "MSTORE") } },
  "out of gas in a call": { accounts: { [main]: code(call("CALL", child, { gas: 5_000 }), 0, "MSTORE", 32, 0, "RETURN"), [child]: code("JUMPDEST", 0, "MLOAD", "POP", 0, "JUMP") }, short: true },
  "out of gas storing": { call: { gas: "0x5800" }, accounts: { [main]: code(1, 1, "SSTORE") } },
  "write in a static call": { accounts: { [main]: code(call("STATICCALL", child), 0, "MSTORE", 32, 0, "RETURN"), [child]: code(1, 1, "SSTORE") } },
  "return data out of bounds": { accounts: { [main]: code(5, 0, 0, "RETURNDATACOPY") } },
  "every kind of call": { accounts: { [main]: { ...rich, ...code(...["CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"].map((op) => [call(op, child, { value: 3, input: [0, 4], output: [0, 32] }), "POP"])) }, [child]: code("ADDRESS", 0, "MSTORE", 32, 0, "RETURN") } },
  "delegate call that stores": { accounts: { [main]: { ...code(call("DELEGATECALL", child)), state: { ["0x" + hex(1, 32)]: "0x" + hex(5, 32) } }, [child]: code(6, 1, "SSTORE", call("DELEGATECALL", grandchild)), [grandchild]: code(7, 2, "SSTORE", 1, "SLOAD", 3, "SSTORE") } },
  "value all the way down": { call: { value: "0x9" }, accounts: { [main]: code(call("CALL", child, { value: 6 })), [child]: code(call("CALL", grandchild, { value: 3 })), [grandchild]: code("SELFBALANCE", 0, "MSTORE", 32, 0, "RETURN") } },
  "creation": { accounts: { [main]: { ...rich, ...code(create("CREATE", 5), "EXTCODESIZE", 0, "MSTORE", 32, 0, "RETURN") } } },
  "creation by salt": { accounts: { [main]: code(create("CREATE2", 0, [99]), "EXTCODEHASH", 0, "MSTORE", 32, 0, "RETURN") } },
  "creation that reverts": { accounts: { [main]: code(0x60006000fdn, 0, "MSTORE", 5, 27, 0, "CREATE", 0, "MSTORE", "RETURNDATASIZE", 0, "MSTORE", 32, 0, "RETURN") } },
  "creation of forbidden code": { accounts: { [main]: code(0x60ef60005360016000f3n, 0, "MSTORE", 10, 22, 0, "CREATE", 0, "MSTORE", 32, 0, "RETURN") } },
  "creation without the means": { accounts: { [main]: code(create("CREATE", 1000), 0, "MSTORE", 32, 0, "RETURN") } },
  "a transaction that creates": { call: { to: undefined, data: initcode } },
  "a transaction that creates and reverts": { call: { to: undefined, data: reverting(reason) } },
  "self-destruction to another": { accounts: { [main]: { ...rich, ...code(push(nobody), "SELFDESTRUCT") } } },
  "self-destruction of a child": { accounts: { [main]: code(result(child), result(child)), [child]: { ...rich, ...code(push(main), "SELFDESTRUCT") } } },
  "created and destroyed": { accounts: { [main]: { ...rich, ...code(0x73 * 256, "POP", 0x33ff, 0, "MSTORE", 2, 30, 7, "CREATE", "BALANCE", 0, "MSTORE", 32, 0, "RETURN") } } },
  "precompiles": { accounts: { [main]: code(42, 0, "MSTORE", [2, 3, 4, 5, 9].map((i) => [call("STATICCALL", `0x${hex(i, 20)}`, { input: [0, 32], output: [32, 32] }), "POP"]), call("CALL", `0x${hex(4, 20)}`, { value: 0, input: [0, 32], output: [64, 32] })) } },
  "a precompile that fails": { accounts: { [main]: code(call("CALL", `0x${hex(6, 20)}`, { gas: 10_000, input: [0, 128] }), 0, "MSTORE", call("CALL", `0x${hex(9, 20)}`, { gas: 10_000, input: [0, 5] }), 32, "MSTORE", 64, 0, "RETURN"), }, },
  "a precompile without gas": { accounts: { [main]: code(call("CALL", `0x${hex(6, 20)}`, { gas: 10, input: [0, 128] }), 0, "MSTORE", 32, 0, "RETURN") } },
  "accounts looked at": { accounts: { [main]: code(push(child), "BALANCE", "POP", push(grandchild), "EXTCODEHASH", "POP", push(nobody), "EXTCODESIZE", "POP"), [child]: rich, [grandchild]: { ...code(1), nonce: "0x3" } } },
  "delegated account (EIP-7702)": { accounts: { [main]: { code: `0xef0100${child.slice(2)}` }, [child]: code(8, 1, "SSTORE", "ADDRESS", 0, "MSTORE", 32, 0, "RETURN") } },
  "call of a delegated account": { accounts: { [main]: code(result(child)), [child]: { code: `0xef0100${grandchild.slice(2)}` }, [grandchild]: code(8, 1, "SSTORE") } },
  "copies in memory": { call: { data: `0x${"ab".repeat(40)}` }, accounts: { [main]: code("CALLDATASIZE", 0, 0, "CALLDATACOPY", 40, 0, 32, "MCOPY", 72, 0, "RETURN") } },
  "recursion until nothing is left": { call: { gas: "0x30000" }, accounts: { [main]: code(1, "POP", [0, 0, 0, 0, 0], push(main), "GAS", "CALL", 0, "MSTORE", 32, 0, "RETURN") }, short: true },
  "a function of four bytes": { call: { data: "0xa9059cbb" + hex(1, 32) + hex(2, 32) }, accounts: { [main]: code(0x70a08231n, 0, "MSTORE", call("CALL", child, { input: [28, 36] })), [child]: code(call("STATICCALL", grandchild, { input: [0, 4] })) } },
};

const call_tracer = (tracerConfig) => ({ tracer: "callTracer", ...(tracerConfig && { tracerConfig }) });
const prestate = (tracerConfig) => ({ tracer: "prestateTracer", ...(tracerConfig && { tracerConfig }) });
export const options = {
  calls: call_tracer(),
  "calls, with logs": call_tracer({ withLog: true }),
  "calls, only the top": call_tracer({ onlyTopCall: true, withLog: true }),
  prestate: prestate(),
  "prestate, difference": prestate({ diffMode: true }),
  "prestate, without code": prestate({ disableCode: true }),
  "prestate, difference without storage": prestate({ diffMode: true, disableStorage: true }),
  "four bytes": { tracer: "4byteTracer" },
  steps: {},
  "steps, everything": { enableMemory: true, enableReturnData: true },
  "steps, nothing": { disableStack: true, disableStorage: true },
  "steps, a few": { limit: 500 },
};

/**
 * What geth's answer is compared as. Two things of 1.17.10 are left out: in a difference, accounts that did not exist and still do not are listed with a
 * code hash of zeros; and a write in a static call is worded as being out of gas, which its gas is not.
 */
export function expected(answer) {
  const text = JSON.stringify(answer).replaceAll("out of gas: write protection", "write protection");
  const plain = JSON.parse(text);
  const post = plain.result?.post ?? {};
  for (const [address, account] of Object.entries(post)) {
    if (account.codeHash !== "0x" + "0".repeat(64)) continue;
    delete account.codeHash;
    if (Object.keys(account).length === 0) delete post[address], delete plain.result.pre[address];
  }
  return plain;
}

/** The parameters of debug_traceCall for one program and one tracer. */
export function parameters({ call: own, accounts = {} }, tracer) {
  const request = { from: sender, to: main, gas: "0x100000", ...own };
  // A development chain may give precompiles a wei, and a system contract nothing: all are empty here.
  const precompiles = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`0x${hex(i + 1, 20)}`, { balance: "0x0" }]));
  return [request, "latest", { ...tracer, stateOverrides: { ...precompiles, [sender]: rich, ...accounts }, blockOverrides: { feeRecipient: address("f"), number: "0x64", time: "0x70000000" } }];
}

/** Programs of many steps are traced only where steps are few; that options leave things out is shown on some. */
const left_out = new Set(["steps", "steps, nothing"]);
export const pairs = () =>
  Object.entries(programs).flatMap(([name, program], i) =>
    Object.entries(options)
      .filter(([how, tracer]) => (!program.short || tracer.tracer || tracer.limit) && (i < 12 || !left_out.has(how)))
      .map(([how, tracer]) => ({ name: `${name}: ${how}`, params: parameters(program, tracer) })));

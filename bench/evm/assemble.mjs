// A small assembler: "PUSH 5", "PUSH @label", "label:" and mnemonics; text to byte code in hexadecimal. Labels are pushed as two bytes.
const NAMES = `00 STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND|10 LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR CLZ|20 KECCAK256|
30 ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY CODESIZE CODECOPY GASPRICE EXTCODESIZE EXTCODECOPY RETURNDATASIZE
RETURNDATACOPY EXTCODEHASH|50 POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST TLOAD TSTORE MCOPY PUSH0|
f0 CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2|fa STATICCALL|fd REVERT INVALID SELFDESTRUCT`;

const OPCODES = new Map();
for (const group of NAMES.split("|")) {
  const [first, ...names] = group.trim().split(/\s+/);
  names.forEach((name, i) => OPCODES.set(name, parseInt(first, 16) + i));
}
for (let i = 1; i <= 16; ++i) OPCODES.set(`DUP${i}`, 0x7f + i).set(`SWAP${i}`, 0x8f + i);

function push(value) {
  const digits = BigInt(value).toString(16);
  const bytes = digits.padStart(digits.length + (digits.length % 2), "0");
  return [0x5f + bytes.length / 2, ...Buffer.from(bytes, "hex")];
}

export function assemble(text) {
  const code = [], labels = new Map(), uses = [];
  const words = text.trim().split(/\s+/);
  for (let i = 0; i < words.length; ++i) {
    if (words[i].endsWith(":")) {
      labels.set(words[i].slice(0, -1), code.length);
      code.push(0x5b);
    } else if (words[i] !== "PUSH") {
      if (!OPCODES.has(words[i])) throw new Error(`no instruction '${words[i]}'`);
      code.push(OPCODES.get(words[i]));
    } else if (words[++i].startsWith("@")) {
      uses.push([code.length + 1, words[i].slice(1)]);
      code.push(0x61, 0, 0);
    } else {
      code.push(...push(words[i]));
    }
  }
  for (const [at, label] of uses) {
    if (!labels.has(label)) throw new Error(`no label '${label}'`);
    code.splice(at, 2, labels.get(label) >> 8, labels.get(label) & 255);
  }
  return Buffer.from(code).toString("hex");
}

// The proof machine from the command line: programs that end, trap, run on, and files that are none; their roots and proofs.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { entresol, temporaryFolder } from "./program.mjs";

const BASE = 0x80000000n;

/** A static ELF file of one segment that holds these instruction words. */
function putProgram(t, words) {
  const bytes = Buffer.alloc(120 + 4 * words.length);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(243, 18);
  bytes.writeBigUInt64LE(BASE, 24);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(1, 64);
  bytes.writeBigUInt64LE(120n, 72);
  bytes.writeBigUInt64LE(BASE, 80);
  for (const at of [96, 104]) bytes.writeBigUInt64LE(BigInt(4 * words.length), at);
  words.forEach((word, i) => bytes.writeUInt32LE(word >>> 0, 120 + 4 * i));
  const file = join(temporaryFolder(t), "program.elf");
  writeFileSync(file, bytes);
  return file;
}

const addi = (rd, rs1, value) => ((value & 0xfff) << 20) | (rs1 << 15) | (rd << 7) | 0x13;
const ECALL = 0x73;

test("a program's status is the command's", async (t) => {
  for (const [status, code] of [[0, 0], [7, 7], [256, 1]]) {
    const ran = await entresol(["machine", "run", putProgram(t, [addi(10, 0, status), addi(17, 0, 93), ECALL]), "--json"]);
    assert.equal(ran.code, code, ran.stderr);
    const result = JSON.parse(ran.stdout);
    assert.deepEqual([result.status, result.steps, result.exit_code, result.pc], ["exited", 3, status, "0x80000008"]);
    assert.equal(result.registers[17], "0x5d");
  }
});

test("a trap says where and why", async (t) => {
  const file = putProgram(t, [addi(5, 0, 1), 0]);
  const { code, stdout } = await entresol(["machine", "run", file]);
  assert.equal(code, 1);
  assert.equal(stdout, "trapped after 2 steps at pc 0x80000004: an instruction that is not RV64IM: 0x0\n");
  assert.deepEqual(JSON.parse((await entresol(["machine", "run", file, "--json"])).stdout).trap, { cause: 2, value: "0x0" });
});

test("a program without end is given up", async (t) => {
  const ran = await entresol(["machine", "run", putProgram(t, [0x6f]), "--max-steps", "1000", "--json"]);
  assert.equal(ran.code, 1);
  const { status, steps } = JSON.parse(ran.stdout);
  assert.deepEqual([status, steps], ["running", 1000]);
});

test("what is no program is refused in words", async (t) => {
  const file = join(temporaryFolder(t), "text");
  writeFileSync(file, "#!/bin/sh\n");
  const { code, stderr } = await entresol(["machine", "run", file]);
  assert.equal(code, 2);
  assert.match(stderr, /not an ELF file/);
});

const lui = (rd, upper) => ((upper << 12) | (rd << 7) | 0x37) >>> 0;
const sd = (base, source, at) => ((at >> 5) << 25) | (source << 20) | (base << 15) | (3 << 12) | ((at & 31) << 7) | 0x23;
// x5 = 0x90000000 (sign-extended), a store there, a0 = 5, exit: five steps.
const STORING = [lui(5, 0x90000), sd(5, 5, 8), addi(10, 0, 5), addi(17, 0, 93), ECALL];
const lines = (text) => text.trimEnd().split("\n");

async function rootsOf(file, every) {
  const ran = await entresol(["machine", "run", file, "--root-every", String(every), "--json"]);
  return lines(ran.stdout).map((line) => JSON.parse(line));
}

test("roots are printed at the start, after every N steps and at the end", async (t) => {
  const file = putProgram(t, STORING);
  const ran = await entresol(["machine", "run", file, "--root-every", "2"]);
  assert.equal(ran.code, 5, ran.stderr);
  const printed = lines(ran.stdout);
  assert.equal(printed.pop(), "exited after 5 steps at pc 0x80000010 with status 5");
  assert.deepEqual(printed.map((line) => line.split(" ")[0]), ["0", "2", "4", "5"]);
  for (const line of printed) assert.match(line, /^\d+ 0x[0-9a-f]{64}$/);

  const all = await rootsOf(file, 1);
  const result = all.pop();
  assert.deepEqual([result.status, result.steps], ["exited", 5]);
  assert.deepEqual(all.map(({ step }) => step), [0, 1, 2, 3, 4, 5]);
  const text = all.map(({ step, root }) => `${step} ${root}`);
  assert.deepEqual(printed, [text[0], text[2], text[4], text[5]]);
  assert.equal(new Set(all.map(({ root }) => root)).size, 6);
  // Memory changes in the second step alone.
  assert.equal(new Set(all.map((row) => row.memory_root)).size, 2);
  assert.equal(all[0].memory_root, all[1].memory_root);
  // A limit in mid-way ends with its root too.
  const cut = await entresol(["machine", "run", file, "--root-every", "2", "--max-steps", "3"]);
  assert.deepEqual(lines(cut.stdout).slice(0, 3), [text[0], text[2], text[3]]);
  assert.equal(cut.code, 1);
});

test("each step's proof leads from its root to the next", async (t) => {
  const file = putProgram(t, STORING);
  const roots = (await rootsOf(file, 1)).filter(({ root }) => root).map(({ root }) => root);
  const names = ["lui", "sd", "addi", "addi", "ecall", null];
  for (const [step, name] of names.entries()) {
    const proof = join(temporaryFolder(t), "proof.hex");
    const proven = await entresol(["machine", "prove-step", file, "--step", String(step), "--out", proof, "--json"]);
    assert.equal(proven.code, 0, proven.stderr);
    const verified = await entresol(["machine", "verify-step", proof, "--pre-root", roots[step], "--json"]);
    assert.equal(verified.code, 0, verified.stderr);
    const { step: number, ...told } = JSON.parse(proven.stdout);
    const seen = JSON.parse(verified.stdout);
    assert.equal(number, step);
    assert.deepEqual(told, seen);
    assert.deepEqual([seen.pre_root, seen.post_root], [roots[step], roots[step + 1] ?? roots[step]]);
    assert.equal(seen.instruction?.name ?? null, name);
    assert.equal(seen.memory_changed, name === "sd");
  }
});

test("a proof goes to standard output as one line, and what it proves is told in words", async (t) => {
  const file = putProgram(t, STORING);
  const { stdout } = await entresol(["machine", "prove-step", file, "--step", "1"]);
  assert.match(stdout, /^0x[0-9a-f]+\n$/);
  const proof = join(temporaryFolder(t), "proof.hex");
  const told = await entresol(["machine", "prove-step", file, "--step", "1", "--out", proof]);
  assert.equal(readFileSync(proof, "utf8"), stdout);
  assert.equal((await entresol(["machine", "verify-step", proof])).stdout, told.stdout);
  assert.match(told.stdout, /instruction sd \(0x0052b423\) at pc 0x80000004\npc +0x80000004 -> 0x80000008\nmemory +changed\n/);
  const { proof: inJson } = JSON.parse((await entresol(["machine", "prove-step", file, "--step", "1", "--json"])).stdout);
  assert.equal(`${inJson}\n`, stdout);
  const stopped = await entresol(["machine", "prove-step", file, "--step", "99", "--out", proof]);
  assert.match(stopped.stdout, /instruction none: the machine had stopped at pc 0x80000010/);
});

test("a proof that does not hold is refused with the reason", async (t) => {
  const file = putProgram(t, STORING);
  const proof = join(temporaryFolder(t), "proof.hex");
  await entresol(["machine", "prove-step", file, "--step", "1", "--out", proof]);
  const good = readFileSync(proof, "utf8").trimEnd();
  const verify = async (text, ...flags) => {
    writeFileSync(proof, text);
    return entresol(["machine", "verify-step", proof, ...flags]);
  };
  const rows = [
    [`${good}00`, 1, /bytes follow that the step does not read/],
    [good.slice(0, -2), 1, /it ends too early/],
    [good.slice(0, -2) + (good.endsWith("00") ? "01" : "00"), 1, /a leaf is not under the memory root/],
    [good.slice(0, 66) + "01" + good.slice(68), 1, /its words are of no machine/],
    [good.slice(1), 2, /is not a proof as prove-step writes it/],
    ["0x", 1, /it ends too early/],
    ["", 2, /is not a proof/],
    [`0x${"00".repeat(80_000)}`, 2, /is above \d+ bytes/],
  ];
  for (const [text, code, words] of rows) {
    const refused = await verify(text);
    assert.equal(refused.code, code, refused.stderr);
    assert.match(refused.stderr, words);
  }
  assert.equal((await verify(`${good}\n`)).code, 0);
  const other = await verify(good, "--pre-root", `0x${"11".repeat(32)}`);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /the proof is of another state/);
  const malformed = await verify(good, "--pre-root", "0x11");
  assert.equal(malformed.code, 2);
  assert.match(malformed.stderr, /--pre-root is not 64 hexadecimal digits/);
});

test("a program that outgrows its memory has no root and no proof there", async (t) => {
  // x5 += 4096; store; back: a page a turn.
  const file = putProgram(t, [lui(6, 1), addi(5, 5, 0), 0x006282b3, sd(5, 6, 0), 0xff9ff06f]);
  const ran = await entresol(["machine", "run", file, "--memory", "1", "--root-every", "300", "--json"]);
  const rows = lines(ran.stdout).map((line) => JSON.parse(line));
  assert.equal(rows.pop().status, "out of memory");
  assert.deepEqual(rows.map(({ step }) => step), [0, 300, 600]);
  const out = join(temporaryFolder(t), "proof.hex");
  const refused = await entresol(["machine", "prove-step", file, "--memory", "1", "--step", "1000", "--out", out]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /writes more than --memory before step 1000/);
  assert.equal(existsSync(out), false);
});

test("the start code of public test programs goes past a control register that is not there", async (t) => {
  const csr = (kind, rd, number, rs1) => ((number << 20) | (rs1 << 15) | (kind << 12) | (rd << 7) | 0x73) >>> 0;
  const [RW, RS, RWI] = [1, 2, 5], T0 = 5, A0 = 10;
  const words = [(T0 << 7) | 0x17, addi(T0, T0, 16), csr(RW, 0, 0x305, T0), csr(RWI, 0, 0x180, 0), // mtvec = the word after this write of satp
    csr(RS, A0, 0x342, 0), addi(A0, A0, 3), addi(17, 0, 93), ECALL]; // mcause 2, and 3: test 2 failed
  const { code, stdout } = await entresol(["machine", "run", putProgram(t, words), "--json"]);
  assert.equal(code, 5);
  const { status, steps, exit_code } = JSON.parse(stdout);
  assert.deepEqual([status, steps, exit_code], ["exited", 8, 5]);
});

test("calls are single steps with a proof", async (t) => {
  // keccak256 of nothing to address 0, whose first byte is the program's status.
  const file = putProgram(t, [addi(17, 0, 0x400), ECALL, (10 << 7) | 0x4003, addi(17, 0, 93), ECALL]); // lbu a0, 0(x0)
  const ran = await entresol(["machine", "run", file, "--json", "--root-every", "1"]);
  assert.equal(ran.code, 0xc5, ran.stderr);
  const roots = ran.stdout.trim().split("\n").map((line) => JSON.parse(line).root);
  const proof = JSON.parse((await entresol(["machine", "prove-step", file, "--step", "1", "--json"])).stdout);
  assert.deepEqual([proof.pre_root, proof.post_root, proof.instruction.name, proof.memory_changed], [roots[1], roots[2], "ecall", true]);
});

test("an input's hash is in the registers at the start, and an unknown preimage ends the run", async (t) => {
  const input = join(temporaryFolder(t), "input");
  writeFileSync(input, "abc");
  const idle = putProgram(t, [0x6f]);
  const { registers } = JSON.parse((await entresol(["machine", "run", idle, "--input", input, "--max-steps", "0", "--json"])).stdout);
  assert.equal(registers.slice(10, 14).map((word) => BigInt(word).toString(16).padStart(16, "0")).join(""), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  // The key is 32 zero bytes at address 0; with another key there (keccak256 of nothing) the preimage is empty.
  const asking = putProgram(t, [addi(14, 0, 1), addi(17, 0, 0x410), ECALL]);
  const hashing = putProgram(t, [addi(17, 0, 0x400), ECALL, addi(10, 0, 64), addi(14, 0, 1), addi(17, 0, 0x410), ECALL, addi(17, 0, 93), ECALL]);
  const file = join(temporaryFolder(t), "preimages");
  writeFileSync(file, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0]));
  assert.equal((await entresol(["machine", "run", hashing])).code, 1);
  assert.equal((await entresol(["machine", "run", hashing, "--preimages", file])).code, 0);
  const proven = JSON.parse((await entresol(["machine", "prove-step", hashing, "--step", "5", "--preimages", file, "--json"])).stdout);
  assert.deepEqual(proven.changes.map(({ word }) => word), ["x10", "pc"]);
  // A preimage of more than 65,536 bytes is in no proof: who verifies the step needs it too.
  const long = Buffer.alloc(9 + 65_537);
  long[0] = 1;
  long.writeUInt32BE(65_537, 5);
  writeFileSync(file, long);
  const longInput = join(temporaryFolder(t), "long"), proof = join(temporaryFolder(t), "proof");
  writeFileSync(longInput, long.subarray(9));
  // Copies the input's hash from a0 to a3 to address 0, most significant byte first.
  const copying = [10, 11, 12, 13].flatMap((register, word) => Array.from({ length: 8 }, (_, i) =>
    [(7 - i) * 8 === 0 ? addi(5, register, 0) : (((7 - i) * 8) << 20) | (register << 15) | 0x5293, (5 << 20) | ((8 * word + i) << 7) | 0x23]).flat());
  const reading = putProgram(t, [...copying, addi(11, 0, 0), addi(12, 0, 0), addi(13, 0, 32), addi(14, 0, 1), addi(10, 0, 64), addi(17, 0, 0x410), ECALL]);
  const at = ["--step", String(copying.length + 6)];
  const recorded = await entresol(["machine", "prove-step", reading, ...at, "--input", longInput, "--out", proof]);
  assert.equal(recorded.code, 0, recorded.stderr);
  assert.match((await entresol(["machine", "verify-step", proof])).stderr, /must be published and is not known here/);
  const verified = JSON.parse((await entresol(["machine", "verify-step", proof, "--preimages", file, "--json"])).stdout);
  assert.equal(BigInt(verified.changes.find(({ word }) => word === "x11").after), 65_537n);
  writeFileSync(file, Buffer.from([1, 0]));
  assert.match((await entresol(["machine", "run", hashing, "--preimages", file])).stderr, /it ends within a preimage/);
  for (const command of [["run", asking], ["prove-step", asking, "--step", "2"], ["prove-step", asking, "--step", "3"]]) {
    const ran = await entresol(["machine", ...command]);
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /reads a preimage that is not known here/);
  }
});

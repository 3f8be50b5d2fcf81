// The proof machine from the command line: programs that end, trap, run on, and files that are none.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
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

// Whoever builds the program from the sources has the one that L1's contracts name.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join("build", "guest", "guest", "program.elf");
const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

function run(folder, command, ...args) {
  const done = spawnSync(command, args, { cwd: folder, env: { ...process.env, CCACHE_DISABLE: "1" }, encoding: "utf8", maxBuffer: 1 << 26 });
  assert.equal(done.status, 0, `${command} ${args.join(" ")}\n${(done.stdout + done.stderr).slice(-4000)}`);
}

test("the sources give the same program in another folder, without a compiler cache", { timeout: 900_000 }, () => {
  assert.ok(existsSync(join(root, program)), "./dev build makes the program first");
  const top = mkdtempSync(join(tmpdir(), "entresol-rebuild-"));
  try {
    const folder = join(top, "a", "path", "of", "another", "length");
    mkdirSync(folder, { recursive: true });
    for (const part of ["CMakeLists.txt", "CMakePresets.json", "cmake", "src"]) cpSync(join(root, part), join(folder, part), { recursive: true });
    run(folder, "cmake", "--preset", "guest");
    run(folder, "ninja", "-C", "build/guest", "entresol_guest");
    assert.equal(sha256(join(folder, program)), sha256(join(root, program)));
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
});

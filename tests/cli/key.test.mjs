// Keys: made for their owner alone, refused when others may read them, never shown.
import assert from "node:assert/strict";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { entresol, temporaryFolder } from "./program.mjs";

const KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

function put(t, content, mode = 0o600) {
  const file = join(temporaryFolder(t), "key");
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

test("a new key is its owner's alone, and its address is told", async (t) => {
  const file = join(temporaryFolder(t), "new.key");
  const made = await entresol(["key", "new", file, "--json"]);
  assert.equal(made.code, 0, made.stderr);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const content = readFileSync(file, "utf8").trim();
  assert.match(content, /^[0-9a-f]{64}$/);
  assert.ok(!made.stdout.includes(content) && !made.stderr.includes(content));
  const { address } = JSON.parse(made.stdout);
  assert.equal((await entresol(["key", "address", file])).stdout, `${address}\n`);
  const again = await entresol(["key", "new", file]);
  assert.equal(again.code, 6);
  assert.equal(readFileSync(file, "utf8").trim(), content, "an existing file is left alone");
});

test("a key's address", async (t) => {
  for (const content of [KEY, `0x${KEY}\n`]) assert.equal((await entresol(["key", "address", put(t, content)])).stdout, `${ADDRESS}\n`);
});

test("what others may read is refused, and nothing of it is shown", async (t) => {
  for (const mode of [0o644, 0o640, 0o660, 0o604]) {
    const { code, stdout, stderr } = await entresol(["key", "address", put(t, KEY, mode)]);
    assert.equal(code, 6);
    assert.match(stderr, /chmod 600/);
    assert.ok(!(stdout + stderr).includes(KEY.slice(0, 8)));
  }
});

test("malformed keys are refused without being quoted", async (t) => {
  for (const content of [KEY.slice(1), `${KEY}00`, KEY.replace("a", "g"), "0".repeat(64), "f".repeat(64), "{", `{"version":3}`, "\0".repeat(64)]) {
    const { code, stderr } = await entresol(["key", "address", put(t, content), "--json"]);
    assert.equal(code, 6, stderr);
    const error = JSON.parse(stderr);
    assert.deepEqual([error.code, error.kind], [6, "key"]);
    assert.ok(!stderr.includes(KEY.slice(8, 24)));
  }
  assert.equal((await entresol(["key", "address", "/nowhere/at/all"])).code, 6);
  assert.equal((await entresol(["key", "address", "/dev/zero"])).code, 6);
});

const KEYSTORE = `{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2","kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},"mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}`;
test("a keystore opens with its password alone", async (t) => {
  const store = put(t, KEYSTORE);
  const opened = await entresol(["key", "address", store, "--password-file", put(t, "testpassword\n")]);
  assert.equal(opened.stdout, "0x008aeeda4d805471df9b2a5b0f38a0c3bcba786b\n", opened.stderr);
  const wrong = await entresol(["key", "address", store, "--password-file", put(t, "hunter2hunter2")]);
  assert.equal(wrong.code, 6);
  assert.match(wrong.stderr, /wrong password/);
  assert.ok(!wrong.stderr.includes("hunter2"));
  assert.equal((await entresol(["key", "address", store])).code, 6);
});

test("no flag of any command takes a key itself", async () => {
  const { stdout } = await entresol(["__reference"]);
  const flags = [...stdout.matchAll(/^\| `--([a-z0-9-]+)/gm)].map((match) => match[1]);
  for (const flag of flags) assert.doesNotMatch(flag, /(private|secret|password|key|mnemonic)$/, flag);
});

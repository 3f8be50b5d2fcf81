// Help, version and the reference in docs/cli.md.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { entresol, root } from "./program.mjs";
import { currentReference, splitDocument } from "./reference.mjs";

const reference = await currentReference();
const commands = [...reference.matchAll(/^### entresol ([a-z0-9 -]+?)(?: [A-Z]+)*$/gm)].map((match) => match[1].split(" "));

test("there are commands, and each has help with its flags, examples and the same text by `entresol help`", async () => {
  assert.ok(commands.length >= 6, commands.join());
  for (const command of commands) {
    const help = await entresol([...command, "--help"]);
    assert.equal(help.code, 0, help.stderr);
    assert.equal(help.stderr, "");
    assert.match(help.stdout, new RegExp(`Usage: entresol ${command.join(" ")} \\[OPTIONS\\]`));
    assert.match(help.stdout, new RegExp(`Examples:\\n  (.*)entresol ${command.join(" ")}`), command.join(" "));
    assert.match(help.stdout, /--config/);
    assert.equal((await entresol(["help", ...command])).stdout, help.stdout);
  }
});

test("help wins over everything that is wrong around it", async () => {
  const { code, stdout } = await entresol(["devnet", "--config", "/nowhere", "--port", "x", "--help"]);
  assert.equal(code, 0);
  assert.match(stdout, /Usage: entresol devnet/);
});

test("docs/cli.md says of every command and flag what the program says", () => {
  assert.equal(splitDocument().reference, reference, "run: npm --prefix tests/cli run reference");
});

test("the exit codes of help and of the document are the same", async () => {
  const { stdout } = await entresol(["--help"]);
  const ofHelp = stdout.slice(stdout.indexOf("Exit codes:")).match(/^  \d+(?=  )/gm).map(Number);
  const ofDocument = [...splitDocument().reference.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
  assert.deepEqual(ofHelp, ofDocument);
  assert.deepEqual(ofHelp, [0, 1, 2, 3, 4, 5, 6], "exit codes are stable: add, never change");
});

test("the version is that of the project, as text and as JSON", async () => {
  const project = readFileSync(join(root, "CMakeLists.txt"), "utf8").match(/project\(entresol VERSION ([\d.]+)/)[1];
  assert.equal((await entresol(["version"])).stdout, `entresol ${project}\n`);
  assert.equal((await entresol(["--version"])).stdout, `entresol ${project}\n`);
  const { name, version } = JSON.parse((await entresol(["version", "--json"])).stdout);
  assert.deepEqual({ name, version }, { name: "entresol", version: project });
});

test("output that cannot be written is an error", async () => {
  const { execute, binary } = await import("./program.mjs");
  const { code, stderr } = await execute("bash", ["-c", `"${binary}" version > /dev/full`]);
  assert.equal(code, 1);
  assert.match(stderr, /cannot write to standard output/);
});

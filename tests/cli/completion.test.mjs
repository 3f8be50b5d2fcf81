// Completion as the shells do it. bash is always there; zsh and fish are asked where they are installed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import test from "node:test";
import { binary, cleanEnvironment, entresol, execute, onTerminal, until } from "./program.mjs";

const path = `${dirname(binary)}:${process.env.PATH}`;
const offered = async (...words) => (await entresol(["__complete", ...words])).stdout.split("\n").filter(Boolean).map((line) => line.split("\t")[0]);

test("commands, flags, values and files are offered where they belong", async () => {
  assert.deepEqual(await offered("de"), ["devnet"]);
  assert.deepEqual(await offered("key", ""), ["new", "address"]);
  assert.deepEqual(await offered("devnet", "--auto"), ["--automine"]);
  assert.deepEqual(await offered("devnet", "--da", ""), ["auto", "blobs", "calldata"]);
  assert.deepEqual(await offered("devnet", "--da", "b"), ["blobs"]);
  assert.deepEqual(await offered("devnet", "--da=b"), ["--da=blobs"]);
  assert.deepEqual(await offered("devnet", "--da", "=", "c"), ["calldata"]);
  assert.deepEqual(await offered("devnet", "--datadir", ""), [":dir"]);
  assert.deepEqual(await offered("node", "--chain", "x"), [":file"]);
  assert.deepEqual(await offered("devnet", "--port", ""), []);
  assert.deepEqual(await offered("completion", ""), ["bash", "zsh", "fish"]);
  assert.ok(!(await offered("devnet", "--automine", "--")).includes("--automine"), "not twice");
  assert.ok((await offered("devnet", "")).includes("--port"));
});

test("every flag of help is offered", async () => {
  for (const command of [["devnet"], ["node"], ["key", "address"]]) {
    const help = (await entresol([...command, "--help"])).stdout;
    const flags = [...help.matchAll(/^  (?:-h,)?(--[a-z0-9-]+)/gm)].map((match) => match[1]);
    assert.ok(flags.length > 3);
    assert.deepEqual((await offered(...command, "--")).sort(), flags.sort());
  }
});

// An interactive bash on a terminal of its own, keys typed one after another; each line is echoed instead of run.
async function typeInBash(lines) {
  const env = cleanEnvironment({ PATH: path, PS1: "$ ", TERM: "dumb", INPUTRC: "/dev/null", HISTFILE: "" });
  const shell = spawn("script", onTerminal("bash --norc --noprofile -i"), { env, stdio: "pipe" });
  let screen = "";
  shell.stdout.on("data", (chunk) => (screen += chunk));
  const type = async (keys, awaited) => {
    shell.stdin.write(keys);
    await until(`${awaited} on ${JSON.stringify(screen)}`, 10_000, () => screen.includes(awaited));
  };
  const results = [];
  try {
    await type("source <(entresol completion bash); echo rea''dy\n", "ready\r\n");
    for (const [keys, whole] of lines) {
      const before = screen.length;
      shell.stdin.write(keys);
      await until(`${whole} on ${JSON.stringify(screen.slice(before))}`, 10_000, () => screen.slice(before).includes(whole));
      shell.stdin.write("\x01echo '[\x05]'\n"); // begin of line, echo; end of line
      await until("the line's echo", 10_000, () => /\n\[.*\]\r?\n/.test(screen.slice(before)));
      results.push(screen.slice(before).match(/\n\[(.*)\]\r?\n/)[1].trim());
    }
  } finally {
    shell.stdin.end("\x15exit\n");
    await new Promise((resolve) => shell.on("close", resolve));
  }
  return results;
}

test("bash completes while a person types", async () => {
  const lines = [
    ["entresol devn\t", "devnet "],
    ["entresol devnet --autom\t", "--automine "],
    ["entresol devnet --da b\t", "blobs "],
    ["entresol devnet --da=cal\t", "calldata "],
    ["entresol key addr\t", "address "],
    ["entresol key address /etc/debian_v\t", "/etc/debian_version"],
    ["entresol devnet --datadir /us\t", "/usr/"],
    ["entresol completion z\t", "zsh "],
  ];
  const wanted = lines.map(([keys, whole]) => keys.replace(/[^ =]*\t$/, "") + whole.trim());
  assert.deepEqual(await typeInBash(lines), wanted);
});

test("the scripts are sound for their shells", async (t) => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const script = (await entresol(["completion", shell])).stdout;
    assert.ok(script.includes("entresol __complete") || script.includes("__complete"));
    if (!["/bin", "/usr/bin"].some((folder) => existsSync(`${folder}/${shell}`))) {
      t.diagnostic(`${shell} is not installed: its script was not tried`);
      continue;
    }
    const check = await execute(shell, ["-n"], { input: script });
    assert.equal(check.code, 0, `${shell}: ${check.stderr}`);
  }
});

const hasFish = existsSync("/usr/bin/fish");
test("fish completes", { skip: !hasFish && "fish is not installed" }, async () => {
  const { stdout } = await execute("fish", ["--no-config", "-c", "entresol completion fish | source; complete -C 'entresol devnet --da '"], { env: { PATH: path } });
  assert.deepEqual(stdout.split("\n").filter(Boolean), ["auto", "blobs", "calldata"]);
});

const hasZsh = existsSync("/usr/bin/zsh") || existsSync("/bin/zsh");
test("zsh completes", { skip: !hasZsh && "zsh is not installed" }, async () => {
  const probe = `
    autoload -Uz compinit && compinit -D -u; source <(entresol completion zsh)
    _describe() { print -l -- "\${(@P)2}" }; _files() { print files }
    words=(entresol devnet --da b); CURRENT=4; _entresol; words=(entresol node --chain ''); CURRENT=4; _entresol`;
  const { stdout, stderr } = await execute("zsh", ["-f", "-c", probe], { env: { PATH: path } });
  assert.deepEqual(stdout.split("\n").filter(Boolean), ["blobs", "files"], stderr);
});

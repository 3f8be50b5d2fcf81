// Flags win over the environment, the environment over the file, the file over defaults.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { entresol, temporaryFolder } from "./program.mjs";

async function inForce(args, env = {}) {
  const { code, stdout, stderr } = await entresol([...args, "--print-config", "--json"], { env });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout).settings;
}

test("each source wins over the next", async (t) => {
  const file = join(temporaryFolder(t), "node.toml");
  writeFileSync(file, 'log-format = "json"\n\n[devnet]\nport = 1003\nl1-port = 1004\nautomine = true\nda = "blobs"\n');
  const env = { ENTRESOL_PORT: "1002", ENTRESOL_AUTOMINE: "false" };
  const settings = await inForce(["devnet", "--config", file, "--port", "1001"], env);
  const of = (name) => [settings[name].value, settings[name].source];
  assert.deepEqual(of("port"), [1001, "flag"]);
  assert.deepEqual(of("automine"), [false, "environment"]);
  assert.deepEqual(of("l1-port"), [1004, "file"]);
  assert.deepEqual(of("da"), ["blobs", "file"]);
  assert.deepEqual(of("log-format"), ["json", "file"]);
  assert.deepEqual(of("chain-id"), [31337, "default"]);
  assert.deepEqual(of("datadir"), [null, "default"]);
  assert.match(settings["l1-port"].place, /node\.toml, line 5$/);
  assert.equal(settings.automine.place, "ENTRESOL_AUTOMINE");

  assert.deepEqual((await inForce(["devnet", "--config", file], env)).port, { value: 1002, source: "environment", place: "ENTRESOL_PORT" });
  assert.equal((await inForce(["devnet", `--config=${file}`])).port.value, 1003);
  assert.equal((await inForce(["devnet"], { ENTRESOL_CONFIG: file })).port.value, 1003);
  assert.equal((await inForce(["devnet"])).port.value, 8545);
  assert.equal((await inForce(["--config", file, "devnet"])).port.value, 1003);
});

test("what is in force can be fed back", async (t) => {
  const file = join(temporaryFolder(t), "again.toml");
  const args = ["devnet", "--port", "77", "--automine", "--datadir", 'a "quoted" \\ folder', "--da=blobs"];
  const { stdout } = await entresol([...args, "--print-config"]);
  writeFileSync(file, stdout);
  const [first, second] = [await inForce(args), await inForce(["devnet", "--config", file])];
  const values = (settings) => Object.entries(settings).filter(([name]) => name !== "json").map(([name, { value }]) => [name, value]);
  assert.deepEqual(values(second), values(first));
  assert.equal(second.datadir.value, 'a "quoted" \\ folder');
});

test("a required flag may come from anywhere", async () => {
  const settings = await inForce(["node", "--chain", "/dev/null"], { ENTRESOL_L1: "http://127.0.0.1:1" });
  assert.deepEqual([settings.l1.value, settings.l1.source], ["http://127.0.0.1:1", "environment"]);
});

const FILES = [
  ["[devnet]\n\nprot = 1\n", /line 3: 'prot' is no setting of entresol devnet\n.*did you mean port\?/],
  ["[devent]\nport = 1\n", /line 1: no command is called 'devent'\n.*did you mean devnet\?/],
  ["[node]\nautomine = true\n", /line 2: 'automine' is no setting of entresol node/],
  ["colour = 1\n", /line 1: 'colour' is no setting/],
  ["[devnet]\nport = \n", /line 2: /],
  ["[devnet]\nport = 1\nport = 2\n", /line 3: /],
  ["[devnet]\nport = 1979-05-27\n", /line 2: 'port' is neither text, number nor boolean/],
  ["[devnet]\nport = { a = 1 }\n", /line 2: /],
  ['[devnet]\nport = "many"\n', /--port.*many.*line 2/],
  ["[devnet]\nport = [1, 2]\n", /--port/],
  ["[devnet]\nhelp = true\n", /line 2: 'help' is no setting/],
  ["[devnet]\nconfig = \"x\"\n", /line 2: 'config' is no setting/],
  ["x = " + "[".repeat(5_000), /line 1: /],
  ["\xff\xfe\x00", /line 1: /],
];
for (const [text, words] of FILES)
  test(`a file with ${JSON.stringify(text.slice(0, 40))} is refused with its line`, async (t) => {
    const file = join(temporaryFolder(t), "bad.toml");
    writeFileSync(file, text, "latin1");
    const { code, stderr } = await entresol(["devnet", "--config", file, "--print-config"]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, words);
  });

test("a wrong variable is named", async () => {
  const { code, stderr } = await entresol(["devnet"], { env: { ENTRESOL_L1_PORT: "many" } });
  assert.equal(code, 2);
  assert.match(stderr, /--l1-port.*many.*ENTRESOL_L1_PORT/);
});

test("a file without end is not read to its end", async () => {
  const { code, stderr } = await entresol(["devnet", "--config", "/dev/zero"]);
  assert.equal(code, 2);
  assert.match(stderr, /larger than a configuration file may be/);
});

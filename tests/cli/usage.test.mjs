// Wrong usage: exit code 2, a message that names what is wrong, and what was probably meant.
import assert from "node:assert/strict";
import test from "node:test";
import { entresol } from "./program.mjs";

const CASES = [
  [[], /needs a command\n.*devnet/],
  [["devent"], /no command 'devent'\n.*did you mean devnet\?/],
  [["key"], /'entresol key' needs a command\n.*new address/],
  [["key", "nwe"], /'entresol key' has no command 'nwe'\n.*did you mean new\?/],
  [["devnet", "--prot", "1"], /no flag --prot\n.*did you mean --port\?/],
  [["devnet", "--prot=1"], /no flag --prot\n.*did you mean --port\?/],
  [["devnet", "--l1-blocktime", "1"], /no flag --l1-blocktime\n.*did you mean --l1-block-time\?/],
  [["--port", "1", "devnet", "--qqq"], /no flag --qqq\n/],
  [["--port=1"], /needs a command\n.*one of: devnet/],
  [["devnet", "--port", "x"], /--port.*x/],
  [["devnet", "--port", "99999"], /--port.*99999/],
  [["devnet", "--port", "-1"], /--port/],
  [["devnet", "--port"], /--port/],
  [["devnet", "--port", "1", "--port", "2"], /--port/],
  [["devnet", "--da", "tape"], /--da.*tape/],
  [["devnet", "--block-time", "10"], /--block-time.*10/],
  [["devnet", "--port", "7", "--l1-port", "7"], /--port and --l1-port are both 7/],
  [["devnet", "stray"], /stray/],
  [["node", "--chain", "/dev/null"], /--l1 is required/],
  [["completion", "tcsh"], /tcsh/],
  [["version", "--config", "/nowhere/at/all"], /cannot read the configuration file \/nowhere\/at\/all/],
];

for (const [args, words] of CASES)
  test(`entresol ${args.join(" ")}`, async () => {
    const text = await entresol(args);
    assert.equal(text.code, 2, text.stderr);
    assert.equal(text.stdout, "");
    assert.match(text.stderr, /^entresol: /);
    assert.match(text.stderr, words);
    assert.doesNotMatch(text.stderr, /\x1b/, "no colour off a terminal");

    const json = await entresol([...args, "--json"]);
    if (args.at(-1) === "--port") return; // --json became its value
    assert.equal(json.code, 2);
    assert.equal(json.stdout, "");
    const error = JSON.parse(json.stderr);
    assert.deepEqual([error.code, error.kind], [2, "usage"]);
    assert.match(error.advice ? `${error.message}\n${error.advice}` : `${error.message}\n`, words);
  });

test("words of any kind end with a code of the table, never by a signal", async () => {
  const words = ["", "-", "--", "---", "=", "--=", "--=x", "-h=", "--port=", "--config=", "\u0000x".slice(1), "é", "\x1b[31m", "a".repeat(100_000), "help", "--help=1", "__complete", "__reference"];
  for (const first of ["", "devnet", "key", "version"])
    for (const word of words) {
      const args = [...(first ? [first] : []), word, "--print-config"];
      const { code, signal } = await entresol(args, { timeout_ms: 5_000 });
      assert.ok(signal === null && code >= 0 && code <= 6, `${args.join(" ").slice(0, 80)}: ${code ?? signal}`);
    }
});

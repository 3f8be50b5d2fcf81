// Derivation and execution on the proof machine, over a devnet's own L1: the output root that the chain has, whatever form its batches have.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { binary, rpc, startDevnet, stop, until } from "../interop/node.mjs";
import { Load, numberOf, temporaryFolder } from "../interop/rollup.mjs";

const hex = (number) => `0x${number.toString(16)}`;

function entresol(...args) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [out, errors] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (errors += chunk));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, errors, json: () => JSON.parse(out) })));
}

async function done(...args) {
  const result = await entresol(...args, "--json");
  assert.equal(result.code, 0, `entresol ${args.join(" ")}: ${result.errors}`);
  return result.json();
}

const resultOf = ({ registers }) => `0x${registers.slice(11, 15).map((word) => word.slice(2).padStart(16, "0")).join("")}`;

for (const [form, ...flags] of [
  ["our own format in calldata", "--da", "calldata"],
  ["our own format in blobs", "--da", "blobs"],
  ["span batches, compressed with brotli", "--batch-format", "span"],
]) {
  const [readable, unreadable] = flags.includes("span") ? [() => {}, test] : [test, () => {}];
  describe(form, () => {
    const folder = temporaryFolder();
    const at = (name) => join(folder, name);
    let node, load, safe;

    before(async () => {
      node = await startDevnet("--l1-block-time", "1000", ...flags);
      writeFileSync(at("chain.json"), JSON.stringify(await rpc(node.l2.rpc, "entresol_chainFile")));
      load = new Load(node);
      safe = await until("twelve safe blocks", 90_000, async () => {
        const number = await numberOf(node.l2.rpc, "safe");
        return number >= 12 && number;
      });
      await load.stop();
    });
    after(async () => {
      await load?.stop();
      await stop(node);
    });

    const record = (from, block, ...more) =>
      entresol("program", "record", "--chain", at("chain.json"), "--l1", node.l1.rpc, "--l2", node.l2.rpc, "--from", String(from), "--block", String(block), "--out", at("preimages"), "--input", at("question"), "--json", ...more);
    const runOnMachine = (...more) => entresol("machine", "run", at("program.elf"), "--input", at("question"), "--preimages", at("preimages"), "--json", ...more);

    unreadable("a channel that the program cannot read ends it, and says so", async () => {
      await done("program", "image", "--chain", at("chain.json"), "--out", at("program.elf"));
      assert.equal((await record(0, 3)).code, 0);
      assert.equal((await runOnMachine()).code, 7); // Brotli
    });

    readable("the machine derives the output roots that the chain has", async () => {
      const image = await done("program", "image", "--chain", at("chain.json"), "--out", at("program.elf"));
      assert.match(image.memory_root, /^0x[0-9a-f]{64}$/);
      for (const [from, block] of [[0, 3], [4, 5], [5, safe], [0, safe]]) {
        const recorded = await record(from, block);
        assert.equal(recorded.code, 0, recorded.errors);
        const { outputRoot } = await rpc(node.l2.rpc, "optimism_outputAtBlock", hex(block));
        assert.equal(recorded.json().output_root, outputRoot);
        const run = await runOnMachine();
        assert.equal(run.code, 0, run.errors + run.out);
        assert.equal(resultOf(run.json()), outputRoot);
        console.log(`${form}, blocks ${from + 1} to ${block}: ${run.json().steps} steps, ${recorded.json().preimages} preimages, ${recorded.json().bytes} bytes`);
      }
    });

    readable("after a jump of the clock too", async () => {
      const before = await numberOf(node.l2.rpc, "safe");
      await rpc(node.l2.rpc, "evm_increaseTime", 3600);
      const number = await until("blocks after the jump", 90_000, async () => {
        const reached = await numberOf(node.l2.rpc, "safe");
        return reached > before + 3 && reached;
      });
      assert.equal((await record(before - 1, number)).code, 0);
      const run = await runOnMachine();
      assert.equal(run.code, 0, run.errors + run.out);
      assert.equal(resultOf(run.json()), (await rpc(node.l2.rpc, "optimism_outputAtBlock", hex(number))).outputRoot);
    });

    readable("an L1 that ends before the block's data gives no answer", async () => {
      const early = (await rpc(node.l1.rpc, "eth_getBlockByNumber", "0x1", false)).hash;
      const recorded = await record(0, safe, "--l1-head", early);
      assert.equal(recorded.code, 0, recorded.errors);
      assert.match(recorded.json().no_answer, /L1 does not hold/);
      assert.equal((await runOnMachine()).code, 2); // NotReached
    });

    readable("without one of its preimages the run is given up, and one that is changed is refused", async () => {
      assert.equal((await record(0, 3)).code, 0);
      const whole = readFileSync(at("preimages"));
      writeFileSync(at("preimages"), whole.subarray(0, 0));
      const blind = await runOnMachine();
      assert.notEqual(blind.code, 0);
      assert.match(blind.errors, /preimage that is not known/);
      const changed = Buffer.from(whole);
      changed[whole.length - 1] ^= 1;
      assert.notEqual(createHash("sha256").update(changed).digest("hex"), createHash("sha256").update(whole).digest("hex"));
      writeFileSync(at("preimages"), changed);
      assert.notEqual((await runOnMachine()).code, 0);
    });
  });
}

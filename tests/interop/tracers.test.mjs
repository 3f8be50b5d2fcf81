// The tracers' answers are geth's, field by field: programs of trace_cases.mjs, answers of a real geth in trace_geth.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { post, startDevnet, stop } from "./node.mjs";
import { expected, pairs } from "./trace_cases.mjs";

const { client, answers } = JSON.parse(readFileSync(new URL("trace_geth.json", import.meta.url)));
let node;
before(async () => (node = await startDevnet()));
after(() => stop(node));

const groups = Map.groupBy?.(pairs(), ({ name }) => name.split(":")[0]) ?? pairs().reduce((map, pair) => map.set(pair.name.split(":")[0], [...(map.get(pair.name.split(":")[0]) ?? []), pair]), new Map());
for (const [program, cases] of groups)
  test(`${program}, as ${client.split("/").slice(0, 2).join(" ")}`, async () => {
    for (const { name, params } of cases) {
      assert.ok(name in answers, `${name}: record_traces.mjs has not asked for it`);
      const { result, error } = await post(node.l1.rpc, { jsonrpc: "2.0", id: 1, method: "debug_traceCall", params });
      assert.deepEqual(error ? { error } : { result }, expected(answers[name]), name);
    }
  });

test("nothing was recorded that is no longer asked", () => {
  const asked = new Set(pairs().map(({ name }) => name));
  assert.deepEqual(Object.keys(answers).filter((name) => !asked.has(name)), []);
});

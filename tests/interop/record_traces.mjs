// Asks a geth for the answers that tracers.test.mjs compares with, and writes them into trace_geth.json:
//   geth init --datadir DIR tests/interop/trace_genesis.json; geth --datadir DIR --nodiscover --http --http.api debug,eth,web3 &
//   node record_traces.mjs http://127.0.0.1:8545
import { writeFileSync } from "node:fs";
import { post, rpc } from "./node.mjs";
import { pairs } from "./trace_cases.mjs";

const [url] = process.argv.slice(2);
if (!url) {
  console.error("usage: node record_traces.mjs URL-OF-A-GETH");
  process.exit(2);
}
const answers = {};
for (const { name, params } of pairs()) {
  const { result, error } = await post(url, { jsonrpc: "2.0", id: 1, method: "debug_traceCall", params });
  answers[name] = error ? { error } : { result };
}
const client = await rpc(url, "web3_clientVersion");
const lines = Object.entries(answers).map(([name, answer]) => `    ${JSON.stringify(name)}: ${JSON.stringify(answer)}`);
writeFileSync(new URL("trace_geth.json", import.meta.url), `{\n  "client": ${JSON.stringify(client)},\n  "answers": {\n${lines.join(",\n")}\n  }\n}\n`);
console.log(`${lines.length} answers of ${client}`);

// Runs this project's tests on both layers of a devnet, each with a block for each transaction, as Hardhat's own network has it; last line: the counts.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { rpc, startDevnet, stop } from "../interop/node.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const hardhat = fileURLToPath(new URL("node_modules/hardhat/internal/cli/cli.js", import.meta.url));

function hardhatTest(url, files) {
  const env = { ...process.env, ENTRESOL_URL: url, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true", FORCE_COLOR: "0" };
  const child = spawn(process.execPath, [hardhat, "test", ...files], { cwd: here, env, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
    process.stdout.write(chunk);
  });
  const count = (word) => Number(out.match(new RegExp(`^ *(\\d+) ${word}\\b`, "m"))?.[1] ?? 0);
  return new Promise((resolve) =>
    child.on("close", (code) => resolve({ passed: count("passing"), failed: Math.max(count("failing"), code === 0 ? 0 : 1), skipped: count("pending") })),
  );
}

// The helpers' tests count blocks: on the L1 the batcher makes blocks too.
const RUNS = [
  ["L2", (node) => node.l2.rpc, ["test/erc20.js", "test/uniswap.js", "test/helpers.js"]],
  ["L1", (node) => node.l1.rpc, ["test/erc20.js", "test/uniswap.js", "test_l1/balances.js"]],
];

const total = { passed: 0, failed: 0, skipped: 0 };
const node = await startDevnet("--automine");
try {
  await rpc(node.l1.rpc, "evm_setAutomine", true);
  for (const [layer, url, files] of RUNS) {
    console.log(`\n== ${layer}`);
    const counts = await hardhatTest(url(node), files);
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
} finally {
  await stop(node);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

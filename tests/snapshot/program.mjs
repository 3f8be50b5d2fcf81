// The program's `snapshot` commands as child processes, and what the tests here share.
import { spawn } from "node:child_process";
import { binary, rpc, until } from "../interop/node.mjs";

/** Runs `entresol ARGS` to its end, or kills it after `kill_ms`. */
export function run(args, { kill_ms = 0 } = {}) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (errors += chunk));
  const timer = kill_ms > 0 ? setTimeout(() => child.kill("SIGKILL"), kill_ms) : undefined;
  return new Promise((resolve) =>
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, out, errors });
    }),
  );
}

/** The same, and it must end well; what it printed as JSON. */
export async function runJson(args) {
  const done = await run([...args, "--json"]);
  if (done.code !== 0) throw new Error(`entresol ${args.join(" ")} ended ${done.code ?? done.signal}: ${done.errors}`);
  return JSON.parse(done.out);
}

/** Waits for an anchor on L1 beyond `number`. */
export const settled = (node, beyond) =>
  until("a settled output", 90_000, async () => {
    const data = await rpc(node.l1.rpc, "eth_call", { to: node.contracts.anchor_state_registry, data: "0xd83ef267" }, "latest");
    return Number(`0x${data.slice(66, 130)}`) > beyond && Number(`0x${data.slice(66, 130)}`);
  });

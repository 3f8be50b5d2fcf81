// Starts the program under test on free loopback ports and stops it again.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const binary = process.env.ENTRESOL_BINARY ?? `${root}build/release/entresol`;

/** Runs `entresol ARGS`; resolves with the JSON object that it prints and the child, once it listens. */
export function start(args) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let errors = "";
  child.stderr.on("data", (chunk) => (errors = (errors + chunk).slice(-4000)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => reject(new Error(`${binary} ended (${code ?? signal}): ${errors}`)));
    child.stdout.on("data", (chunk) => {
      out += chunk;
      const end = out.indexOf("\n");
      if (end >= 0) resolve({ ...JSON.parse(out.slice(0, end)), child });
    });
  });
}

export const startDevnet = (...flags) => start(["devnet", "--port", "0", "--l1-port", "0", "--json", ...flags]);

export function stop(node, signal = "SIGTERM") {
  if (!node || node.child.exitCode !== null || node.child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    node.child.once("exit", resolve);
    node.child.kill(signal);
  });
}

/** One raw HTTP request; the parsed answer. */
export async function post(url, body) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return response.json();
}

export const rpc = async (url, method, ...params) => {
  const answer = await post(url, { jsonrpc: "2.0", id: 1, method, params });
  if (answer.error) throw Object.assign(new Error(), answer.error);
  return answer.result;
};

export async function until(what, timeout_ms, probe, pause_ms = 100) {
  const end = Date.now() + timeout_ms;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${timeout_ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause_ms));
  }
}

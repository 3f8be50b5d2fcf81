// Runs the program under test: to its end, or as a server that is stopped by its process id.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const binary = process.env.ENTRESOL_BINARY ?? `${root}build/release/entresol`;

/** An environment without what a developer may have set. */
export const cleanEnvironment = (extra = {}) => {
  const env = { ...process.env, ...extra };
  for (const name of Object.keys(env)) if (name.startsWith("ENTRESOL_") && !(name in extra)) delete env[name];
  if (!("NO_COLOR" in extra)) delete env.NO_COLOR;
  return env;
};

/** Runs a program to its end: { code, signal, stdout, stderr }. */
export function execute(program, args, { env = {}, input = "", timeout_ms = 20_000 } = {}) {
  const child = spawn(program, args, { env: cleanEnvironment(env), stdio: "pipe" });
  const out = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"]) child[stream].on("data", (chunk) => (out[stream] += chunk));
  child.stdin.on("error", () => {}); // who does not read it closes it
  child.stdin.end(input);
  const timer = setTimeout(() => child.kill("SIGKILL"), timeout_ms);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...out });
    });
  });
}

export const entresol = (args, options) => execute(binary, args, options);

/** A running server: { child, ready (its first line as JSON), log(), ended }. */
export function serve(args, { env = {} } = {}) {
  const child = spawn(binary, args, { env: cleanEnvironment(env), stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    ended.then(({ code, signal }) => reject(new Error(`ended (${code ?? signal}): ${errors.slice(-2000)}`)));
    child.stdout.on("data", (chunk) => {
      out += chunk;
      const end = out.indexOf("\n");
      if (end >= 0) resolve({ child, ended, ready: JSON.parse(out.slice(0, end)), log: () => errors });
    });
  });
}

export const serveDevnet = (flags = [], options) =>
  serve(["devnet", "--port", "0", "--l1-port", "0", "--json", ...flags], options);

export async function stop(server, signal = "SIGTERM") {
  if (server.child.exitCode === null && server.child.signalCode === null) server.child.kill(signal);
  return server.ended;
}

export async function rpc(url, method, ...params) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return response.json();
}

/** A folder that is gone after the tests of `t`. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), "entresol-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function until(what, timeout_ms, probe) {
  const end = Date.now() + timeout_ms;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${timeout_ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The parameters of `script`, which gives a command a terminal. */
export const onTerminal = (command) => ["-q", "-e", "-c", command, "/dev/null"];

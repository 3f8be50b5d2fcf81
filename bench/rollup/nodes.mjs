// The programs that are compared: how each is started, and with which settings. Limits that would cap a throughput are raised for all alike:
// blocks of 500 million gas each second (and in ours no bound on data by Jovian's footprint), pools that hold a whole run.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Connection } from "./http.mjs";
import { CHAIN_ID, account, account_of_key, bytes_of, hex, sign } from "./transactions.mjs";
import { sleep, until } from "./machine.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const entresol = process.env.ENTRESOL_BINARY ?? `${root}build/release/entresol`;
const GAS_LIMIT = 500_000_000; // the most that SystemConfig allows
// The first account of the usual test mnemonic, which Entresol and anvil fund.
const DEV_KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const banker = account("banker"); // pays for everything; its nonces are the same on every node

function find_anvil() {
  const require = createRequire(import.meta.url);
  try {
    return path.join(path.dirname(require.resolve("@foundry-rs/anvil-linux-amd64/package.json")), "bin/anvil");
  } catch {
    return undefined;
  }
}

export function find_geth() {
  const folders = [...(process.env.PATH ?? "").split(":"), `${os.homedir()}/go/bin`];
  const candidates = [process.env.GETH, `${root}build/peers/geth`, ...folders.map((folder) => `${folder}/geth`)];
  return candidates.find((file) => file && existsSync(file));
}

export const binaries = { entresol: existsSync(entresol) ? entresol : undefined, anvil: find_anvil(), geth: find_geth() };
export const is_installed = (name) => binaries[name] !== undefined;
export function versions() {
  const out = {};
  if (binaries.anvil) out.anvil = /\d+\.\d+\.\d+/.exec(execFileSync(binaries.anvil, ["--version"], { encoding: "utf8" }))?.[0];
  if (binaries.geth) out.geth = /\d+\.\d+\.\d+/.exec(execFileSync(binaries.geth, ["version"], { encoding: "utf8" }))?.[0];
  return out;
}

// mode "interval": a block each second. "instant": as soon as a transaction is there (Entresol: its ordinary mode, mini-blocks).
// size "default": as a user gets it without further flags. "large": limits raised.
const ARGUMENTS = {
  entresol: ({ port, l1_port, size, da = "calldata", datadir }) =>
    ["devnet", ...(datadir ? ["--datadir", datadir] : []), "--json", "--port", port, "--l1-port", l1_port, "--chain-id", CHAIN_ID, "--l1-chain-id", 31337, "--da", da,
      ...(size === "large" ? ["--gas-limit", GAS_LIMIT, "--da-footprint-gas", 1, "--sequencing-window", 100_000, "--pool-transactions", 500_000] : [])],
  anvil: ({ port, mode, size }) =>
    ["--quiet", "--port", port, "--chain-id", CHAIN_ID, ...(mode === "interval" ? ["--block-time", 1] : []),
      ...(size === "large" ? ["--gas-limit", GAS_LIMIT, "--no-request-size-limit"] : [])],
  geth: ({ port, mode, size, datadir }) =>
    ["--dev", ...(datadir ? ["--datadir", datadir] : []), "--dev.period", mode === "interval" ? 1 : 0, "--http", "--http.port", port, "--http.api", "eth,net,web3,txpool", "--port", 0,
      "--nodiscover", "--maxpeers", 0, "--ipcdisable", "--verbosity", 1, "--rpc.batch-request-limit", 10_000, "--rpc.txfeecap", 0,
      ...(size === "large" ? ["--dev.gaslimit", GAS_LIMIT, "--miner.gaslimit", GAS_LIMIT, "--txpool.globalslots", 500_000, "--txpool.accountslots", 100_000,
        "--txpool.globalqueue", 500_000, "--txpool.accountqueue", 100_000] : [])],
};

// Held together until all are known, else one could be given twice.
async function free_ports(count) {
  const servers = Array.from({ length: count }, () => net.createServer());
  await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

// Resolves with the time at which the port first answered eth_blockNumber.
async function first_answer(port, child, deadline_ms = 30_000) {
  const end = performance.now() + deadline_ms;
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${child.errors}`);
    try {
      const connection = await Connection.open(port);
      await connection.call("eth_blockNumber");
      const now = performance.now();
      connection.close();
      return now;
    } catch {
      await sleep(1);
    }
  }
  throw new Error("it did not answer");
}

const children = new Set();
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

/** A child process that serves JSON-RPC at its ports: { child, pid, port, start_ms }, once all of them have answered. */
export async function launch(file, args, port, ...further_ports) {
  const started = performance.now();
  const child = spawn(file, args.map(String), { stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  child.output = "";
  child.errors = "";
  child.stdout.on("data", (data) => (child.output = (child.output + data).slice(0, 20_000)));
  child.stderr.on("data", (data) => (child.errors = (child.errors + data).slice(-2_000)));
  const answered = await Promise.all([port, ...further_ports].map((each) => first_answer(each, child)));
  return { child, pid: child.pid, port, start_ms: Math.max(...answered) - started };
}

export async function start(name, { mode = "interval", size = "default", ...more } = {}) {
  const [port, l1_port] = await free_ports(2);
  const node = await launch(binaries[name], ARGUMENTS[name]({ port, l1_port, mode, size, ...more }), port, ...(name === "entresol" ? [l1_port] : []));
  return { name, l1_port, ...node };
}

export async function start_replica(l1_port, chain_file) {
  const [port] = await free_ports(1);
  return launch(binaries.entresol, ["node", "--l1", `http://127.0.0.1:${l1_port}`, "--chain", chain_file, "--port", port, "--poll-ms", 50], port);
}

export function stop(node) {
  if (node.child.exitCode !== null || node.child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const killer = setTimeout(() => node.child.kill("SIGKILL"), 10_000);
    node.child.once("exit", () => {
      clearTimeout(killer);
      resolve();
    });
    node.child.kill("SIGTERM");
  });
}

export const mined = (rpc, hash) =>
  until(`the receipt of ${hash}`, 30_000, 20, async () => {
    const receipt = await rpc.call("eth_getTransactionReceipt", hash).catch(() => null); // geth: "indexing is in progress"
    if (receipt && receipt.status !== "0x1") throw new Error(`${hash} failed`);
    return receipt;
  });

/** Gives the banker what it needs, by whatever the node has. */
export async function fund_banker(node, rpc) {
  const value = 9_000n * 10n ** 18n;
  if (node.name === "geth") {
    const [from] = await rpc.call("eth_accounts");
    await mined(rpc, await rpc.call("eth_sendTransaction", { from, to: hex(banker.address), value: `0x${value.toString(16)}`, gas: "0x5208" }));
    return;
  }
  const { raw, hash } = sign({ from: account_of_key(bytes_of(DEV_KEY)), nonce: 0, to: banker.address, value, gas: 21_000 });
  await rpc.call("eth_sendRawTransaction", raw);
  await mined(rpc, hash);
}

// L1 nodes of others: anvil from npm, geth where it is installed. Each listens on a free loopback port.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root, rpc, until } from "../interop/node.mjs";

export const CHAIN_ID = 1337;
const RICH = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"; // the first account of the test mnemonic: it deploys

const first = (paths) => paths.find((path) => path && existsSync(path));
export const anvil = first([fileURLToPath(new URL("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil", import.meta.url))]);
export const geth = first([process.env.GETH, `${root}build/peers/geth`, `${homedir()}/go/bin/geth`, ...(process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "geth"))]);

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function run(program, port, args) {
  const child = spawn(program, args, { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await until(`${program} to answer`, 30_000, () => rpc(url, "eth_blockNumber").catch(() => false));
  return { child, url };
}

export async function startAnvil(port = undefined, ...more) {
  port ??= await freePort();
  return { ...(await run(anvil, port, ["--port", `${port}`, "--chain-id", `${CHAIN_ID}`, "--block-time", "1", "--quiet", ...more])), port };
}

export async function startGeth() {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "entresol-geth-"));
  const node = await run(geth, port, ["--dev", "--dev.period", "1", "--datadir", folder, "--http", "--http.port", `${port}`, "--http.api", "eth,net,web3", "--port", "0", "--authrpc.port", "0", "--nodiscover", "--ipcdisable", "--verbosity", "1"]);
  node.child.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  // geth's developer account is unlocked: it pays for the deployment.
  const [developer] = await rpc(node.url, "eth_accounts");
  await rpc(node.url, "eth_sendTransaction", { from: developer, to: RICH, value: "0x3635c9adc5dea00000" });
  await until("the deployer's ether", 20_000, async () => BigInt(await rpc(node.url, "eth_getBalance", RICH, "latest")) > 0n);
  return node;
}

// Starts the anvil of npm's platform package on a free loopback port and stops it by its process id.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const arch = { x64: "amd64", arm64: "arm64" }[process.arch];
const binary = join(root, "node_modules", "@foundry-rs", `anvil-${process.platform}-${arch}`, "bin", "anvil");
const startLimit_ms = 20_000;

/// {url, stop()}; the process dies with this one at the latest.
export async function startAnvil(...options) {
  if (!existsSync(binary)) throw new Error(`${binary} is missing; run 'npm ci' in contracts/`);
  const child = spawn(binary, ["--port", "0", "--host", "127.0.0.1", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const stop = () => child.kill("SIGKILL");
  process.once("exit", stop);
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("anvil did not start in time")), startLimit_ms);
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const found = /Listening on (\S+)/.exec(text);
      if (!found) return;
      clearTimeout(timer);
      child.stdout.removeAllListeners("data").resume();
      resolve(`http://${found[1]}`);
    });
    child.once("exit", (code) => reject(new Error(`anvil exited with ${code}: ${text.slice(-400)}`)));
  });
  return { url, stop };
}

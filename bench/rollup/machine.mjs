// What /proc tells of this machine and of a process; medians and percentiles.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";

const TICKS_PER_S = 100; // USER_HZ of every Linux on x86-64 and arm64

export function describe_machine() {
  const model = /model name\s*: (.*)/.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? os.arch();
  const release = /PRETTY_NAME="(.*)"/.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? os.platform();
  return { cpu: model.trim(), cores: os.cpus().length, memory_gib: Math.round(os.totalmem() / 2 ** 30), system: release, node: process.version };
}

export const load_average = () => os.loadavg()[0];

/** User and system time of a process with all its threads, in seconds. */
export function cpu_seconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from field 3, see proc(5)
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

export function memory_mib(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(rollup)[1]) / 1024;
  return { pss_mib: of("Pss"), rss_mib: of("Rss") };
}

export function own_cpu_seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export const commit = (root) => execFileSync("git", ["-C", root, "-c", "safe.directory=*", "describe", "--always", "--dirty", "--exclude=*"], { encoding: "utf8" }).trim();

export function percentile(values, fraction) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))];
}
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export async function until(what, timeout_ms, pause_ms, probe) {
  const end = Date.now() + timeout_ms;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${timeout_ms} ms for ${what}`);
    await sleep(pause_ms);
  }
}

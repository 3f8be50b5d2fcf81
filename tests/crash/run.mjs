// Crashes of the real program on a real disk: ./dev crash [--times N] [--seed S] [--durability MODE] [--json]. It is killed at random moments under load and started again on the
// same folder; then with a disk that is full or read-only, and with damaged files. What was told to be in a block must be there afterwards.
import { execFileSync } from "node:child_process";
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rpc, serveDevnet, stop, until } from "../cli/program.mjs";
import { compare, pause, watch } from "./watch.mjs";

const { values: options } = parseArgs({
  options: { times: { type: "string", default: "200" }, seed: { type: "string", default: "1" }, json: { type: "boolean", default: false }, durability: { type: "string", default: "async" } },
});
const times = Number(options.times);

// SplitMix64, as the simulation's.
let state = BigInt(options.seed);
const MASK = (1n << 64n) - 1n;
function draw(bound) {
  state = (state + 0x9e3779b97f4a7c15n) & MASK;
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return Number((z ^ (z >> 31n)) % BigInt(bound));
}

const say = (words) => process.stderr.write(`${words}\n`);
// L1 blocks. Lives this short under full load post less than they make: with the devnet's own two minutes, what was not posted in time would rightly be replaced.
const WINDOW = "1000";
const start = (folder) => serveDevnet(["--datadir", folder, "--sequencing-window", WINDOW, "--durability", options.durability, "--log-level", "error"]);

const faults = [];
const report = (where, words) => {
  for (const each of words) {
    faults.push(`${where}: ${each}`);
    say(`FAILED ${where}: ${each}`);
  }
};
const counts = { kills: 0, blocks: 0, transactions_in_blocks: 0, unsealed_transactions_lost: 0, full_disks: 0, read_only: 0, damaged: 0, damaged_refused: 0, damaged_served: 0 };

const check = async (where, url, seen) => {
  const { lost, unsealed_lost } = await compare(url, seen);
  counts.unsealed_transactions_lost += unsealed_lost;
  report(where, lost);
};

/** Everything that the sequencer had is safe in the end: nothing was forgotten that must still be posted. */
async function expectAllSafe(url) {
  const head = (await rpc(url, "optimism_syncStatus")).result.unsafe_l2;
  await until(`block ${head.number} to be safe`, 300_000, async () => (await rpc(url, "optimism_syncStatus")).result.safe_l2.number >= head.number);
  const block = (await rpc(url, "eth_getBlockByNumber", `0x${head.number.toString(16)}`, false)).result;
  return block.hash === head.hash ? [] : [`block ${head.number} was replaced before it was safe`];
}

async function killMany(folder) {
  let before = null;
  for (let i = 0; i < times; ++i) {
    const server = await start(folder);
    if (before) await check(`kill ${i}`, server.ready.l2.rpc, before);
    const work = watch(server);
    await pause(200 + draw(1_500));
    work.dies();
    await stop(server, "SIGKILL");
    await work.end();
    before = work.seen;
    ++counts.kills;
    counts.transactions_in_blocks += before.included.size;
    if ((i + 1) % 10 === 0) say(`${i + 1} of ${times} kills, ${faults.length} faults`);
  }
  const server = await start(folder);
  if (before) await check("after the kills", server.ready.l2.rpc, before);
  report("after the kills", await expectAllSafe(server.ready.l2.rpc));
  counts.blocks = (await rpc(server.ready.l2.rpc, "optimism_syncStatus")).result.unsafe_l2.number;
  await stop(server);
}

/** A disk of its own that is `megabytes` large, or nothing where this user may not mount. */
function mountSmallDisk(parent, megabytes) {
  const place = join(parent, "small-disk");
  mkdirSync(place);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", place], { stdio: "ignore" });
    return place;
  } catch {
    return null;
  }
}
/** The process must end by itself, in words; and what it had told must be there when there is room again. */
async function fullDisk(parent) {
  const name = "full_disks";
  const place = mountSmallDisk(parent, 48);
  if (!place) return say(`skipped: ${name} (only root may mount a small disk)`);
  const ballast = join(place, "ballast");
  try {
    const folder = join(place, "data");
    const server = await start(folder);
    const work = watch(server);
    await pause(3_000);
    const left = Number(execFileSync("df", ["--output=avail", "-B1", place]).toString().split("\n")[1]);
    execFileSync("fallocate", ["-l", `${Math.max(left - 400_000, 4096)}`, ballast]);
    work.dies();
    const end = await Promise.race([server.ended, pause(60_000)]);
    if (!end) await stop(server, "SIGKILL");
    await work.end();
    if (!end) report(name, ["the process went on for a minute without writing"]);
    else if (end.code === null || end.code === 0) report(name, [`ended with ${end.code ?? end.signal}: ${server.log().slice(-1200)}`]);
    rmSync(ballast);
    const again = await start(folder);
    await check(name, again.ready.l2.rpc, work.seen);
    report(name, await expectAllSafe(again.ready.l2.rpc));
    await stop(again);
    ++counts[name];
  } finally {
    execFileSync("umount", [place]);
    rmSync(place, { recursive: true });
  }
}

/** Started on a disk that cannot be written it must say so; afterwards all is there. */
async function readOnlyDisk(parent) {
  const place = mountSmallDisk(parent, 48);
  if (!place) return say("skipped: read_only (only root may mount a small disk)");
  const remount = (how) => execFileSync("mount", ["-o", `remount,${how}`, place], { stdio: "ignore" });
  try {
    const folder = join(place, "data");
    const server = await start(folder);
    const work = watch(server);
    await pause(2_000);
    work.dies();
    await stop(server, "SIGKILL");
    await work.end();
    remount("ro");
    const refused = await start(folder).then(() => null, (error) => error.message);
    if (!refused || !/ended \(\d+\): .*[Rr]ead-only/s.test(refused)) report("read_only", [`did not refuse in words: ${refused}`]);
    remount("rw");
    const again = await start(folder);
    await check("read_only", again.ready.l2.rpc, work.seen);
    await stop(again);
    ++counts.read_only;
  } finally {
    execFileSync("umount", [place]);
    rmSync(place, { recursive: true });
  }
}

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesOf(path) : [path];
  });
}

/** Some bytes of one file are others now. The program refuses in words, or shows what it showed before: never something else. */
async function damagedFile(parent, original, seen, number) {
  const folder = join(parent, "damaged");
  cpSync(original, folder, { recursive: true });
  const files = filesOf(folder).filter((path) => statSync(path).size > 0);
  const path = files[draw(files.length)];
  const at = draw(statSync(path).size);
  const file = openSync(path, "r+");
  const bytes = Buffer.alloc(16);
  const size = readSync(file, bytes, 0, 16, at);
  for (let i = 0; i < size; ++i) bytes[i] ^= 1 + draw(255);
  writeSync(file, bytes, 0, size, at);
  closeSync(file);
  const where = `damage ${number} (${path.slice(folder.length + 1)} at ${at})`;
  ++counts.damaged;
  let server = null;
  try {
    server = await start(folder);
  } catch (error) {
    ++counts.damaged_refused;
    if (!/ended \(\d+\): ./s.test(error.message)) report(where, [`refused without words, or by a signal: ${error.message}`]);
  }
  if (server) {
    ++counts.damaged_served;
    const { finalized } = seen.heads;
    const block = (await rpc(server.ready.l2.rpc, "eth_getBlockByNumber", `0x${finalized.number.toString(16)}`, false).catch(() => ({}))).result;
    if (block && block.hash !== finalized.hash) report(where, [`finalized block ${finalized.number} is ${block.hash}, was ${finalized.hash}`]);
    await stop(server, "SIGKILL");
  }
  rmSync(folder, { recursive: true });
}

const parent = mkdtempSync(join(tmpdir(), "entresol-crash-"));
const begin = Date.now();
try {
  const folder = join(parent, "killed");
  await killMany(folder);
  await fullDisk(parent);
  await readOnlyDisk(parent);
  const server = await start(folder);
  const work = watch(server);
  await pause(2_000);
  await stop(server);
  await work.end();
  for (let i = 0; i < Math.ceil(times / 4); ++i) await damagedFile(parent, folder, work.seen, i);
} finally {
  rmSync(parent, { recursive: true, force: true });
}
const wall_s = (Date.now() - begin) / 1000;
if (options.json) console.log(JSON.stringify({ seed: options.seed, durability: options.durability, ...counts, faults, wall_s }));
else console.log(`${counts.kills} kills, ${counts.blocks} blocks, ${counts.damaged} damaged files: ${faults.length} faults in ${wall_s.toFixed(0)} s`);
process.exitCode = faults.length === 0 ? 0 : 1;

// The README's table of what the system survives, made from bench/results/crash.json and bench/results/sim.json: prints it; --write FILE puts it between the
// markers; --check FILE fails when the file holds another one.
import { readFileSync } from "node:fs";
import { serve_table } from "../readme_table.mjs";

const load = (name) => JSON.parse(readFileSync(new URL(`../results/${name}.json`, import.meta.url), "utf8"));
const crash = load("crash"), sim = load("sim");

const number = (value) => value.toLocaleString("en");
// A fault is named by where it happened: "kill 12: …", "full_disks: …", "read_only: …", "damage 3 (…): …".
const faults_of = (...places) => crash.faults.filter((fault) => places.some((place) => fault.startsWith(place))).length;
const result = (faults) => (faults === 0 ? "none" : number(faults));

function rows() {
  const { failed } = sim;
  return [
    ["simulation seeds (`./dev sim`)", number(sim.seeds), result(failed.length), `${number(sim.events)} events: ${number(sim.l1_reorgs)} L1 reorganisations, ${number(sim.missed_slots)} missed slots, ${number(sim.deaths)} killed processes, ${number(sim.power_cuts)} power cuts, ${number(sim.full_disks)} full disks, ${number(sim.cuts)} cut networks, ${number(sim.clock_jumps)} jumps of clocks, ${number(sim.windows_passed)} sequencing windows that passed`],
    ["crashes: kill -9 under load (`./dev crash`)", number(crash.kills), result(faults_of("kill ", "after the kills")), `${number(crash.transactions_in_blocks)} transactions told to be in blocks were looked for again; in the end all ${number(crash.blocks)} blocks were safe and the same`],
    ["disk full under load", number(crash.full_disks), result(faults_of("full_disks")), "it ends in words, and goes on when there is room"],
    ["disk read-only", number(crash.read_only), result(faults_of("read_only")), "it refuses in words, and goes on when it may write"],
    ["damaged files", number(crash.damaged), result(faults_of("damage ")), `${number(crash.damaged_refused)} refused in words, ${number(crash.damaged_served)} served with the same finalized block`],
  ];
}

function make_table() {
  const lines = [["what happened", "times", "faults", ""], ["---", "---", "---", "---"], ...rows()].map((cells) => `| ${cells.join(" | ")} |`);
  const when = ({ about }) => `${about.measured_at.slice(0, 10)} at commit ${about.commit}`;
  const note = `A fault is something told that is not so afterwards, a head that went wrong or a process that did not come back. Simulated ${when(sim)} (seeds from ${sim.first}, digest ${sim.digest}); crashed ${when(crash)} with \`--durability ${crash.durability}\` and seed ${crash.seed}: ${number(crash.unsealed_transactions_lost)} accepted transactions, none older than three seconds, went with the block in progress, as \`src/node/store/README.md\` says.`;
  const open_seeds = sim.failed.length ? ` Seeds that failed (\`./dev sim --first N --seeds 1 --trace\` is that run again): ${sim.failed.join(", ")}.` : "";
  return [...lines, "", note + open_seeds].join("\n");
}

serve_table("bench/faults/table.mjs", make_table());

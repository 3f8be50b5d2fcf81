// What only a rollup does: deposits from L1, and deriving the whole chain anew from L1.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Connection } from "./http.mjs";
import { cpu_seconds, load_average, sleep, until } from "./machine.mjs";
import { fund_banker, mined, start, start_replica, stop } from "./nodes.mjs";
import { account_of_key, address, bytes_of, hex, selector, sign, word } from "./transactions.mjs";
import { hashes_of, prepare, share_out, sign_workload } from "./workload.mjs";

const DEPOSIT = selector("depositTransaction(address,uint256,uint64,bool,bytes)");
const deposit_data = (to, value) => Buffer.concat([DEPOSIT, word(to), word(value), word(100_000n), word(0n), word(160n), word(0n)]);

/** From sending the L1 transaction until the L2 balance is there. */
export async function measure_deposits(count = 10) {
  const node = await start("entresol");
  try {
    const description = await until("the description", 5_000, 20, () => node.child.output.includes("\n") && JSON.parse(node.child.output));
    const l1 = await Connection.open(node.l1_port), l2 = await Connection.open(node.port);
    const from = account_of_key(bytes_of(description.accounts[3].privateKey));
    const on_l1 = [], on_l2 = [], load = load_average();
    for (let i = 0; i < count; ++i) {
      await sleep(300 + ((i * 731) % 1_700)); // out of step with the L1's blocks
      const to = address(`deposit ${i}`);
      const { raw, hash } = sign({ from, nonce: i, to: bytes_of(description.contracts.optimism_portal), value: 7n, data: deposit_data(to, 7n), gas: 500_000, chain_id: description.l1.chainId });
      const began = performance.now();
      await l1.call("eth_sendRawTransaction", raw);
      await mined(l1, hash);
      on_l1.push(performance.now() - began);
      await until("the deposit", 60_000, 5, async () => BigInt(await l2.call("eth_getBalance", hex(to), "latest")) === 7n);
      on_l2.push(performance.now() - began);
    }
    return { deposits: count, on_l1_ms: on_l1, on_l2_ms: on_l2, load_average: load };
  } finally {
    await stop(node);
  }
}

/** A second process derives a loaded chain from the devnet's L1; `count` transfers in it. */
export async function measure_replica(count) {
  const node = await start("entresol", { size: "large", da: "blobs" });
  const folder = mkdtempSync(path.join(os.tmpdir(), "entresol-bench-"));
  let replica;
  try {
    const rpc = await Connection.open(node.port);
    await fund_banker(node, rpc);
    await prepare(rpc);
    const by_sender = sign_workload("transfer", count);
    const wanted = hashes_of(by_sender);
    const queues = share_out(by_sender, 4, 100);
    await Promise.all(queues.map(async (queue) => {
      const connection = await Connection.open(node.port);
      for (const request of queue) await connection.send(request);
      connection.close();
    }));
    const last = Number(await rpc.call("eth_blockNumber")) + 1;
    await until("all data on L1", 180_000, 250, async () => (await rpc.call("optimism_syncStatus")).safe_l2.number >= last);
    const file = path.join(folder, "chain.json");
    writeFileSync(file, JSON.stringify(await rpc.call("entresol_chainFile")));
    const { safe_l2: target } = await rpc.call("optimism_syncStatus");
    const load = load_average(), began = performance.now();
    replica = await start_replica(node.l1_port, file);
    const own = await Connection.open(replica.port);
    await until("the replica", 120_000, 2, async () => Number(await own.call("eth_blockNumber")) >= target.number);
    const seconds = (performance.now() - began) / 1000, cpu_s = cpu_seconds(replica.pid);
    let transactions = 0, gas = 0, ours = 0;
    for (let number = 1; number <= target.number; ++number) {
      const block = await own.call("eth_getBlockByNumber", `0x${number.toString(16)}`, false);
      transactions += block.transactions.length;
      ours += block.transactions.filter((hash) => wanted.has(hash)).length;
      gas += Number(block.gasUsed);
    }
    const same = (await own.call("eth_getBlockByNumber", `0x${target.number.toString(16)}`, false)).hash === target.hash;
    if (!same) throw new Error("the replica derived another chain");
    if (ours !== wanted.size) throw new Error(`${ours} of ${wanted.size} transactions derived`);
    rpc.close();
    own.close();
    return {
      blocks: target.number, transactions, gas, seconds, cpu_s, blocks_per_second: target.number / seconds, transactions_per_second: transactions / seconds,
      mgas_per_second: gas / seconds / 1e6, cpu_us_per_tx: (cpu_s / transactions) * 1e6, da: "blobs", same_hash: same, load_average: load,
    };
  } finally {
    if (replica) await stop(replica);
    await stop(node);
    rmSync(folder, { recursive: true, force: true });
  }
}

// Transactions a second through JSON-RPC: from the first byte sent until the block with the last transaction can be read.
import { Connection } from "./http.mjs";
import { cpu_seconds, load_average, own_cpu_seconds, sleep, until } from "./machine.mjs";
import { fund_banker, start, stop } from "./nodes.mjs";
import { hashes_of, prepare, share_out } from "./workload.mjs";

const MODES = { unbatched: { connections: 50, batch: 1 }, batched: { connections: 8, batch: 100 } };

async function pour(connection, queue, refusals) {
  for (const request of queue) {
    const answer = await connection.send(request);
    if (answer.includes('"error"')) refusals.push(answer.slice(0, 300));
  }
}

// Counts ours in every new block until all are there; remembers those blocks.
async function watch_blocks(rpc, wanted, first_block, stall_ms) {
  let next = first_block, found = 0, last_progress = performance.now();
  const blocks = [];
  while (found < wanted.size) {
    const head = Number(await rpc.call("eth_blockNumber"));
    for (; next <= head; ++next) {
      const block = await rpc.call("eth_getBlockByNumber", `0x${next.toString(16)}`, false);
      const mine = block.transactions.filter((hash) => wanted.has(hash)).length;
      if (mine > 0) {
        found += mine;
        blocks.push(block.number);
        last_progress = performance.now();
      }
    }
    if (performance.now() - last_progress > stall_ms) break;
    if (found < wanted.size) await sleep(25);
  }
  return { found, blocks };
}

async function count_receipts(rpc, blocks, wanted) {
  let good = 0;
  for (const number of blocks) {
    const receipts = await rpc.call("eth_getBlockReceipts", number);
    good += receipts.filter(({ transactionHash, status }) => wanted.has(transactionHash) && status === "0x1").length;
  }
  return good;
}

// How far settlement has come: blocks without their data on L1 now, and how long until there are none of this run.
async function watch_settlement(rpc, last_block, patience_ms) {
  const lag = async () => {
    const { safe_l2, unsafe_l2 } = await rpc.call("optimism_syncStatus");
    return { safe: safe_l2.number, head: unsafe_l2.number };
  };
  const at_end = await lag();
  const started = performance.now();
  let now = at_end;
  await until("the safe head", patience_ms, 250, async () => (now = await lag()).safe >= last_block).catch(() => undefined);
  const batches = await rpc.call("entresol_batches");
  return {
    safe_lag_blocks_at_end: at_end.head - at_end.safe,
    all_data_on_l1: now.safe >= last_block,
    data_on_l1_after_s: now.safe >= last_block ? (performance.now() - started) / 1000 : null,
    posted_bytes: batches.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0),
  };
}

/** One run of one program. `by_sender`: signed transactions. */
export async function measure_throughput(name, mode, by_sender, { da, settlement_patience_ms = 0 } = {}) {
  const node = await start(name, { mode: "interval", size: "large", da });
  const { connections, batch } = MODES[mode];
  const queues = share_out(by_sender, connections, batch);
  const wanted = hashes_of(by_sender);
  const refusals = [];
  let open = [];
  try {
    const rpc = await Connection.open(node.port);
    await fund_banker(node, rpc);
    await prepare(rpc);
    open = await Promise.all(queues.map(() => Connection.open(node.port)));
    const first_block = Number(await rpc.call("eth_blockNumber")) + 1;
    const load = load_average(), server_before = cpu_seconds(node.pid), client_before = own_cpu_seconds(), began = performance.now();
    let sent_s = 0;
    const pouring = Promise.all(open.map((connection, i) => pour(connection, queues[i], refusals))).then(
      () => (sent_s = (performance.now() - began) / 1000),
      (error) => refusals.push(error.message),
    );
    const { found, blocks } = await watch_blocks(rpc, wanted, first_block, 15_000);
    if (found < wanted.size) throw new Error(`stalled: nothing more for 15 s after ${found} of ${wanted.size} transactions; ${refusals[0] ?? "none refused"}`);
    await pouring;
    const seconds = (performance.now() - began) / 1000;
    const server_s = cpu_seconds(node.pid) - server_before, client_s = own_cpu_seconds() - client_before;
    const good = await count_receipts(rpc, blocks, wanted);
    const result = {
      transactions: wanted.size, included: found, succeeded: good, refused: refusals.length, refusal: refusals[0], seconds, sent_s,
      per_second: good / seconds, server_cpu_us_per_tx: (server_s / good) * 1e6, client_cpu_us_per_tx: (client_s / good) * 1e6, load_average: load,
    };
    if (name === "entresol") Object.assign(result, { da }, await watch_settlement(rpc, Number(blocks.at(-1)), settlement_patience_ms));
    rpc.close();
    return result;
  } finally {
    for (const connection of open) connection.close();
    await stop(node);
  }
}

// Start-up time, idle memory and CPU, and how soon a sender knows.
import { Connection } from "./http.mjs";
import { cpu_seconds, load_average, memory_mib, percentile, sleep } from "./machine.mjs";
import { fund_banker, start, stop } from "./nodes.mjs";
import { prepare, sign_probes, sign_workload, single_request } from "./workload.mjs";

export async function measure_start(name) {
  const load = load_average();
  const node = await start(name);
  const cpu_ms = cpu_seconds(node.pid) * 1000;
  await stop(node);
  return { start_ms: node.start_ms, cpu_ms, load_average: load };
}

export async function measure_idle(name, { settle_ms = 10_000, watch_ms = 10_000 } = {}) {
  const node = await start(name);
  try {
    await sleep(settle_ms);
    const memory = memory_mib(node.pid), before = cpu_seconds(node.pid), began = performance.now();
    await sleep(watch_ms);
    const cpu_percent = ((cpu_seconds(node.pid) - before) / ((performance.now() - began) / 1000)) * 100;
    return { ...memory, cpu_percent, load_average: load_average() };
  } finally {
    await stop(node);
  }
}

// Sends at a steady rate over a few connections until told to stop.
async function keep_busy(port, requests, per_second, state) {
  const connections = await Promise.all(Array.from({ length: 8 }, () => Connection.open(port)));
  const began = performance.now();
  let next = 0;
  const workers = connections.map(async (connection, c) => {
    for (const request of requests[c]) {
      const mine = next++;
      if (state.done) return;
      const due = began + (mine / per_second) * 1000;
      if (due > performance.now()) await sleep(due - performance.now());
      const answer = await connection.send(request);
      if (answer.includes('"error"')) state.refused = answer.slice(0, 300);
      ++state.sent;
    }
  });
  await Promise.all(workers);
  for (const connection of connections) connection.close();
}

async function probe(rpc, { raw, hash }, method, pause_ms) {
  const began = performance.now();
  if (method === "sync") {
    const receipt = await rpc.call("eth_sendRawTransactionSync", raw);
    if (receipt?.transactionHash !== hash) throw new Error("another receipt");
    return performance.now() - began;
  }
  await rpc.call("eth_sendRawTransaction", raw);
  while (!(await rpc.call("eth_getTransactionReceipt", hash))) {
    if (performance.now() - began > 20_000) throw new Error("no receipt within 20 s");
    await sleep(pause_ms);
  }
  return performance.now() - began;
}

/** From sending until the receipt can be read. `mode`: see nodes.mjs. `rate`: other transactions a second meanwhile. */
export async function measure_latency(name, { mode, method = "poll", rate = 0, probes = 200 }) {
  const node = await start(name, { mode, size: "large" });
  const state = { done: false, sent: 0 };
  try {
    const rpc = await Connection.open(node.port);
    await fund_banker(node, rpc);
    await prepare(rpc);
    let background = Promise.resolve();
    if (rate > 0) {
      const by_sender = sign_workload("transfer", rate * 30);
      const queues = Array.from({ length: 8 }, (_, c) => by_sender.filter((_s, i) => i % 8 === c));
      const requests = queues.map((lists) => lists[0].flatMap((_, n) => lists.map((list) => single_request(list[n]))));
      background = keep_busy(node.port, requests, rate, state);
      await sleep(1_000);
    }
    const samples = [], began = performance.now(), load = load_average();
    let failure;
    for (const transaction of sign_probes(probes)) {
      try {
        samples.push(await probe(rpc, transaction, method, 1));
      } catch (error) {
        failure = error.message;
        break;
      }
      if (performance.now() - began > 25_000) break;
      await sleep(method === "sync" ? 5 + ((samples.length * 37) % 40) : (samples.length * 370) % 1_000); // out of step with the blocks
    }
    state.done = true;
    const seconds = (performance.now() - began) / 1000;
    await background;
    rpc.close();
    return {
      mode, method, samples: samples.length, failure, p50_ms: percentile(samples, 0.5), p99_ms: percentile(samples, 0.99), max_ms: Math.max(...samples),
      background_per_second: rate, background_sent: state.sent, refused: state.refused, seconds, load_average: load,
    };
  } finally {
    state.done = true;
    await stop(node);
  }
}

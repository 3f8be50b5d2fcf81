// What a node told while it was under load, and whether it still says so after it was killed and started again.
import { rpc } from "../cli/program.mjs";

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const accounts = ["0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "0x70997970c51812dc3a010c7d01b50e0d17dc79c8", "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc"];
/** What was accepted this long before a kill must be there: its block was sealed meanwhile, one each second. */
const SEALED_AFTER_MS = 3_000;

/** Sends transfers and keeps note of what the node says: its heads, and in which blocks the transactions are. */
export function watch(server) {
  const url = server.ready.l2.rpc;
  const seen = { sent: [], included: new Map(), heads: null, ended_at: 0 };
  let over = false;
  const ask = async (...words) => {
    try {
      return (await rpc(url, ...words)).result ?? null;
    } catch {
      return null; // the process is gone
    }
  };
  const send = async (from) => {
    while (!over) {
      const hash = await ask("eth_sendTransaction", { from, to: accounts[0], value: "0x1" });
      if (hash) seen.sent.push({ hash, at: Date.now() });
      else await pause(20);
    }
  };
  const look = async () => {
    while (!over) {
      const status = await ask("optimism_syncStatus");
      if (!status) break;
      seen.heads = { unsafe: status.unsafe_l2, safe: status.safe_l2, finalized: status.finalized_l2 };
      const block = await ask("eth_getBlockByHash", status.unsafe_l2.hash, false);
      for (const hash of block?.transactions ?? []) seen.included.set(hash, status.unsafe_l2.hash);
      await pause(10);
    }
  };
  const all = [...accounts.map(send), look()];
  return {
    seen,
    /** The last moment at which the process certainly lived. */
    dies: () => (seen.ended_at = Date.now()),
    end: () => ((over = true), Promise.all(all)),
  };
}

/** Words for each thing that was told and is not so any more; and how many of the newest accepted transactions went with the block in progress. */
export async function compare(url, seen) {
  const lost = [];
  let unsealed_lost = 0;
  if (!seen.heads) return { lost, unsealed_lost };
  const status = (await rpc(url, "optimism_syncStatus")).result;
  const now = { unsafe: status.unsafe_l2, safe: status.safe_l2, finalized: status.finalized_l2 };
  for (const [name, head] of Object.entries(seen.heads)) {
    const block = (await rpc(url, "eth_getBlockByNumber", `0x${head.number.toString(16)}`, false)).result;
    if (block?.hash !== head.hash) lost.push(`${name} block ${head.number} was ${head.hash}, is ${block?.hash ?? "not there"}`);
    if (name !== "safe" && now[name].number < head.number) lost.push(`${name} went back from ${head.number} to ${now[name].number}`);
  }
  for (const { hash, at } of seen.sent.slice(-400)) {
    if ((await rpc(url, "eth_getTransactionReceipt", hash)).result) continue;
    ++unsealed_lost;
    if (at < seen.ended_at - SEALED_AFTER_MS) lost.push(`transaction ${hash} was accepted ${seen.ended_at - at} ms before the end and is in no block`);
  }
  for (const [hash, block] of seen.included) {
    const found = (await rpc(url, "eth_getTransactionReceipt", hash)).result;
    if (found?.blockHash !== block) lost.push(`transaction ${hash} was in ${block}, is in ${found?.blockHash ?? "no block"}`);
  }
  return { lost, unsealed_lost };
}

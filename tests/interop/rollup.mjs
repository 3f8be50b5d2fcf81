// What the fault tests share: replicas as processes of their own, a steady stream of transfers, and the comparison of two nodes hash by hash.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { post, rpc, start } from "./node.mjs";

/** A folder that is removed when the test file ends, however it ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "entresol-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `entresol node`, knowing nothing but the L1's URL and the chain's file. */
export async function startReplica(node, folder, ...flags) {
  const file = join(folder, "chain.json");
  writeFileSync(file, JSON.stringify(await rpc(node.l2.rpc, "entresol_chainFile")));
  return start(["node", "--l1", node.l1.rpc, "--chain", file, "--port", "0", "--poll-ms", "50", "--json", ...flags]);
}

export const numberOf = async (url, tag) => Number((await rpc(url, "eth_getBlockByNumber", tag, false)).number);

/** The blocks of one chain by number, several a request. */
export async function blocks(url, first, last, full = false) {
  const found = [];
  for (let from = first; from <= last; from += 50) {
    const numbers = Array.from({ length: Math.min(50, last - from + 1) }, (_, i) => from + i);
    const answers = await post(url, numbers.map((number, id) => ({ jsonrpc: "2.0", id, method: "eth_getBlockByNumber", params: [`0x${number.toString(16)}`, full] })));
    found.push(...answers.sort((a, b) => a.id - b.id).map((answer) => answer.result));
  }
  return found;
}

/** Every block from genesis to `last` has the same hash on both nodes, and stands on its parent. */
export async function assertSameChain(one, other, last) {
  const [left, right] = await Promise.all([blocks(one, 0, last), blocks(other, 0, last)]);
  assert.equal(left.length, last + 1);
  left.forEach((block, number) => {
    assert.equal(Number(block?.number), number, `block ${number} of the first node`);
    assert.equal(right[number]?.hash, block.hash, `block ${number} differs`);
    if (number > 0) assert.equal(block.parentHash, left[number - 1].hash, `block ${number} stands on its parent`);
  });
}

/** The L1 origin that each L2 block names is a block of the L1, as its L1Block predeploy's first transaction tells. */
export async function assertOriginsOnL1(node, last) {
  const found = await blocks(node.l2.rpc, 1, last, true);
  const l1 = await blocks(node.l1.rpc, 0, await numberOf(node.l1.rpc, "latest"));
  for (const block of found) {
    const attributes = block.transactions[0];
    assert.equal(attributes.type, "0x7e");
    // setL1BlockValues…: selector 4, fee scalars 8, sequence number 8, L1 timestamp 8, then the L1 block's number (8) and, after two fees, its hash.
    const data = Buffer.from(attributes.input.slice(2), "hex");
    const number = Number(data.readBigUInt64BE(28));
    assert.equal(`0x${data.subarray(100, 132).toString("hex")}`, l1[number]?.hash, `L1 origin ${number} of L2 block ${Number(block.number)}`);
  }
}

/** Transfers from several accounts, each sending the next when the last was taken; goes on over restarts of the node. */
export class Load {
  sent = new Map(); // hash → {from, nonce}
  refused = [];
  #running = true;
  #loops;

  constructor(node, { senders = [3, 4, 5, 6], pause_ms = 20 } = {}) {
    this.node = node;
    this.#loops = senders.map((i) => this.#send(privateKeyToAccount(node.accounts[i].privateKey), pause_ms));
  }

  async #send(account, pause_ms) {
    let nonce = Number(await rpc(this.node.l2.rpc, "eth_getTransactionCount", account.address, "pending"));
    while (this.#running) {
      const raw = await account.signTransaction({
        type: "eip1559", chainId: this.node.l2.chainId, nonce, to: `0x${(0xfeed0000 + (nonce % 64)).toString(16).padStart(40, "0")}`, value: 1n,
        gas: 21_000n, maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000n,
      });
      try {
        this.sent.set(await rpc(this.node.l2.rpc, "eth_sendRawTransaction", raw), { from: account.address, nonce });
        ++nonce;
      } catch (error) {
        if (!this.#running) return;
        if (error.code !== undefined && error.code < 0) this.refused.push(error.message); // an answer of the node, not a broken connection
      }
      await new Promise((resolve) => setTimeout(resolve, pause_ms));
    }
  }

  async stop() {
    this.#running = false;
    await Promise.all(this.#loops);
  }
}

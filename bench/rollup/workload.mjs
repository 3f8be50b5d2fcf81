// What is sent: transfers of ether or of a token from many senders to a set of receivers, signed before anything is measured.
import { banker, mined } from "./nodes.mjs";
import { account, address, created_address, sign } from "./transactions.mjs";
import { compile_token, creation_code, transfer_data } from "./token.mjs";
import { request_bytes } from "./http.mjs";

export const SENDERS = 200;
const RECEIVERS = 2_000;
const ETHER = 10n ** 18n;

const senders = Array.from({ length: SENDERS }, (_, i) => account(`sender ${i}`));
export const prober = account("prober");
const receivers = Array.from({ length: RECEIVERS }, (_, i) => address(`receiver ${i}`));
export const token = created_address(banker.address, 0);
let preparation;

const chunks = (list, size) => Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
const send_body = (raw, id) => `{"jsonrpc":"2.0","id":${id},"method":"eth_sendRawTransaction","params":["${raw}"]}`;
export const single_request = ({ raw }) => request_bytes(send_body(raw, 1));
export const batch_request = (list) => request_bytes(`[${list.map(({ raw }, i) => send_body(raw, i + 1)).join(",")}]`);

/** The token's creation and ether for everyone who sends. */
function make_preparation() {
  const creation = sign({ from: banker, nonce: 0, data: creation_code(compile_token(), senders.map((s) => s.address)), gas: 15_000_000 });
  const payments = [...senders, prober].map((to, i) => sign({ from: banker, nonce: i + 1, to: to.address, value: 20n * ETHER, gas: 21_000 }));
  return [creation, ...payments];
}

/** The banker must have been funded. */
export async function prepare(rpc) {
  preparation ??= make_preparation();
  for (const part of chunks(preparation, 50)) {
    const answers = JSON.parse(await rpc.send(batch_request(part)));
    const refused = answers.find(({ error }) => error);
    if (refused) throw new Error(`preparation refused: ${refused.error.message}`);
  }
  for (const { hash } of preparation) await mined(rpc, hash);
}

const MAKERS = {
  transfer: (i) => ({ to: receivers[i % RECEIVERS], value: 1n, gas: 21_000 }),
  erc20: (i) => ({ to: token, data: transfer_data(receivers[i % RECEIVERS], 1n), gas: 65_000 }),
};

/** `count` signed transactions by sender: lists of each sender's, nonces in order from `first_nonce`. */
export function sign_workload(kind, count, first_nonce = 0) {
  const make = MAKERS[kind];
  const each = Math.ceil(count / SENDERS);
  return senders.map((from, s) => Array.from({ length: each }, (_, n) => sign({ from, nonce: first_nonce + n, ...make(n * SENDERS + s) })));
}
export const sign_probes = (count, first_nonce = 0) =>
  Array.from({ length: count }, (_, n) => sign({ from: prober, nonce: first_nonce + n, to: receivers[n % RECEIVERS], value: 1n, gas: 21_000 }));

/** The requests of each connection. A sender belongs to one connection, so that its nonces arrive in order. */
export function share_out(by_sender, connections, batch) {
  const queues = [];
  for (let c = 0; c < connections; ++c) {
    const mine = by_sender.filter((_, s) => s % connections === c);
    const order = [];
    for (let n = 0; n < mine[0].length; ++n) for (const list of mine) order.push(list[n]);
    queues.push(batch === 1 ? order.map(single_request) : chunks(order, batch).map(batch_request));
  }
  return queues;
}
export const hashes_of = (by_sender) => new Set(by_sender.flat().map(({ hash }) => hash));

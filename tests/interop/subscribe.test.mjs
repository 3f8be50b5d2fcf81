// eth_subscribe over WebSockets: through viem's transport, and frame by frame.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as viem from "viem";
import { WebSocket } from "ws";
import { clients } from "./clients.mjs";
import { compile } from "./compile.mjs";
import { rpc, startDevnet, stop, until } from "./node.mjs";

const bell = compile(
  `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.0;
contract Bell { event Rung(address indexed by, uint256 indexed times, string word); function ring(uint256 times, string calldata word) external { emit Rung(msg.sender, times, word); } }`,
  "Bell",
);

let node, l2;
before(async () => {
  node = await startDevnet();
  ({ l2 } = clients(node));
});
after(() => stop(node));

const address = () => node.l2.rpc.replace("http", "ws");
async function open() {
  const socket = new WebSocket(address());
  const messages = [];
  socket.on("message", (data) => messages.push(JSON.parse(data)));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  let id = 1_000;
  const ask = async (method, ...params) => {
    const mine = ++id;
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: mine, method, params }));
    return until(`the answer to ${method}`, 5_000, () => messages.find((message) => message.id === mine), 5);
  };
  const of = (subscription) => messages.filter(({ params }) => params?.subscription === subscription).map(({ params }) => params.result);
  return { socket, messages, closed, ask, of };
}

test("viem follows blocks, pending transactions and an event", async () => {
  const client = viem.createPublicClient({ chain: l2.chain, transport: viem.webSocket(address()) });
  const seen = { blocks: [], pending: [], events: [] };
  const hash = await l2.deployContract(bell);
  const { contractAddress } = await l2.waitForTransactionReceipt({ hash });
  const stops = [
    client.watchBlocks({ onBlock: (block) => seen.blocks.push(block) }),
    client.watchPendingTransactions({ onTransactions: (hashes) => seen.pending.push(...hashes) }),
    client.watchContractEvent({ address: contractAddress, abi: bell.abi, eventName: "Rung", args: { times: 2n }, onLogs: (logs) => seen.events.push(...logs) }),
  ];
  await new Promise((resolve) => setTimeout(resolve, 300));
  const sent = [];
  for (const times of [1n, 2n, 3n, 2n]) sent.push(await l2.writeContract({ address: contractAddress, abi: bell.abi, functionName: "ring", args: [times, `word ${sent.length}`] }));
  await until("the events", 10_000, () => seen.events.length >= 2 && sent.every((one) => seen.pending.includes(one)) && seen.blocks.length >= 2);
  assert.deepEqual(seen.events.map(({ args }) => args.word), ["word 1", "word 3"]);
  seen.blocks.slice(1).forEach((block, i) => assert.equal(block.number, seen.blocks[i].number + 1n, "no block is left out"));
  for (const stop of stops) stop();
  const known = seen.blocks.length;
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  assert.ok(seen.blocks.length <= known + 1, "unsubscribed");
  (await client.transport.getRpcClient()).close();
});

test("each subscription is its own, and ends when told", async () => {
  const { socket, ask, of } = await open();
  const heads = (await ask("eth_subscribe", "newHeads")).result;
  const again = (await ask("eth_subscribe", "newHeads")).result;
  assert.notEqual(heads, again);
  await until("two heads", 10_000, () => of(heads).length >= 2 && of(again).length >= 2);
  const [first] = of(heads);
  const block = await rpc(node.l2.rpc, "eth_getBlockByHash", first.hash, false);
  for (const field of Object.keys(first)) assert.deepEqual(first[field], block[field], field);
  assert.equal((await ask("eth_unsubscribe", heads)).result, true);
  assert.equal((await ask("eth_unsubscribe", heads)).error?.code ?? (await ask("eth_unsubscribe", heads)).result ?? false, (await ask("eth_unsubscribe", "0xffff")).error?.code ?? false);
  const [before, other] = [of(heads).length, of(again).length];
  await until("heads for the other", 10_000, () => of(again).length >= other + 2);
  assert.equal(of(heads).length, before);
  // A subscription of another connection is nobody else's to end.
  const stranger = await open();
  await stranger.ask("eth_unsubscribe", again);
  const then = of(again).length;
  await until("heads all the same", 10_000, () => of(again).length > then);
  stranger.socket.terminate();
  socket.close();
});

test("what is no request does not end a connection; what is no frame does, and nothing else", async () => {
  const one = await open();
  for (const text of ["", "{", "[]", "null", `{"method":7}`, `{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["weather"]}`, "[".repeat(100_000)]) {
    const before = one.messages.length;
    one.socket.send(text);
    await until(`an answer to ${text.slice(0, 20)}`, 5_000, () => one.messages.length > before, 5);
    assert.ok(one.messages.at(-1).error.code <= -32000 || one.messages.at(-1).error.code >= -32768, text.slice(0, 20));
  }
  assert.equal((await one.ask("eth_chainId")).result, viem.toHex(node.l2.chainId));

  const large = await open();
  large.socket.on("error", () => {});
  large.socket.send("x".repeat(70 * 1024 * 1024), () => {});
  await large.closed;
  const broken = await open();
  broken.socket.on("error", () => {});
  broken.socket._socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])); // reserved bits, no such opcode
  await broken.closed;
  assert.equal((await one.ask("eth_chainId")).result, viem.toHex(node.l2.chainId));
  one.socket.close();
});

test("subscriptions of a connection have an end, and connections that vanish are forgotten", async () => {
  const { ask, socket } = await open();
  let taken = 0;
  let refused;
  while (taken < 3_000 && !refused) {
    const answer = await ask("eth_subscribe", "newHeads");
    if (answer.error) refused = answer.error;
    else ++taken;
    if (taken % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(taken >= 100 && taken < 3_000, `${taken} were taken`);
  assert.match(refused.message, /subscriptions/);
  socket.terminate();
  for (let i = 0; i < 50; ++i) {
    const { socket, ask } = await open();
    assert.ok((await ask("eth_subscribe", "newHeads")).result, `connection ${i}: what vanished has been forgotten`);
    socket.terminate();
  }
  const head = Number(await rpc(node.l2.rpc, "eth_blockNumber"));
  await until("blocks after all that", 10_000, async () => Number(await rpc(node.l2.rpc, "eth_blockNumber")) > head + 1);
});

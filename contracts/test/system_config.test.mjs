// SystemConfig: the events are consensus, so they are compared with literal bytes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { concat, keccak256, pad, toHex } from "viem";
import { alice, batcher, bob, contracts, guardian, owner, params, read, resolved, revertOf, send, startL1 } from "./support/rollup.mjs";

const { config } = contracts;
const topic = keccak256(toHex("ConfigUpdate(uint256,uint8,bytes)"));
const word = (value) => toHex(BigInt(value), { size: 32 });
let l1, stop;

before(async () => {
  ({ l1, stop } = await startL1(resolved));
});
after(() => stop());

const cases = [
  ["setBatcherHash", [`0x${"00".repeat(12)}${"ab".repeat(20)}`], 0, [`0x${"00".repeat(12)}${"ab".repeat(20)}`]],
  ["setGasConfigEcotone", [0x11223344, 0x55667788], 1, [word(0), `0x01${"00".repeat(23)}5566778811223344`]],
  ["setGasLimit", [30_000_000n], 2, [word(30_000_000)]],
  ["setUnsafeBlockSigner", [bob.address], 3, [pad(bob.address).toLowerCase()]],
  ["setEIP1559Params", [0xaabb, 0xcc], 4, [`0x${"00".repeat(24)}0000aabb000000cc`]],
  ["setOperatorFeeScalars", [0x01020304, 0x1112131415161718n], 5, [`0x${"00".repeat(20)}010203041112131415161718`]],
  ["setMinBaseFee", [0x1234n], 6, [word(0x1234)]],
  ["setDAFootprintGasScalar", [777], 7, [word(777)]],
];

for (const [name, args, type, data] of cases) {
  test(`${name} is announced as update ${type}`, async () => {
    const contract = name === "setBatcherHash" ? { ...config, abi: config.abi.filter((item) => item.name !== name || item.inputs[0].type === "bytes32") } : config;
    assert.equal(await revertOf(l1, contract, name, args), "OwnableUnauthorizedAccount");
    const { logs } = await send(l1, contract, name, args, { from: owner });
    assert.equal(logs.length, 1);
    assert.deepEqual(logs[0].topics, [topic, word(0), word(type)]);
    assert.equal(logs[0].data, concat([word(32), word(32 * data.length), ...data]));
  });
}

test("what was set can be read", async () => {
  assert.equal(await read(l1, config, "scalar"), BigInt(cases[1][3][1]));
  assert.equal(await read(l1, config, "basefeeScalar"), 0x11223344);
  assert.equal(await read(l1, config, "blobbasefeeScalar"), 0x55667788);
  assert.equal(await read(l1, config, "gasLimit"), 30_000_000n);
  assert.equal(await read(l1, config, "unsafeBlockSigner"), bob.address);
  const slot = await read(l1, config, "UNSAFE_BLOCK_SIGNER_SLOT");
  assert.equal(slot, keccak256(toHex("systemconfig.unsafeblocksigner")));
  assert.equal(await l1.getStorageAt({ address: config.address, slot }), pad(bob.address).toLowerCase());
  assert.equal(await read(l1, config, "eip1559Denominator"), 0xaabb);
  assert.equal(await read(l1, config, "eip1559Elasticity"), 0xcc);
  assert.equal(await read(l1, config, "operatorFeeScalar"), 0x01020304);
  assert.equal(await read(l1, config, "operatorFeeConstant"), 0x1112131415161718n);
  assert.equal(await read(l1, config, "minBaseFee"), 0x1234n);
  assert.equal(await read(l1, config, "daFootprintGasScalar"), 777);
  assert.equal(await read(l1, config, "l2ChainId"), BigInt(params.l2_chain_id));
  assert.equal((await read(l1, config, "batchInbox")).toLowerCase(), params.batch_inbox.toLowerCase());
  assert.equal(await read(l1, config, "owner"), owner.address);
  assert.equal(await read(l1, config, "guardian"), guardian.address);
});

test("the plan announced every parameter when it was carried out", async () => {
  const logs = await l1.getLogs({ address: config.address, fromBlock: 0n, toBlock: "latest" });
  const first = (type) => logs.find(({ topics }) => topics[0] === topic && topics[2] === word(type))?.data.slice(2 + 128);
  assert.equal(first(0), pad(batcher.address).slice(2).toLowerCase());
  assert.equal(first(1), word(0).slice(2) + `01${"00".repeat(23)}${toHex(810_949, { size: 4 }).slice(2)}${toHex(1368, { size: 4 }).slice(2)}`);
  assert.equal(first(2), word(60_000_000).slice(2));
  assert.equal(first(4), word((250n << 32n) | 6n).slice(2));
  assert.equal(first(5), word((7n << 64n) | 11n).slice(2));
  assert.equal(first(6), word(13).slice(2));
  assert.equal(first(7), word(400).slice(2));
});

test("senseless values are refused", async () => {
  const refusal = (name, args) => revertOf(l1, config, name, args, { from: owner });
  assert.equal(await read(l1, config, "minimumGasLimit"), 21_000_000n);
  assert.equal(await refusal("setGasLimit", [20_999_999n]), "GasLimitTooLow");
  assert.equal(await refusal("setGasLimit", [500_000_001n]), "GasLimitTooHigh");
  assert.equal(await refusal("setEIP1559Params", [0, 1]), "BadEIP1559Params");
  assert.equal(await refusal("setEIP1559Params", [1, 0]), "BadEIP1559Params");
  assert.equal(await revertOf(l1, config, "setGuardian", [alice.address]), "OwnableUnauthorizedAccount");
});

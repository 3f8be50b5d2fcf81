// Disputes on a devnet as RPC, explorer and portal show them. The council makes fault games count, through the timelock and its delay; then a wrong root
// and one that nobody defends fall.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import * as viem from "viem";
import { rpc } from "../interop/node.mjs";
import { succeed } from "./chain.mjs";
import { becomes, fact, heading, startFixture } from "./fixture.mjs";

const artifacts = JSON.parse(readFileSync(new URL("../../build/contracts/artifacts.json", import.meta.url), "utf8"));
const FAULT_GAME = 0xe002;
const CLOCK_S = 600;
let f, council, mallory, alice, contract;

before(async () => {
  f = await startFixture();
  [alice, mallory, council] = [f.wallet(1), f.wallet(3), f.wallet(9)];
  contract = (address, name) => ({ address, abi: artifacts[name].abi });
  await makeFaultGamesCount();
});
after(() => f?.end());

const l1 = () => alice.l1;
const call = async (wallet, target, functionName, args = [], value = 0n) =>
  succeed(wallet.l1, await wallet.l1.writeContract({ ...target, functionName, args, value, gas: 3_000_000n }));
async function pass(seconds) {
  await rpc(f.node.l1.rpc, "evm_increaseTime", viem.toHex(seconds));
  await rpc(f.node.l1.rpc, "evm_mine");
}

/** A program of zeros: none of these tests runs it. Nothing changes before the timelock's delay is over. */
async function makeFaultGamesCount() {
  const { anchor_state_registry, machine_step, dispute_game_factory, upgrade_timelock } = f.node.contracts;
  const args = [BigInt(CLOCK_S), 10n, anchor_state_registry, machine_step, viem.keccak256("0x01"), 0n, 8, 5, 10n ** 16n];
  const hash = await council.l1.deployContract({ abi: artifacts.FaultGame.abi, bytecode: artifacts.FaultGame.initcode, args });
  const { contractAddress } = await succeed(council.l1, hash);
  const timelock = contract(upgrade_timelock, "UpgradeTimelock");
  const read = (functionName) => l1().readContract({ ...timelock, functionName });
  const delay = await read("getMinDelay");
  assert.equal(delay, (await read("exitDelaySeconds")) + (await read("exitWindowSeconds")));
  const changes = [
    [dispute_game_factory, "DisputeGameFactory", "setImplementation", [FAULT_GAME, contractAddress]],
    [anchor_state_registry, "AnchorStateRegistry", "setRespectedGameType", [FAULT_GAME]],
  ].map(([to, name, functionName, words]) => [
    to,
    0n,
    viem.encodeFunctionData({ abi: artifacts[name].abi, functionName, args: words }),
    viem.zeroHash,
    viem.zeroHash,
  ]);
  for (const change of changes) await call(council, timelock, "schedule", [...change, delay]);
  await assert.rejects(l1().simulateContract({ ...timelock, functionName: "execute", args: changes[0] }));
  await pass(Number(delay) + 1);
  for (const change of changes) await call(alice, timelock, "execute", change); // anyone
}

/** A list whose machine never ended: it is against whatever is claimed. */
async function dispute(game) {
  const lastState = `0x${"00".repeat(352)}`;
  const roots = [...Array(31).fill(viem.keccak256("0x02")), viem.keccak256(lastState)];
  await call(mallory, contract(game, "FaultGame"), "join", [roots, lastState, mallory.account.address], 10n ** 16n);
}

async function claim(root, blockNumber) {
  const factory = contract(f.node.contracts.dispute_game_factory, "DisputeGameFactory");
  const bond = await l1().readContract({ ...factory, functionName: "initBonds", args: [FAULT_GAME] });
  await call(mallory, factory, "create", [FAULT_GAME, root, viem.toHex(blockNumber, { size: 32 })], bond);
  const games = await rpc(f.origin, "entresol_disputes");
  return games.find(({ outputRoot }) => outputRoot === root).game;
}
const shown = (game) => rpc(f.origin, "entresol_dispute", game);

test("a wrong root falls: list, page and RPC tell it move by move", async () => {
  const wrong = viem.keccak256("0xbad0");
  const game = await claim(wrong, (await l1().getBlockNumber()) + 1n);
  await f.visit("/disputes", async (page, go) => {
    const row = page.locator("tbody tr", { has: page.locator(`a[href="/explorer/dispute/${game}"]`) });
    await row.waitFor();
    assert.match(await row.innerText(), /another root.*in progress/s);
    await row.locator(`a[href="/explorer/dispute/${game}"]`).click();
    await heading(page, "Dispute");
    await page.getByText("Nobody has disputed it.").waitFor();
    assert.match(await fact(page, "Rules").innerText(), /8 levels of 32 roots, 10 min 0 s/);

    await dispute(game);
    const moves = page.locator(".moves .move");
    await becomes("the move", async () => (await moves.count()) === 1);
    assert.match(await moves.first().innerText(), /join.*challengers.*level 0, step 0.*32 roots.*left/s);
    const told = await shown(game);
    assert.equal(told.isOwnRoot, false);
    assert.equal(told.moves[0].payee, mallory.account.address.toLowerCase());
    assert.equal(told.matches[0].sides[1].lists, 1);
    assert.ok(told.matches[0].sides[0].clockLeftMs <= CLOCK_S * 1000);

    await pass(CLOCK_S + 1);
    await call(alice, contract(game, "FaultGame"), "resolve");
    await becomes("the end", async () => /resolve/.test(await moves.last().innerText()));
    assert.match(await fact(page, "Status").innerText(), /fell/);
    await go("/disputes");
    await row.waitFor();
    assert.match(await row.innerText(), /fell/);
  });
});

test("a withdrawal proven against a root that falls is refused, and told why", async () => {
  const sent = await alice.l2.initiateWithdrawal({ request: { to: alice.account.address, value: 1000n, gas: 100_000n } });
  const receipt = await succeed(alice.l2, sent);
  const { outputRoot } = await rpc(f.origin, "optimism_outputAtBlock", viem.toHex(receipt.blockNumber));
  const game = await claim(outputRoot, receipt.blockNumber);
  const { index } = await shown(game);
  const { getWithdrawals } = await import("viem/op-stack");
  const [withdrawal] = getWithdrawals(receipt);
  await pass(1);
  const place = { index: BigInt(index), l2BlockNumber: receipt.blockNumber, usesSuperRoots: false };
  await succeed(alice.l1, await alice.l1.proveWithdrawal(await alice.l2.buildProveWithdrawal({ withdrawal, game: place })));
  assert.equal((await rpc(f.origin, "entresol_withdrawalStatus", sent)).status, "proven");

  await dispute(game); // it is right, and nobody defends it
  await pass(CLOCK_S + 1);
  await call(alice, contract(game, "FaultGame"), "resolve");
  const status = await rpc(f.origin, "entresol_withdrawalStatus", sent);
  assert.equal(status.status, "root fell");
  assert.equal(status.waitsFor, "anyone to prove it again on L1: the root that it was proven against fell in a dispute");
  await pass(100);
  const portal = contract(f.node.contracts.optimism_portal, "OptimismPortal");
  const refusal = (functionName, args) => l1().simulateContract({ ...portal, functionName, args, account: alice.account.address }).then(() => null, (error) => error.walk(({ data }) => data?.errorName)?.data?.errorName);
  const { nonce, sender, target, value, gasLimit, data } = withdrawal;
  assert.equal(await refusal("finalizeWithdrawalTransaction", [{ nonce, sender, target, value, gasLimit, data }]), "OptimismPortal_InvalidRootClaim");
  await f.visit("/bridge", async (page) => {
    const mine = page.locator('.withdrawal[data-state="root fell"]');
    await mine.waitFor();
    assert.match(await mine.innerText(), /ready to prove.*fell in a dispute/s);
  });
});

test("a narrow screen: neither page is wider than it", async () => {
  const [{ game }] = (await f.api("disputes")).games.filter(({ status }) => status === "fell");
  await f.visit(
    "/",
    async (page, go) => {
      for (const path of ["/disputes", `/dispute/${game}`]) {
        await go(path);
        await page.locator("main .card").first().waitFor();
        await becomes("its content", async () => (await page.locator("main .bar").count()) === 0);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0, path);
      }
    },
    { viewport: { width: 380, height: 800 } },
  );
});

test("what is no game is refused in words", async () => {
  assert.equal(await shown(f.node.contracts.optimism_portal), null);
  const answer = await fetch(`${f.origin}/api/dispute/0x12`);
  assert.equal(answer.status, 400);
  await f.visit(`/dispute/${f.node.contracts.optimism_portal}`, (page) => heading(page, "No such game"), { expected: /404/ });
});

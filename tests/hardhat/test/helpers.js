// Hardhat's network helpers and chai matchers, each shown to do what its name says.
const { expect } = require("chai");
const { ethers } = require("hardhat");
const { anyValue } = require("@nomicfoundation/hardhat-chai-matchers/withArgs");
const helpers = require("@nomicfoundation/hardhat-network-helpers");
const { loadFixture, time, mine, mineUpTo, takeSnapshot } = helpers;

const YEAR = 365 * 24 * 3600;
const stranger = "0x00000000000000000000000000000000000a11ce";

describe("network helpers and matchers", () => {
  async function deploy() {
    const [owner, other] = await ethers.getSigners();
    const unlockTime = (await time.latest()) + YEAR;
    const lock = await ethers.deployContract("Lock", [unlockTime], { value: 1000n });
    await lock.waitForDeployment();
    return { lock, unlockTime, owner, other };
  }

  it("loadFixture gives the same start each time", async () => {
    const { lock } = await loadFixture(deploy);
    await (await lock.set(5n)).wait();
    expect(await lock.stored()).to.equal(5n);
    const again = await loadFixture(deploy);
    expect(await again.lock.getAddress()).to.equal(await lock.getAddress());
    expect(await lock.stored()).to.equal(0n);
  });

  it("time.increase, time.increaseTo, time.latest", async () => {
    await loadFixture(deploy);
    const was = await time.latest();
    expect(await time.increase(30)).to.be.within(was + 30, was + 60);
    expect(await time.increase(YEAR)).to.be.within(was + YEAR + 30, was + YEAR + 90);
    const now = await time.latest();
    await time.increaseTo(now + 5000);
    expect(await time.latest()).to.equal(now + 5000);
    await loadFixture(deploy); // the clock goes back with the snapshot
    await mine();
    expect(await time.latest()).to.be.below(was + 60);
  });

  it("time.setNextBlockTimestamp is the next block's", async () => {
    await loadFixture(deploy);
    const wanted = (await time.latest()) + 100;
    await time.setNextBlockTimestamp(wanted);
    await mine();
    expect(await time.latest()).to.equal(wanted);
  });

  it("mine and mineUpTo", async () => {
    await loadFixture(deploy);
    const was = await time.latestBlock();
    await mine(10);
    expect(await time.latestBlock()).to.equal(was + 10);
    await mineUpTo(was + 20);
    expect(await time.latestBlock()).to.equal(was + 20);
  });

  it("takeSnapshot and restore", async () => {
    const { lock } = await loadFixture(deploy);
    const snapshot = await takeSnapshot();
    await (await lock.set(9n)).wait();
    await snapshot.restore();
    expect(await lock.stored()).to.equal(0n);
  });

  it("setBalance, setCode, setNonce, setStorageAt, getStorageAt", async () => {
    const { lock } = await loadFixture(deploy);
    await helpers.setBalance(stranger, 12345n);
    expect(await ethers.provider.getBalance(stranger)).to.equal(12345n);
    await helpers.setCode(stranger, await ethers.provider.getCode(lock));
    await helpers.setStorageAt(stranger, 0, 77n);
    expect(await lock.attach(stranger).stored()).to.equal(77n);
    expect(BigInt(await helpers.getStorageAt(stranger, 0))).to.equal(77n);
    await helpers.setNonce(stranger, 5);
    expect(await ethers.provider.getTransactionCount(stranger)).to.equal(5);
  });

  it("impersonateAccount: anyone may be played", async () => {
    const { lock } = await loadFixture(deploy);
    const who = "0x00000000000000000000000000000000000b0b00";
    await helpers.setBalance(who, ethers.parseEther("1"));
    await helpers.impersonateAccount(who);
    const actor = await ethers.getSigner(who);
    await expect(lock.connect(actor).set(3n)).not.to.be.reverted;
    expect(await lock.stored()).to.equal(3n);
    await helpers.stopImpersonatingAccount(who);
    await expect(lock.connect(actor).set(4n)).to.be.rejected;
  });

  it("setNextBlockBaseFeePerGas", async () => {
    await loadFixture(deploy);
    await helpers.setNextBlockBaseFeePerGas(123_456_789n);
    await mine();
    expect((await ethers.provider.getBlock("latest")).baseFeePerGas).to.equal(123_456_789n);
  });

  it("reverts: with a reason, a custom error, a panic, nothing", async () => {
    const { lock, unlockTime, other } = await loadFixture(deploy);
    await expect(ethers.deployContract("Lock", [1])).to.be.revertedWith("Unlock time should be in the future");
    await expect(lock.withdraw()).to.be.revertedWithCustomError(lock, "TooEarly").withArgs(anyValue, unlockTime);
    await expect(lock.divide(0)).to.be.revertedWithPanic(0x12);
    await expect(lock.check(false)).to.be.revertedWithPanic(0x01);
    await expect(lock.refuse()).to.be.revertedWithoutReason(ethers);
    await time.increaseTo(unlockTime);
    await expect(lock.connect(other).withdraw()).to.be.revertedWithCustomError(lock, "NotOwner");
    await expect(lock.withdraw()).to.emit(lock, "Withdrawal").withArgs(anyValue, 1000n, anyValue);
  });

  it("a transaction that reverts in its block has a receipt that says so", async () => {
    const { lock } = await loadFixture(deploy);
    const sent = await lock.withdraw({ gasLimit: 100_000n });
    await expect(sent.wait()).to.be.rejectedWith("transaction execution reverted");
    expect((await ethers.provider.getTransactionReceipt(sent.hash)).status).to.equal(0);
  });

  it("console.log in a contract does no harm", async () => {
    const { lock, unlockTime } = await loadFixture(deploy);
    await time.increaseTo(unlockTime);
    expect((await (await lock.withdraw()).wait()).status).to.equal(1);
  });

  it("automine off: transactions wait, and go into one block", async () => {
    const { lock } = await loadFixture(deploy);
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      const sent = [await lock.set(1n, { gasLimit: 100_000n }), await lock.set(2n, { gasLimit: 100_000n })];
      for (const { hash } of sent) expect(await ethers.provider.getTransactionReceipt(hash)).to.equal(null);
      await mine();
      const [one, two] = await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
      expect(one.blockNumber).to.equal(two.blockNumber);
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
  });
});

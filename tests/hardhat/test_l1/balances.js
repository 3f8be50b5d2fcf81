// The matchers that compare balances before and after. They insist on blocks of exactly one transaction, which no OP Stack chain has: each L2 block
// begins with its L1 attributes. So these run on the L1.
const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture } = require("@nomicfoundation/hardhat-network-helpers");

describe("balance matchers", () => {
  async function deploy() {
    const [owner, alice] = await ethers.getSigners();
    return { owner, alice, coin: await ethers.deployContract("Coin", ["Coin", "CN", 1000n]) };
  }

  it("changeEtherBalance and changeEtherBalances", async () => {
    const { owner, alice } = await loadFixture(deploy);
    await expect(owner.sendTransaction({ to: alice, value: 200n })).to.changeEtherBalance(alice, 200n);
    await expect(() => owner.sendTransaction({ to: alice, value: 200n })).to.changeEtherBalances([owner, alice], [-200n, 200n]);
  });

  it("changeTokenBalance and changeTokenBalances", async () => {
    const { coin, owner, alice } = await loadFixture(deploy);
    await expect(coin.transfer(alice, 7n)).to.changeTokenBalance(coin, alice, 7n);
    await expect(coin.transfer(alice, 7n)).to.changeTokenBalances(coin, [owner, alice], [-7n, 7n]);
  });
});

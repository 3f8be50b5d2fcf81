// OpenZeppelin's ERC-20 with Permit, Votes and Burnable, as a project's own tests would use it.
const { expect } = require("chai");
const { artifacts, ethers } = require("hardhat");
const { loadFixture, mine, time } = require("@nomicfoundation/hardhat-network-helpers");

describe("ERC-20", () => {
  async function deploy() {
    const [owner, alice, bob] = await ethers.getSigners();
    const coin = await ethers.deployContract("Coin", ["Coin", "CN", 1000n]);
    await coin.waitForDeployment();
    return { coin, owner, alice, bob };
  }

  it("deploys with its supply", async () => {
    const { coin, owner } = await loadFixture(deploy);
    expect(await coin.totalSupply()).to.equal(1000n);
    expect(await coin.balanceOf(owner)).to.equal(1000n);
    const { deployedBytecode } = await artifacts.readArtifact("Coin"); // immutables are zero in it
    expect(ethers.dataLength(await ethers.provider.getCode(coin))).to.equal(ethers.dataLength(deployedBytecode));
  });

  it("transfers, with event and balances", async () => {
    const { coin, owner, alice } = await loadFixture(deploy);
    await expect(coin.transfer(alice, 50n)).to.emit(coin, "Transfer").withArgs(owner, alice, 50n);
    expect(await coin.balanceOf(alice)).to.equal(50n);
    await coin.connect(alice).transfer(owner, 50n); // no wait: a read right after a send sees it
    expect(await coin.balanceOf(alice)).to.equal(0n);
  });

  it("refuses with its custom errors", async () => {
    const { coin, owner, alice } = await loadFixture(deploy);
    await expect(coin.connect(alice).transfer(owner, 1n)).to.be.revertedWithCustomError(coin, "ERC20InsufficientBalance").withArgs(alice, 0n, 1n);
    await expect(coin.connect(alice).transferFrom(owner, alice, 1n)).to.be.revertedWithCustomError(coin, "ERC20InsufficientAllowance").withArgs(alice, 0n, 1n);
    await expect(coin.transfer(ethers.ZeroAddress, 1n)).to.be.revertedWithCustomError(coin, "ERC20InvalidReceiver").withArgs(ethers.ZeroAddress);
  });

  it("allowances", async () => {
    const { coin, owner, alice, bob } = await loadFixture(deploy);
    await expect(coin.approve(alice, 100n)).to.emit(coin, "Approval").withArgs(owner, alice, 100n);
    await coin.connect(alice).transferFrom(owner, bob, 40n);
    expect(await coin.balanceOf(bob)).to.equal(40n);
    expect(await coin.allowance(owner, alice)).to.equal(60n);
  });

  it("permit: an allowance by an EIP-712 signature", async () => {
    const { coin, owner, alice, bob } = await loadFixture(deploy);
    const deadline = (await time.latest()) + 3600;
    const { chainId } = await ethers.provider.getNetwork();
    const domain = { name: "Coin", version: "1", chainId, verifyingContract: await coin.getAddress() };
    const fields = ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"];
    const types = { Permit: fields.map((field) => ({ type: field.split(" ")[0], name: field.split(" ")[1] })) };
    // The devnet holds the signers' keys, but typed data is signed by the wallet: here by the key of the first test account.
    const signer = ethers.HDNodeWallet.fromPhrase("test test test test test test test test test test test junk", undefined, "m/44'/60'/0'/0/0");
    expect(signer.address).to.equal(owner.address);
    const message = { owner: owner.address, spender: alice.address, value: 9n, nonce: await coin.nonces(owner), deadline };
    const { v, r, s } = ethers.Signature.from(await signer.signTypedData(domain, types, message));
    await coin.connect(bob).permit(owner, alice, 9n, deadline, v, r, s);
    expect(await coin.allowance(owner, alice)).to.equal(9n);
    await expect(coin.connect(bob).permit(owner, alice, 9n, deadline, v, r, s)).to.be.revertedWithCustomError(coin, "ERC2612InvalidSigner");
  });

  it("votes remember the past", async () => {
    const { coin, owner, alice } = await loadFixture(deploy);
    const delegated = await (await coin.delegate(owner)).wait();
    await mine(2);
    const moved = await (await coin.transfer(alice, 400n)).wait();
    await mine(1);
    expect(await coin.getPastVotes(owner, delegated.blockNumber)).to.equal(1000n);
    expect(await coin.getPastVotes(owner, moved.blockNumber)).to.equal(600n);
    expect(await coin.getVotes(owner)).to.equal(600n);
    await expect(coin.getPastVotes(owner, moved.blockNumber + 1000)).to.be.revertedWithCustomError(coin, "ERC5805FutureLookup");
  });

  it("burns", async () => {
    const { coin, owner } = await loadFixture(deploy);
    await expect(coin.burn(1n)).to.emit(coin, "Transfer").withArgs(owner, ethers.ZeroAddress, 1n);
    expect(await coin.totalSupply()).to.equal(999n);
  });

  it("past events are found by filter", async () => {
    const { coin, owner, alice } = await loadFixture(deploy);
    const { blockNumber } = await (await coin.transfer(alice, 3n)).wait();
    const found = await coin.queryFilter(coin.filters.Transfer(owner, alice), blockNumber, blockNumber);
    expect(found.map((event) => event.args.value)).to.deep.equal([3n]);
  });
});

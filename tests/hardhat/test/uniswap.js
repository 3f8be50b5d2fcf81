// Uniswap V2 from npm's sources: factory and pair by solc 0.5.16, router and WETH by 0.6.6, two ERC-20 tokens by 0.8.
const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture, time } = require("@nomicfoundation/hardhat-network-helpers");
const { v2Core } = require("../v2_core.js");

const ether = ethers.parseEther;

describe("Uniswap V2", () => {
  async function deploy() {
    const [owner, trader] = await ethers.getSigners();
    const { factory: compiled, pair } = v2Core();
    const factory = await new ethers.ContractFactory(compiled.abi, compiled.bytecode, owner).deploy(owner.address);
    const weth = await ethers.deployContract("WETH9");
    const router = await ethers.deployContract("UniswapV2Router02", [await factory.getAddress(), await weth.getAddress()]);
    const gold = await ethers.deployContract("Coin", ["Gold", "GLD", ether("1000000")]);
    const silver = await ethers.deployContract("Coin", ["Silver", "SLV", ether("1000000")]);
    for (const contract of [factory, weth, router, gold, silver]) await contract.waitForDeployment();
    for (const token of [gold, silver]) await token.approve(router, ethers.MaxUint256);
    const deadline = (await time.latest()) + 1_000_000;
    return { owner, trader, factory, weth, router, gold, silver, pair, deadline };
  }

  async function withLiquidity() {
    const all = await deploy();
    const { router, gold, silver, owner, deadline, factory, pair } = all;
    await (await router.addLiquidity(gold, silver, ether("1000"), ether("4000"), 0n, 0n, owner, deadline)).wait();
    await (await router.addLiquidityETH(gold, ether("1000"), 0n, 0n, owner, deadline, { value: ether("10") })).wait();
    const market = new ethers.Contract(await factory.getPair(gold, silver), pair.abi, owner);
    return { ...all, market };
  }

  it("the compiled pair is the one that the router's code expects", async () => {
    const { pair } = v2Core();
    expect(ethers.keccak256(pair.bytecode)).to.equal("0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f");
    expect(pair.bytecode).to.equal(`0x${require("@uniswap/v2-core/build/UniswapV2Pair.json").evm.bytecode.object}`);
  });

  it("the factory makes one pair of two tokens, at the address that CREATE2 gives", async () => {
    const { factory, gold, silver, pair } = await loadFixture(deploy);
    const [token0, token1] = [await gold.getAddress(), await silver.getAddress()].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    const salt = ethers.solidityPackedKeccak256(["address", "address"], [token0, token1]);
    const expected = ethers.getCreate2Address(await factory.getAddress(), salt, ethers.keccak256(pair.bytecode));
    await expect(factory.createPair(gold, silver)).to.emit(factory, "PairCreated").withArgs(token0, token1, expected, 1n);
    expect(await factory.getPair(silver, gold)).to.equal(expected);
    await expect(factory.createPair(silver, gold)).to.be.revertedWith("UniswapV2: PAIR_EXISTS");
  });

  it("liquidity gives shares of the pool", async () => {
    const { market, owner, gold, silver } = await loadFixture(withLiquidity);
    expect(await market.balanceOf(owner)).to.equal(ether("2000") - 1000n); // √(1000·4000), less the minimum that is locked
    const [first, second] = await market.getReserves();
    const goldIsFirst = (await market.token0()) === (await gold.getAddress());
    expect(goldIsFirst ? [first, second] : [second, first]).to.deep.equal([ether("1000"), ether("4000")]);
    expect(await silver.balanceOf(market)).to.equal(ether("4000"));
  });

  it("a swap pays what the formula says", async () => {
    const { router, market, gold, silver, trader, deadline } = await loadFixture(withLiquidity);
    const given = ether("10");
    const expected = (given * 997n * ether("4000")) / (ether("1000") * 1000n + given * 997n);
    const path = [await gold.getAddress(), await silver.getAddress()];
    expect((await router.getAmountsOut(given, path))[1]).to.equal(expected);
    const swap = router.swapExactTokensForTokens(given, expected, path, trader, deadline);
    const goldIsFirst = (await market.token0()) === path[0];
    const amounts = goldIsFirst ? [given, 0n, 0n, expected] : [0n, given, expected, 0n];
    await expect(swap).to.emit(market, "Swap").withArgs(router, ...amounts, trader);
    await expect(swap).to.emit(market, "Sync");
    expect(await silver.balanceOf(trader)).to.equal(expected);
  });

  it("a swap that pays too little, or comes too late, is refused", async () => {
    const { router, gold, silver, trader, deadline } = await loadFixture(withLiquidity);
    const path = [await gold.getAddress(), await silver.getAddress()];
    await expect(router.swapExactTokensForTokens(1000n, 4000n, path, trader, deadline)).to.be.revertedWith("UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT");
    await expect(router.swapExactTokensForTokens(1000n, 0n, path, trader, 1n)).to.be.revertedWith("UniswapV2Router: EXPIRED");
  });

  it("ether in, token out, through WETH", async () => {
    const { router, weth, gold, trader, deadline } = await loadFixture(withLiquidity);
    const path = [await weth.getAddress(), await gold.getAddress()];
    const [, bought] = await router.getAmountsOut(ether("1"), path);
    await router.connect(trader).swapExactETHForTokens(0n, path, trader, deadline, { value: ether("1") });
    expect(await gold.balanceOf(trader)).to.equal(bought);
    expect(await ethers.provider.getBalance(weth)).to.equal(ether("11"));
  });

  it("liquidity is taken out again", async () => {
    const { router, market, gold, silver, owner, deadline } = await loadFixture(withLiquidity);
    const shares = await market.balanceOf(owner);
    await (await market.approve(router, shares)).wait();
    await (await router.removeLiquidity(gold, silver, shares, 0n, 0n, owner, deadline)).wait();
    expect(await market.totalSupply()).to.equal(1000n);
    expect(await silver.balanceOf(owner)).to.be.closeTo(ether("1000000"), ether("0.00000000000001"));
  });
});

// Writes docs/images/explorer.png: the overview after a minute of lively traffic.
import { mkdirSync, statSync } from "node:fs";
import { parseEther } from "viem";
import { root, startDevnet, stop } from "../interop/node.mjs";
import { launch, openPage } from "./browser.mjs";
import { TOKEN_LIKE, connect, succeed, withdraw } from "./chain.mjs";

const TRAFFIC_MS = 70_000;
const MAX_BYTES = 400_000;
const file = `${root}docs/images/explorer.png`;
const WETH = "0x4200000000000000000000000000000000000006";
const DEPOSIT = "0xd0e30db0"; // deposit()
const pause = (delay_ms) => new Promise((resolve) => setTimeout(resolve, delay_ms));

const node = await startDevnet("--challenge-period", "3");
const browser = await launch();
try {
  const [token, ether, bridge, other] = [1, 2, 3, 4].map((index) => connect(node, index));
  const { contractAddress } = await succeed(token.l2, await token.l2.sendTransaction({ data: TOKEN_LIKE }));
  const transferCall = (to) =>
    `0xa9059cbb${to.slice(2).toLowerCase().padStart(64, "0")}${(10n ** 18n).toString(16).padStart(64, "0")}`;
  const end = Date.now() + TRAFFIC_MS;
  const withdrawing = withdraw(bridge, parseEther("0.5")).catch((error) => console.error(error.message));
  const depositing = other.l1.depositTransaction({
    request: { to: other.account.address, value: parseEther("2"), mint: parseEther("2"), gas: 100_000n },
    targetChain: other.l2.chain,
  });

  /** Waves of two periods, so that no two blocks look alike. */
  const rate = (at_ms) => 1 + Math.round(5 * (1 + Math.sin(at_ms / 4100)) + 3 * (1 + Math.sin(at_ms / 1500)));
  const { page, complaints, go } = await openPage(browser, node.l2.rpc, {
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  await go("/");
  const nonces = new Map();
  /** Several at once share a mini-block, so nobody is asked for the nonce in between. */
  const send = async ({ account, l2 }, request) => {
    const nonce = nonces.get(account.address) ?? (await l2.getTransactionCount(account));
    nonces.set(account.address, nonce + 1);
    return l2.sendTransaction({ maxFeePerGas: 2n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 6n, ...request, nonce });
  };
  await Promise.all([token, ether].map((who) => send(who, { to: other.account.address, value: 1n, gas: 21_000n })));
  for (let i = 0; Date.now() < end; i++) {
    const wave = [];
    for (let n = rate(Date.now()); n > 0; n--) {
      const to = [bridge, other, token][n % 3].account.address;
      const value = BigInt(1 + ((i * 7919 + n * 104_729) % 900_000)) * 10n ** 12n;
      wave.push(
        n % 4 === 0
          ? send(token, { to: contractAddress, data: transferCall(to), gas: 60_000n })
          : send(ether, { to, value, gas: 21_000n }),
      );
    }
    await Promise.all(wave);
    await pause(90 + ((i * 97) % 300));
  }
  await Promise.all([withdrawing, depositing]);
  await send(token, { to: WETH, value: parseEther("0.4"), data: DEPOSIT, gas: 120_000n });
  await send(ether, { to: other.account.address, value: parseEther("1.25"), gas: 21_000n });
  await bridge.l2.initiateWithdrawal({
    request: { to: bridge.account.address, value: parseEther("0.2"), gas: 100_000n },
  });
  await send(token, { to: contractAddress, data: transferCall(ether.account.address), gas: 60_000n });
  await pause(1100);
  mkdirSync(`${root}docs/images`, { recursive: true });
  await page.screenshot({ path: file });
  const { size } = statSync(file);
  console.log(`${file}: ${size} bytes`);
  if (complaints.length > 0 || size > MAX_BYTES)
    throw new Error(`not fit to be shown: ${complaints.join("; ") || `${size} bytes`}`);
} finally {
  await browser.close();
  await stop(node);
}

// Writes docs/images/explorer.png: the overview after a minute of lively traffic.
import { mkdirSync, statSync } from "node:fs";
import { parseEther } from "viem";
import { root, startDevnet, stop } from "../interop/node.mjs";
import { launch, openPage } from "./browser.mjs";
import { TOKEN_LIKE, connect, succeed, withdraw } from "./chain.mjs";

const TRAFFIC_MS = 70_000;
const MAX_BYTES = 400_000;
const file = `${root}docs/images/explorer.png`;
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
  });
  await go("/");
  for (let i = 0; Date.now() < end; i++) {
    for (let n = rate(Date.now()); n > 0; n--) {
      const to = [bridge, other, token][n % 3].account.address;
      if (n % 4 === 0) await token.l2.sendTransaction({ to: contractAddress, data: transferCall(to), gas: 60_000n });
      else
        await ether.l2.sendTransaction({
          to,
          value: BigInt(1 + ((i * 7919 + n * 104_729) % 900_000)) * 10n ** 12n,
          gas: 21_000n,
        });
    }
    await pause(350);
  }
  await Promise.all([withdrawing, depositing]);
  for (let n = 0; n < 4; n++)
    await ether.l2.sendTransaction({ to: other.account.address, value: parseEther(`0.${n + 3}`), gas: 21_000n });
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

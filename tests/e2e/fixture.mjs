// One devnet and one browser for a whole test file, with what the tests ask of both.
import assert from "node:assert/strict";
import { rpc, startDevnet, stop, until } from "../interop/node.mjs";
import { launch, openPage } from "./browser.mjs";
import { connect } from "./chain.mjs";

/** Fast periods: a withdrawal takes some twelve seconds, finality three L1 blocks. */
export async function startFixture() {
  const node = await startDevnet("--l1-block-time", "1000", "--challenge-period", "2", "--l1-finalized-lag", "3");
  const browser = await launch().catch(async (error) => {
    await stop(node);
    throw error;
  });
  const origin = node.l2.rpc;
  const api = async (path) => (await fetch(`${origin}/api/${path}`)).json();
  return {
    node,
    browser,
    origin,
    api,
    wallet: (index) => connect(node, index),
    headNumber: async () => Number(await rpc(origin, "eth_blockNumber")),
    async end() {
      await browser.close();
      await stop(node);
    },
    /** Runs `look` with a page and then insists that nothing went wrong in it; `expected`: complaints that belong to the test. */
    async visit(path, look, { expected, ...options } = {}) {
      const opened = await openPage(browser, origin, options);
      try {
        await opened.go(path);
        await look(opened.page, opened.go);
        assert.deepEqual(
          opened.complaints.filter((line) => !expected?.test(line)),
          [],
        );
      } finally {
        await opened.page.context().close();
      }
    },
  };
}

/** The value beside a name in a list of facts. */
export const fact = (page, name) =>
  page
    .locator(".facts > div", { has: page.locator(`dt:text-is("${name}")`) })
    .first()
    .locator("dd");

export const heading = (page, text) => page.locator("h1", { hasText: text }).waitFor();

/** Waits until the page itself satisfies it: nothing is reloaded. */
export const becomes = (what, probe, timeout_ms = 20_000) => until(what, timeout_ms, probe);

// Every page of the explorer over the real program: a devnet with real transactions, in a real browser.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import * as viem from "viem";
import { stop } from "../interop/node.mjs";
import { REVERTING_TEXT, TOKEN_LIKE, reverting, succeed, withdraw } from "./chain.mjs";
import { becomes, fact, heading, startFixture } from "./fixture.mjs";

let f, alice, bob, withdrawal, transfer, creation;

before(async () => {
  f = await startFixture();
  alice = f.wallet(1);
  bob = f.wallet(2);
  withdrawal = watchWithdrawal(); // beside the other tests: most of its time is waiting
  withdrawal.catch(() => {}); // its own test reports it
  creation = await succeed(alice.l2, await alice.l2.sendTransaction({ data: TOKEN_LIKE }));
});
after(() => f?.end());

/** Makes a withdrawal, and goes on with it only when the bridge page shows what it has reached. */
async function watchWithdrawal() {
  let initiated;
  await f.visit("/bridge", async (page) => {
    const mine = page.locator(".withdrawal", { hasText: "0.5 ETH" });
    const shows = (state) =>
      becomes(
        `"${state}" on the bridge page`,
        async () => (await mine.count()) === 1 && (await mine.getAttribute("data-state")) === state,
      );
    initiated = await withdraw(bob, viem.parseEther("0.5"), shows);
    assert.match(await mine.innerText(), /proven by .*paid by .*finalized/s);
  });
  return initiated;
}

test("the overview follows the chain by itself", async () => {
  await f.visit("/", async (page) => {
    const unsafe = page.locator(".floor.l2 .cell", { hasText: "Unsafe" }).locator(".figure");
    const number = async () => Number((await unsafe.innerText()).replaceAll(",", ""));
    await unsafe.waitFor();
    const first = await number();
    await becomes("two more blocks", async () => (await number()) >= first + 2);
    transfer = await alice.l2.sendTransaction({ to: bob.account.address, value: viem.parseEther("0.25") });
    const row = page.locator(".feed.transactions li", { has: page.locator(`a[href="/explorer/tx/${transfer}"]`) });
    await row.waitFor();
    assert.match(await row.innerText(), /0\.25 ETH/);
    assert.equal(await page.locator(".chart canvas").count(), 3);
    await page.locator(".mini-blocks li").first().waitFor();
    assert.match(await page.locator(".feed.blocks").innerText(), /transaction/);
    await row.locator("a").first().click();
    await heading(page, "Transaction");
    assert.equal(new URL(page.url()).pathname, `/explorer/tx/${transfer}`);
  });
});

test("a transaction's timeline reaches finality, and leads to its batch", async () => {
  await f.visit(`/tx/${transfer}`, async (page) => {
    const steps = page.locator(".timeline li");
    await steps.first().waitFor();
    assert.equal(await steps.count(), 6);
    assert.equal(await fact(page, "Value").innerText(), "0.25 ETH");
    assert.equal(await fact(page, "Value").locator("data").getAttribute("title"), "250,000,000,000,000,000 wei");
    assert.match(await fact(page, "From").innerText(), new RegExp(alice.account.address));
    await becomes("finality", async () => (await page.locator(".timeline li.done").count()) === 6, 40_000);
    assert.deepEqual(await steps.locator("strong").allInnerTexts(), [
      "Mini-block",
      "Sealed",
      "Batch on L1",
      "Safe",
      "Proposed",
      "Finalized",
    ]);
    assert.match(await fact(page, "Outcome").innerText(), /success\s*finalized/);
    const { timeline } = await f.api(`tx/${transfer}`);
    await page.locator(".timeline a", { hasText: "batch in L1" }).click();
    await heading(page, "Batch");
    assert.match(page.url(), new RegExp(timeline.steps[2].l1TransactionHash));
    const { blockNumber } = await f.api(`tx/${transfer}`);
    await page.locator(`tbody a[href="/explorer/block/${blockNumber}"]`).click();
    await heading(page, `Block ${blockNumber}`);
  });
});

test("a transaction that waits says for what, and moves on when it came", async () => {
  const dave = f.wallet(8);
  const send = (nonce) => dave.l2.sendTransaction({ to: dave.account.address, value: 1n, gas: 21_000n, nonce });
  await f.visit(`/tx/${await send(1)}`, async (page) => {
    await page.getByText("Waits for nonce 0 of the same sender").waitFor();
    assert.equal(await page.locator(".timeline li.current strong").innerText(), "Mini-block");
    await send(0);
    await becomes("a block", async () => (await page.locator(".timeline li.done").count()) >= 2);
    assert.match(await fact(page, "Outcome").innerText(), /success/);
  });
});

test("a contract: its creation, a call that is decoded, its logs", async () => {
  const { contractAddress: contract, transactionHash } = creation;
  const data = viem.encodeFunctionData({
    abi: viem.erc20Abi,
    functionName: "transfer",
    args: [bob.account.address, 1000n],
  });
  const call = await alice.l2.sendTransaction({ to: contract, data });
  await succeed(alice.l2, call);
  await f.visit(`/tx/${transactionHash}`, async (page) => {
    assert.match(await fact(page, "Created").innerText(), new RegExp(contract, "i"));
    await page.locator("h2", { hasText: "Creation code" }).waitFor();
    await fact(page, "Created").locator("a").click();
    await heading(page, "Contract");
    assert.match(await page.locator("tbody").innerText(), /create/);
  });
  await f.visit(`/tx/${call}`, async (page) => {
    assert.equal(await fact(page, "value").innerText(), "1,000");
    assert.equal(await fact(page, "to").innerText(), bob.account.address);
    await page.locator(".toggle button", { hasText: "hex" }).click();
    assert.equal(await page.locator("pre.bytes").innerText(), data);
    assert.match(await page.locator(".logs").innerText(), /Transfer\(address from, address to, uint256 value\)/);
  });
});

test("call data that is text is shown as text", async () => {
  const hash = await alice.l2.sendTransaction({ to: bob.account.address, data: viem.stringToHex("Grüße <b>") });
  await f.visit(`/tx/${hash}`, async (page) => {
    await page.locator(".toggle button", { hasText: "utf-8" }).click();
    assert.equal(await page.locator("pre.bytes").innerText(), "Grüße <b>");
  });
});

test("what a stranger wrote stays text", async () => {
  const hash = await alice.l2.sendTransaction({ data: reverting(), gas: 200_000n });
  await alice.l2.waitForTransactionReceipt({ hash });
  await f.visit(`/tx/${hash}`, async (page) => {
    const outcome = fact(page, "Outcome");
    await becomes("the reason", async () => (await outcome.innerText()).includes("<img"));
    assert.match(await outcome.innerText(), /failed/);
    assert.ok((await outcome.innerText()).includes(REVERTING_TEXT.replace("\u202e", "⟨U+202E⟩")));
    assert.equal(await page.locator("main img").count(), 0);
  });
});

test("a block, its neighbours and its transactions", async () => {
  const { blockNumber, blockHash } = creation;
  await f.visit(`/block/${blockNumber}`, async (page) => {
    await heading(page, `Block ${blockNumber}`);
    assert.equal((await fact(page, "Hash").innerText()).trim(), blockHash);
    assert.ok((await page.locator("tbody tr").count()) >= 2);
    assert.match(await page.locator("tbody tr").first().innerText(), /setL1BlockValues/);
    await page.locator("summary").click();
    const block = await alice.l2.getBlock({ blockNumber });
    assert.equal((await fact(page, "State root").innerText()).trim(), block.stateRoot);
    await page.getByRole("link", { name: `Block ${blockNumber - 1n}`, exact: true }).click();
    await heading(page, `Block ${blockNumber - 1n}`);
    await page.goBack();
    await heading(page, `Block ${blockNumber}`);
    await page.locator("tbody tr").first().locator("a").first().click();
    await becomes("the packed attributes", async () =>
      /daFootprintGasScalar/.test(await page.locator(".reading").innerText()),
    );
  });
  await f.visit(`/block/${blockHash}`, (page) => heading(page, `Block ${blockNumber}`));
});

test("an address: balance, transactions, the way to older ones", async () => {
  await f.visit(`/address/${alice.account.address.toLowerCase()}`, async (page) => {
    await heading(page, "Address");
    assert.equal((await fact(page, "Address").innerText()).trim(), alice.account.address);
    const wei = await alice.l2.getBalance({ address: alice.account.address });
    assert.equal(await fact(page, "Balance").locator("data").getAttribute("value"), String(wei));
    assert.ok((await page.locator(`tbody a[href="/explorer/tx/${transfer}"]`).count()) === 1);
  });
});

test("batches and one of them", async () => {
  await f.visit("/batches", async (page) => {
    await page.locator("tbody tr").first().waitFor();
    const { batches } = await f.api("batches");
    const oldest = batches.at(-1);
    await page.locator(`a[href="/explorer/batch/${oldest.l1TransactionHash}"]`).first().click();
    await heading(page, "Batch");
    assert.equal((await fact(page, "Channel").innerText()).trim(), oldest.channelId);
    assert.equal(await page.locator("tbody tr").count(), oldest.lastBlock - oldest.firstBlock + 1);
  });
});

test("the bridge, without a wallet: the script that it shows makes a deposit", async () => {
  await f.visit("/bridge", async (page) => {
    await page.getByText("This needs a wallet in the browser").waitFor();
    const script = await page.locator(".snippet pre").innerText();
    const { l1, accounts } = f.node;
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      cwd: import.meta.dirname,
      env: { ...process.env, KEY: accounts[6].privateKey, L1_RPC: l1.rpc },
      timeout: 30_000,
    });
    const row = page.locator("tbody tr", { has: page.locator(`a[title="${f.wallet(6).account.address}"]`) });
    await becomes(
      "the deposit on L2",
      async () => (await row.count()) === 1 && /1 ETH\s+on L2/.test(await row.innerText()),
    );
    await page.locator(".toggle button", { hasText: "withdrawal" }).click();
    assert.match(await page.locator(".snippet pre").innerText(), /finalizeWithdrawal/);
  });
});

/** An injected wallet (EIP-1193) which signs here, outside of the browser. */
async function inject(page, { account, l1, l2 }) {
  const clients = { [l1.chain.id]: l1, [l2.chain.id]: l2 };
  let chainId = l2.chain.id;
  await page.exposeFunction("askWallet", async ({ method, params }) => {
    if (method === "eth_requestAccounts") return [account.address];
    if (method === "eth_chainId") return viem.toHex(chainId);
    if (method === "wallet_switchEthereumChain") return void (chainId = Number(params[0].chainId));
    const { to, value, data } = params[0];
    return clients[chainId].sendTransaction({ to, value: BigInt(value), data });
  });
  await page.addInitScript(() => (window.ethereum = { request: (call) => window.askWallet(call) }));
}

test("the bridge, with a wallet: a deposit and the start of a withdrawal", async () => {
  const carol = f.wallet(7);
  await f.visit("/blocks", async (page, go) => {
    await inject(page, carol);
    await go("/bridge");
    await page.getByLabel("Amount in ETH").fill("0");
    await page.getByRole("button", { name: "Deposit", exact: true }).click();
    await page.getByText("a number of ETH above zero").waitFor();
    await page.getByLabel("Amount in ETH").fill("0.125");
    await page.getByRole("button", { name: "Deposit", exact: true }).click();
    await page.locator(".outcome.ok").waitFor();
    await becomes("the deposit in the list", async () => /0\.125 ETH/.test(await page.locator("tbody").innerText()));
    await page.locator(".toggle button", { hasText: "withdrawal" }).click();
    await page.getByLabel("Amount in ETH").fill("0.0625");
    await page.getByRole("button", { name: "Withdraw", exact: true }).click();
    await page.locator(".outcome.ok").waitFor();
    await page.locator(".withdrawal", { hasText: "0.0625 ETH" }).waitFor();
  });
});

test("a withdrawal is shown in its states, to the last", { timeout: 80_000 }, async () => {
  const initiated = await withdrawal;
  await f.visit("/bridge", async (page) => {
    await page.locator(`.withdrawal[data-state=finalized] a[href="/explorer/tx/${initiated}"]`).click();
    await becomes("its event", async () => /MessagePassed/.test(await page.locator(".logs").innerText()));
    await page.goBack();
    const other = page.locator(".withdrawal", { hasText: "0.0625 ETH" });
    await becomes(
      "the other to be provable",
      async () => (await other.getAttribute("data-state")) === "ready to prove",
    );
    assert.equal(await other.locator(".progress .current").innerText(), "ready to prove");
  });
});

test("search goes where the text leads", async () => {
  const { contractAddress, transactionHash, blockHash, blockNumber } = creation;
  const { batches } = await f.api("batches");
  const targets = [
    [String(blockNumber), `/block/${blockNumber}`],
    [transactionHash, `/tx/${transactionHash}`],
    [blockHash, `/block/${blockHash}`],
    [` ${viem.getAddress(contractAddress)} `, `/address/${contractAddress}`],
    [batches[0].l1TransactionHash, `/batch/${batches[0].l1TransactionHash}`],
    ["l1block", "/address/0x4200000000000000000000000000000000000015"],
  ];
  await f.visit("/", async (page) => {
    await page.locator(".storeys").waitFor();
    for (const [text, path] of targets) {
      await page.keyboard.press("/");
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
      await becomes(path, async () => new URL(page.url()).pathname.toLowerCase() === `/explorer${path}`);
    }
  });
  const words = /Failed to load resource.*\/api\/search\//;
  await f.visit(
    "/",
    async (page) => {
      for (const text of ["99999999", "no such thing", "<script>alert(1)</script>", "../../overview"]) {
        await page.locator("input[name=q]").fill(text);
        await page.keyboard.press("Enter");
        await page.getByText(`“${text}”`).waitFor();
        await heading(page, "Nothing found");
      }
    },
    { expected: words },
  );
});

test("what is not there is said clearly", async () => {
  const none = `0x${"00".repeat(31)}77`;
  for (const [path, title] of [
    ["/nonsense", "Not found"],
    ["/tx/0x12", "Not found"],
    ["/block/12abc", "Not found"],
    ["/block/99999999", "No such block"],
    [`/tx/${none}`, "No such transaction"],
    [`/batch/${none}`, "No such batch"],
  ]) {
    await f.visit(
      path,
      async (page) => {
        await heading(page, title);
        await page.getByRole("link", { name: "Back to the overview" }).click();
        await page.locator(".storeys").waitFor();
      },
      { expected: /Failed to load resource.*404.*\/api\// },
    );
  }
});

test("dark and light: the system's theme, and one's own over it", async () => {
  const luminance = (page) =>
    page.evaluate(
      () =>
        getComputedStyle(document.documentElement)
          .backgroundColor.match(/\d+/g)
          .slice(0, 3)
          .reduce((sum, part) => sum + Number(part), 0) / 3,
    );
  await f.visit(
    "/",
    async (page) => {
      assert.ok((await luminance(page)) < 40);
      await page.getByRole("button", { name: "Switch to the light theme" }).click();
      assert.ok((await luminance(page)) > 220);
      await page.reload();
      assert.ok((await luminance(page)) > 220);
      await page.getByRole("button", { name: "Switch to the dark theme" }).click();
      await page.reload();
      assert.ok((await luminance(page)) < 40);
    },
    { colorScheme: "dark" },
  );
  await f.visit("/", async (page) => assert.ok((await luminance(page)) > 220), { colorScheme: "light" });
});

test("a narrow screen: no page is wider than it", async () => {
  const { batches } = await f.api("batches");
  const paths = [
    "/",
    "/blocks",
    `/block/${creation.blockNumber}`,
    `/tx/${transfer}`,
    `/tx/${creation.transactionHash}`,
    `/address/${alice.account.address}`,
    "/batches",
    `/batch/${batches[0].l1TransactionHash}`,
    "/bridge",
    "/contracts",
    "/nonsense",
  ];
  await f.visit(
    "/",
    async (page, go) => {
      for (const path of paths) {
        await go(path);
        await page.locator("main .card").first().waitFor();
        await becomes("its content", async () => (await page.locator("main .bar").count()) === 0);
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.equal(excess, 0, `${path} is ${excess} px too wide`);
      }
    },
    { viewport: { width: 380, height: 800 } },
  );
});

test("contracts of both layers, with checksums", async () => {
  await f.visit("/contracts", async (page) => {
    const portal = viem.getAddress(f.node.contracts.optimism_portal);
    await page.getByText(portal).waitFor();
    await page.getByRole("link", { name: "0x4200000000000000000000000000000000000016" }).click();
    await heading(page, "Contract");
    assert.match(await fact(page, "Address").innerText(), /L2ToL1MessagePasser/);
  });
});

test("the list of blocks: live at its top, paged below", async () => {
  await becomes("more than a page of blocks", async () => (await f.headNumber()) > 30, 40_000);
  await f.visit("/blocks", async (page) => {
    const top = page.locator("tbody tr").first().locator("a").first();
    const first = await top.innerText();
    await becomes("a newer block", async () => (await top.innerText()) !== first);
    await page.getByRole("link", { name: "Older" }).click();
    await page.getByRole("link", { name: "Newest" }).waitFor();
    const last = page.locator("tbody tr").last().locator("a").first();
    await becomes("older blocks", async () => Number(await last.innerText()) < Number(first) - 25);
    await page.goBack();
    await becomes("the top again", async () => Number(await top.innerText()) > Number(first));
  });
});

test("an app's address loads as well as its pages; other paths do not", async () => {
  const of = async (path) => (await fetch(`${f.origin}${path}`, { redirect: "manual" })).status;
  assert.deepEqual(
    [await of("/explorer/"), await of("/explorer/bridge"), await of("/explorer/assets/none.js"), await of("/nothing")],
    [200, 200, 404, 404],
  );
});

test("a node that goes away is missed, and what it said stays", async () => {
  await f.visit(
    "/",
    async (page) => {
      await page.locator(".storeys").waitFor();
      await stop(f.node);
      await page.getByText("Not live:").waitFor({ timeout: 10_000 });
      assert.equal(await page.locator(".storeys").count(), 1);
    },
    { expected: /Failed to load resource/ },
  );
});

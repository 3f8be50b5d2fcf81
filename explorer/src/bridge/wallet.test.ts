import { decodeFunctionData, parseAbi } from "viem/utils";
import { expect, test } from "vitest";
import { makeCall, sendTransfer, type Chains, type Provider, type Transfer } from "./wallet";

const SELF = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OTHER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const chains: Chains = { l1ChainId: 900, l2ChainId: 31337, portal: "0x1111111111111111111111111111111111111111" };
const deposit: Transfer = { direction: "deposit", wei: 5n, to: null };
const withdrawal: Transfer = { direction: "withdrawal", wei: 7n, to: OTHER };

test("a deposit goes to the portal, for oneself unless told otherwise", () => {
  const call = makeCall(deposit, chains, SELF);
  expect(call).toMatchObject({ from: SELF, to: chains.portal, value: "0x5" });
  const abi = parseAbi(["function depositTransaction(address,uint256,uint64,bool,bytes)"]);
  expect(decodeFunctionData({ abi, data: call.data as `0x${string}` }).args).toEqual([SELF, 5n, 100_000n, false, "0x"]);
});

test("a withdrawal goes to the message passer", () => {
  const call = makeCall(withdrawal, chains, SELF);
  expect(call).toMatchObject({ to: "0x4200000000000000000000000000000000000016", value: "0x7" });
  const abi = parseAbi(["function initiateWithdrawal(address,uint256,bytes)"]);
  expect(decodeFunctionData({ abi, data: call.data as `0x${string}` }).args).toEqual([OTHER, 100_000n, "0x"]);
});

/** A wallet that answers by method; a thrown value is its refusal. */
function wallet(answers: Record<string, unknown>): Provider & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    async request({ method }) {
      calls.push(method);
      const answer = answers[method];
      if (typeof answer === "object" && answer !== null && "code" in answer) throw answer;
      return answer ?? null;
    },
  };
}

test("the wallet is on the right chain already", async () => {
  const w = wallet({ eth_requestAccounts: [SELF], eth_chainId: "0x384", eth_sendTransaction: "0xabc" });
  expect(await sendTransfer(w, deposit, chains, "http://l2")).toBe("0xabc");
  expect(w.calls).toEqual(["eth_requestAccounts", "eth_chainId", "eth_sendTransaction"]);
});

test("it is asked to change, and told of an L2 that it does not know", async () => {
  const w = wallet({
    eth_requestAccounts: [SELF],
    eth_chainId: "0x1",
    wallet_switchEthereumChain: { code: 4902 },
    eth_sendTransaction: "0xabc",
  });
  await sendTransfer(w, withdrawal, chains, "http://l2");
  expect(w.calls).toEqual([
    "eth_requestAccounts",
    "eth_chainId",
    "wallet_switchEthereumChain",
    "wallet_addEthereumChain",
    "eth_sendTransaction",
  ]);
});

test.each([
  [
    "an L1 it does not know",
    { eth_requestAccounts: [SELF], eth_chainId: "0x1", wallet_switchEthereumChain: { code: 4902 } },
    "does not know the L1, chain 900",
  ],
  [
    "its owner declines",
    { eth_requestAccounts: { code: 4001, message: "User rejected the request." } },
    "Declined in the wallet",
  ],
  ["no account", { eth_requestAccounts: [] }, "gave no account"],
  [
    "its own words",
    {
      eth_requestAccounts: [SELF],
      eth_chainId: "0x384",
      eth_sendTransaction: { code: -32000, message: "insufficient funds" },
    },
    "insufficient funds",
  ],
  ["no hash", { eth_requestAccounts: [SELF], eth_chainId: "0x384" }, "gave no transaction hash"],
])("what goes wrong is said: %s", async (_, answers, words) => {
  await expect(sendTransfer(wallet(answers), deposit, chains, "http://l2")).rejects.toThrow(words);
});

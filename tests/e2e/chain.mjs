// Both layers of a running devnet as viem clients, and traffic on them.
import * as viem from "viem";
import { privateKeyToAccount } from "viem/accounts";
import * as op from "viem/op-stack";

const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
const multicall3 = { address: "0xcA11bde05977b3631167028862bE2a173976CA11" };

/** `{l1, l2, account}` of one of the devnet's accounts. */
export function connect(node, index) {
  const account = privateKeyToAccount(node.accounts[index].privateKey);
  const rpcUrls = (layer) => ({ default: { http: [node[layer].rpc] } });
  const onL1 = (address) => ({ [node.l1.chainId]: { address } });
  const l1Chain = viem.defineChain({
    id: node.l1.chainId,
    name: "L1",
    nativeCurrency,
    rpcUrls: rpcUrls("l1"),
    contracts: { multicall3 },
  });
  const l2Chain = viem.defineChain({
    ...op.chainConfig,
    id: node.l2.chainId,
    name: "L2",
    nativeCurrency,
    rpcUrls: rpcUrls("l2"),
    sourceId: node.l1.chainId,
    contracts: {
      ...op.chainConfig.contracts,
      multicall3,
      portal: onL1(node.contracts.optimism_portal),
      disputeGameFactory: onL1(node.contracts.dispute_game_factory),
    },
  });
  const client = (chain) =>
    viem
      .createWalletClient({ account, chain, transport: viem.http(), pollingInterval: 100 })
      .extend(viem.publicActions);
  return {
    account,
    l1: client(l1Chain).extend(op.publicActionsL1()).extend(op.walletActionsL1()),
    l2: client(l2Chain).extend(op.publicActionsL2()).extend(op.walletActionsL2()),
  };
}

/** Creation code of a contract which logs an ERC-20 Transfer of 1000 from the zero address to its caller, whatever it is called with. */
export const TOKEN_LIKE = (() => {
  const transfer = viem.toEventSelector("Transfer(address,address,uint256)").slice(2);
  const runtime = `6103e85f52335f7f${transfer}60205fa300`; // mstore(0, 1000); log3(0, 32, transfer, 0, caller); stop
  const size = (runtime.length / 2).toString(16).padStart(2, "0");
  return `0x60${size}600a5f3960${size}5ff3${runtime}`; // codecopy(0, 10, size); return(0, size)
})();

/** Meant to be taken for markup, and to be read backwards. */
export const REVERTING_TEXT = '<img src="x" onerror="alert(1)"> \u202e no';

/** Creation code that fails with that text as its reason. */
export function reverting() {
  const reason = viem
    .encodeErrorResult({ abi: viem.parseAbi(["error Error(string)"]), args: [REVERTING_TEXT] })
    .slice(2);
  const size = (reason.length / 2).toString(16).padStart(2, "0");
  return `0x60${size}600a5f3960${size}5ffd${reason}`; // codecopy(0, 10, size); revert(0, size)
}

/** The receipt of what must not fail. */
export async function succeed(client, hash) {
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: 30_000 });
  if (receipt.status !== "success") throw new Error(`${hash} failed`);
  return receipt;
}

/** A whole withdrawal, in the explorer's words for its states: `reached(state, hash)` is awaited before it goes on. Gives its L2 transaction. */
export async function withdraw({ l1, l2 }, value, reached = () => {}) {
  const receipt = await succeed(
    l2,
    await l2.initiateWithdrawal({ request: { to: l2.account.address, value, gas: 100_000n } }),
  );
  const hash = receipt.transactionHash;
  const { output, withdrawal } = await l1.waitToProve({ receipt, targetChain: l2.chain });
  await reached("ready to prove", hash);
  await succeed(l1, await l1.proveWithdrawal(await l2.buildProveWithdrawal({ output, withdrawal })));
  await reached("proven", hash);
  while ((await l1.getWithdrawalStatus({ receipt, targetChain: l2.chain })) !== "ready-to-finalize")
    await new Promise((resolve) => setTimeout(resolve, 200));
  await reached("ready to finalize", hash);
  await succeed(l1, await l1.finalizeWithdrawal({ targetChain: l2.chain, withdrawal }));
  await reached("finalized", hash);
  return hash;
}

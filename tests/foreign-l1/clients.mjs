// viem's clients of both layers, for the first account of the test mnemonic.
import * as viem from "viem";
import { privateKeyToAccount } from "viem/accounts";
import * as op from "viem/op-stack";
import { CHAIN_ID } from "./l1.mjs";

export { CHAIN_ID };

export function connect(node, l1) {
  // The L2 gives its users ether, a foreign L1 gives none but to the deployer: it acts on both.
  const account = privateKeyToAccount(node.accounts[0].privateKey);
  const ether = { name: "Ether", symbol: "ETH", decimals: 18 };
  const on = (address) => ({ [CHAIN_ID]: { address } });
  const multicall3 = { address: node.contracts.multicall3 };
  const first = viem.defineChain({ id: CHAIN_ID, name: "l1", nativeCurrency: ether, rpcUrls: { default: { http: [l1.url] } }, contracts: { multicall3 } });
  const { optimism_portal, dispute_game_factory, l1_standard_bridge } = node.contracts;
  const second = viem.defineChain({
    ...op.chainConfig, id: node.l2.chainId, name: "l2", sourceId: CHAIN_ID, nativeCurrency: ether, rpcUrls: { default: { http: [node.l2.rpc] } },
    contracts: { ...op.chainConfig.contracts, portal: on(optimism_portal), disputeGameFactory: on(dispute_game_factory), l1StandardBridge: on(l1_standard_bridge) },
  });
  const client = (chain) => viem.createWalletClient({ chain, account, transport: viem.http(), pollingInterval: 200 }).extend(viem.publicActions);
  return { account, l1: client(first).extend(op.publicActionsL1()).extend(op.walletActionsL1()), l2: client(second).extend(op.publicActionsL2()).extend(op.walletActionsL2()) };
}

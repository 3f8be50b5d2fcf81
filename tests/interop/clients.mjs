// viem's wallet clients for both layers of a devnet, with the op-stack actions.
import * as viem from "viem";
import { privateKeyToAccount } from "viem/accounts";
import * as op from "viem/op-stack";

export function clients(node, index = 5) {
  const account = privateKeyToAccount(node.accounts[index].privateKey);
  const chain = (layer, more) =>
    viem.defineChain({ id: node[layer].chainId, name: layer, nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 }, rpcUrls: { default: { http: [node[layer].rpc] } },
      ...more, contracts: { multicall3: { address: "0xcA11bde05977b3631167028862bE2a173976CA11" }, ...more?.contracts } });
  const on = (address) => ({ [node.l1.chainId]: { address } });
  const { optimism_portal, dispute_game_factory, l1_standard_bridge } = node.contracts;
  const second = chain("l2", { ...op.chainConfig, sourceId: node.l1.chainId, contracts: { ...op.chainConfig.contracts, portal: on(optimism_portal), disputeGameFactory: on(dispute_game_factory), l1StandardBridge: on(l1_standard_bridge) } });
  const client = (of) => viem.createWalletClient({ chain: of, account, transport: viem.http(), pollingInterval: 100 }).extend(viem.publicActions);
  return {
    account,
    l1: client(chain("l1")).extend(op.publicActionsL1()).extend(op.walletActionsL1()),
    l2: client(second).extend(op.publicActionsL2()).extend(op.walletActionsL2()),
  };
}

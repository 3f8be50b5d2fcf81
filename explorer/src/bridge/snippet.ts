// The same by viem's op-stack actions, ready to be run: for who has no wallet here, and for the steps on L1 that finish a withdrawal.
import { checksum } from "../format/hex";
import type { Chains, Direction } from "./wallet";

export interface SnippetChains extends Chains {
  factory: string;
  l2Rpc: string;
}

const STEPS: Record<Direction, string> = {
  deposit: `const hash = await l1.depositTransaction({ request: { to: account.address, mint: parseEther("1"), value: parseEther("1"), gas: 100_000n }, targetChain: l2Chain });
const [l2Hash] = getL2TransactionHashes(await l1.waitForTransactionReceipt({ hash }));
await l2.waitForTransactionReceipt({ hash: l2Hash });`,
  withdrawal: `const hash = await l2.initiateWithdrawal({ request: { to: account.address, value: parseEther("1"), gas: 100_000n } });
const receipt = await l2.waitForTransactionReceipt({ hash });
const { output, withdrawal } = await l1.waitToProve({ receipt, targetChain: l2Chain });
await l1.proveWithdrawal(await l2.buildProveWithdrawal({ output, withdrawal }));
await l1.waitToFinalize({ targetChain: l2Chain, withdrawalHash: withdrawal.withdrawalHash });
await l1.finalizeWithdrawal({ targetChain: l2Chain, withdrawal });`,
};

export const makeSnippet = (
  direction: Direction,
  chains: SnippetChains,
): string => `import { createWalletClient, defineChain, http, parseEther, publicActions } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { chainConfig, getL2TransactionHashes, publicActionsL1, publicActionsL2, walletActionsL1, walletActionsL2 } from "viem/op-stack";

const account = privateKeyToAccount(process.env.KEY);
const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
const contracts = { multicall3: { address: "0xcA11bde05977b3631167028862bE2a173976CA11" } };
const l1Chain = defineChain({ id: ${chains.l1ChainId}, name: "L1", nativeCurrency, contracts, rpcUrls: { default: { http: [process.env.L1_RPC] } } });
const onL1 = (address) => ({ [l1Chain.id]: { address } });
const l2Chain = defineChain({ ...chainConfig, id: ${chains.l2ChainId}, name: "Entresol", nativeCurrency, sourceId: l1Chain.id,
  rpcUrls: { default: { http: ["${chains.l2Rpc}"] } },
  contracts: { ...chainConfig.contracts, ...contracts, portal: onL1("${checksum(chains.portal)}"), disputeGameFactory: onL1("${checksum(chains.factory)}") } });
const client = (chain) => createWalletClient({ account, chain, transport: http() }).extend(publicActions);
const l1 = client(l1Chain).extend(publicActionsL1()).extend(walletActionsL1());
const l2 = client(l2Chain).extend(publicActionsL2()).extend(walletActionsL2());

${STEPS[direction]}
`;

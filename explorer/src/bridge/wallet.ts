// Deposits and withdrawals through the wallet that the browser carries (EIP-1193): it shows, signs and sends; no key comes here.
import { encodeCall } from "../abi/codec";

export interface Provider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
}

export const findWallet = (): Provider | null => (window as { ethereum?: Provider }).ethereum ?? null;

export type Direction = "deposit" | "withdrawal";

export interface Transfer {
  direction: Direction;
  wei: bigint;
  to: string | null; // null: the wallet's own address on the other layer
}

export interface Chains {
  l1ChainId: number;
  l2ChainId: number;
  portal: string;
}

const MESSAGE_PASSER = "0x4200000000000000000000000000000000000016";
const GAS_LIMIT = 100_000n; // on the other layer, for a plain transfer of ether

export class WalletError extends Error {}

const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

/** What the wallet is asked to send. */
export function makeCall(
  transfer: Transfer,
  chains: Chains,
  self: string,
): { from: string; to: string; value: string; data: string } {
  const to = transfer.to ?? self;
  const value = hex(transfer.wei);
  if (transfer.direction === "withdrawal") {
    return {
      from: self,
      to: MESSAGE_PASSER,
      value,
      data: encodeCall("initiateWithdrawal(address target, uint256 gasLimit, bytes data)", [to, GAS_LIMIT, "0x"]),
    };
  }
  const data = encodeCall(
    "depositTransaction(address to, uint256 value, uint64 gasLimit, bool isCreation, bytes data)",
    [to, transfer.wei, GAS_LIMIT, false, "0x"],
  );
  return { from: self, to: chains.portal, value, data };
}

const UNKNOWN_CHAIN = 4902; // EIP-3326
const REFUSED = 4001; // EIP-1193

async function switchChain(wallet: Provider, transfer: Transfer, chains: Chains, l2Rpc: string): Promise<void> {
  const isL1 = transfer.direction === "deposit";
  const chainId = hex(isL1 ? chains.l1ChainId : chains.l2ChainId);
  if (Number(await wallet.request({ method: "eth_chainId" })) === Number(chainId)) return;
  try {
    await wallet.request({ method: "wallet_switchEthereumChain", params: [{ chainId }] });
  } catch (error) {
    if ((error as { code?: number }).code !== UNKNOWN_CHAIN) throw error;
    if (isL1) throw new WalletError(`The wallet does not know the L1, chain ${chains.l1ChainId}. Add it there first.`);
    const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
    await wallet.request({
      method: "wallet_addEthereumChain",
      params: [{ chainId, chainName: "Entresol", rpcUrls: [l2Rpc], nativeCurrency }],
    });
  }
}

/** Asks the wallet for an account, its chain and the transaction; the transaction's hash. */
export async function sendTransfer(
  wallet: Provider,
  transfer: Transfer,
  chains: Chains,
  l2Rpc: string,
): Promise<string> {
  try {
    const accounts = await wallet.request({ method: "eth_requestAccounts" });
    const self: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
    if (typeof self !== "string") throw new WalletError("The wallet gave no account.");
    await switchChain(wallet, transfer, chains, l2Rpc);
    const hash = await wallet.request({ method: "eth_sendTransaction", params: [makeCall(transfer, chains, self)] });
    if (typeof hash !== "string") throw new WalletError("The wallet gave no transaction hash.");
    return hash;
  } catch (error) {
    if (error instanceof WalletError) throw error;
    const { code, message } = error as { code?: number; message?: string };
    throw new WalletError(code === REFUSED ? "Declined in the wallet." : (message ?? "The wallet failed."));
  }
}

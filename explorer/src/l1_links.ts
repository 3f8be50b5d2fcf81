// Public explorers of the L1s that have one; a devnet's own L1 has none.
const EXPLORERS: Record<number, string> = {
  1: "https://etherscan.io",
  11155111: "https://sepolia.etherscan.io",
  560048: "https://hoodi.etherscan.io",
};

export type L1Thing = "tx" | "block" | "address";

export function l1Link(chain_id: number | undefined, thing: L1Thing, id: string | number): string | null {
  const explorer = chain_id === undefined ? undefined : EXPLORERS[chain_id];
  return explorer === undefined ? null : `${explorer}/${thing}/${id}`;
}

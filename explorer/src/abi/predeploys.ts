// What the L2 has from its genesis on (contracts/deploy/plan.json), and the addresses that the protocol itself acts as.

export interface Predeploy {
  address: string; // lower case
  name: string;
  purpose: string;
}

export const PREDEPLOYS: readonly Predeploy[] = [
  { address: "0x4200000000000000000000000000000000000006", name: "WETH", purpose: "Ether as an ERC-20 token" },
  {
    address: "0x4200000000000000000000000000000000000007",
    name: "L2CrossDomainMessenger",
    purpose: "Messages to and from L1, with replay",
  },
  {
    address: "0x420000000000000000000000000000000000000f",
    name: "GasPriceOracle",
    purpose: "What a transaction's L1 data will cost",
  },
  {
    address: "0x4200000000000000000000000000000000000010",
    name: "L2StandardBridge",
    purpose: "Ether and ERC-20 tokens to and from L1",
  },
  {
    address: "0x4200000000000000000000000000000000000011",
    name: "SequencerFeeVault",
    purpose: "Collects priority fees",
  },
  {
    address: "0x4200000000000000000000000000000000000012",
    name: "OptimismMintableERC20Factory",
    purpose: "Makes the L2 twin of an L1 token",
  },
  {
    address: "0x4200000000000000000000000000000000000015",
    name: "L1Block",
    purpose: "What the L2 knows of its L1 origin",
  },
  {
    address: "0x4200000000000000000000000000000000000016",
    name: "L2ToL1MessagePasser",
    purpose: "Holds every withdrawal for its proof",
  },
  { address: "0x4200000000000000000000000000000000000019", name: "BaseFeeVault", purpose: "Collects base fees" },
  { address: "0x420000000000000000000000000000000000001a", name: "L1FeeVault", purpose: "Collects L1 data fees" },
  {
    address: "0x420000000000000000000000000000000000001b",
    name: "OperatorFeeVault",
    purpose: "Collects operator fees",
  },
  { address: "0xca11bde05977b3631167028862be2a173976ca11", name: "Multicall3", purpose: "Many calls in one" },
];

const NAMES = new Map([
  ...PREDEPLOYS.map(({ address, name }) => [address, name] as const),
  ["0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001", "L1 attributes"] as const,
]);

export const findName = (address: string): string | null => NAMES.get(address.toLowerCase()) ?? null;

/** The address of a predeploy by its name, whatever its case. */
export const findPredeploy = (name: string): string | null =>
  PREDEPLOYS.find((known) => known.name.toLowerCase() === name.toLowerCase())?.address ?? null;

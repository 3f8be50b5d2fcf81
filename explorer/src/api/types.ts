// The JSON API (docs/explorer-api.md): numbers below 2^53 are numbers, wei are decimal strings, hashes 0x strings,
// times are milliseconds since 1970.

export type BlockStatus = "sealed" | "safe" | "finalized" | "orphaned"; // orphaned: another block took its place
export type TxStatus = "waiting" | "mini-block" | BlockStatus;

export interface BlockSummary {
  number: number;
  hash: string;
  timestampMs: number;
  transactions: number;
  gasUsed: number;
  gasLimit: number;
  baseFee: string;
  sizeBytes: number;
  status: BlockStatus;
}

export interface TxSummary {
  hash: string;
  type: number;
  from: string;
  to: string | null; // null: a creation
  value: string;
  blockNumber: number | null; // null: waits in the pool
  blockHash: string | null; // null: its block is in progress
  index: number | null;
  timestampMs: number | null;
  success: boolean | null;
  method: string | null; // selector
  status: TxStatus;
}

export type StepName = "mini-block" | "sealed" | "batch" | "safe" | "proposed" | "finalized";

export interface TimelineStep {
  name: StepName;
  done: boolean;
  atMs: number | null;
  l1TransactionHash: string | null;
  l1BlockNumber: number | null;
  note: string | null;
}

export interface Timeline {
  status: TxStatus;
  waitsFor: string | null;
  steps: TimelineStep[];
}

export interface Block extends BlockSummary {
  parentHash: string;
  stateRoot: string;
  transactionsRoot: string;
  receiptsRoot: string;
  withdrawalsRoot: string | null;
  outputRoot: string | null;
  extraData: string;
  coinbase: string;
  l1Origin: { number: number; hash: string } | null;
  sequenceNumber: number | null;
  transactionList: TxSummary[];
  timeline: Timeline;
}

export interface Log {
  address: string;
  topics: string[];
  data: string;
  index: number;
}

export interface Tx extends TxSummary {
  nonce: number;
  gasLimit: number;
  gasUsed: number | null;
  gasPrice: string | null;
  maxFeePerGas: string | null;
  maxPriorityFeePerGas: string | null;
  input: string;
  isDeposit: boolean;
  mint?: string; // of a deposit
  contractAddress: string | null;
  l1Fee: string | null;
  operatorFee: string | null;
  totalFee: string | null;
  revertReason: string | null;
  logs: Log[];
  timeline: Timeline;
}

export interface Account {
  address: string;
  balance: string;
  nonce: number;
  codeBytes: number;
  codeHash: string;
  isContract: boolean;
  label: string | null;
  transactions: TxSummary[];
  next: number | null;
}

export interface Batch {
  l1TransactionHash: string;
  l1TransactionHashes: string[];
  l1BlockNumber: number;
  l1BlockHash: string;
  channelId: string;
  firstBlock: number;
  lastBlock: number;
  rawBytes: number;
  compressedBytes: number;
  dataAvailability: "blobs" | "calldata";
}

export interface Deposit {
  l1TransactionHash: string;
  l1BlockNumber: number;
  logIndex: number;
  l2TransactionHash: string;
  from: string;
  to: string | null;
  mint: string;
  value: string;
  gasLimit: number;
  isCreation: boolean;
  l2BlockNumber: number | null;
  state: "on L1" | "on L2" | "failed on L2";
}

export const WITHDRAWAL_STATES = [
  "waiting for output",
  "ready to prove",
  "proven",
  "ready to finalize",
  "finalized",
] as const;

export interface DisputeClaim {
  index: number;
  game: string;
  type: "claim" | "fault";
  l2BlockNumber: number;
  outputRoot: string;
  /** Whether the node has that root itself; null without the block. */
  isOwnRoot: boolean | null;
  creator: string;
  createdAtMs: number;
  status: "in progress" | "stands" | "fell";
}

export type Side = "defenders" | "challengers";

export interface DisputeMove {
  kind: "join" | "commit" | "open" | "beaten" | "resolve";
  l1TransactionHash: string;
  l1BlockNumber: number;
  atMs: number;
  list: string | null;
  rival: string | null;
  match: string | null;
  side: Side | null;
  payee: string | null;
  level: number;
  position: number;
  roots: number;
  clockLeftMs: number | null;
}

export interface DisputeMatch {
  match: string;
  level: number;
  position: number;
  steps: number;
  isOpen: boolean;
  sides: { side: Side; lists: number; isOut: boolean; deadlineMs: number | null; clockLeftMs: number | null }[];
}

export interface Dispute extends DisputeClaim {
  nowMs: number;
  /** Of fault games alone, as are start and parent. */
  rules: { levels: number; rootsPerList: number; clockMs: number; extensionMs: number; listBond: string } | null;
  startBlock?: number;
  startRoot?: string;
  parent?: string | null;
  matches: DisputeMatch[];
  moves: DisputeMove[];
  hasMoreMoves: boolean;
}

export interface Withdrawal {
  hash: string;
  nonce: string;
  from: string;
  to: string;
  value: string;
  gasLimit: string;
  l2TransactionHash: string;
  l2BlockNumber: number;
  /** "root fell": it has to be proven again. */
  state: (typeof WITHDRAWAL_STATES)[number] | "root fell";
  provenAtMs: number | null;
  l1ProveTransactionHash: string | null;
  l1FinalizeTransactionHash: string | null;
  game: string | null;
  note: string | null;
}

export interface Bridge {
  deposits: Deposit[];
  withdrawals: Withdrawal[];
  periods: { maturityMs: number; challengeMs: number; finalityDelayMs: number } | null;
  problem: string | null;
}

export interface Head {
  number: number;
  hash: string;
  timestampMs: number;
}

export interface MiniBlock {
  number: number;
  index: number;
  transactions: number;
  madeAtMs: number;
}

export interface SeriesPoint {
  number: number;
  timestampMs: number;
  transactions: number;
  gasUsed: number;
  baseFee: string;
}

export interface Overview {
  client: string;
  l1ChainId: number;
  l2ChainId: number;
  nowMs: number;
  heads: { unsafe: Head; safe: Head; finalized: Head };
  l1: { head: number | null; safe: number | null; finalized: number | null; current: number | null };
  blockTimeMs: number;
  gasPrice: string | null;
  tps: number;
  pending: number;
  problem: string | null;
  latestBlocks: BlockSummary[];
  latestTransactions: TxSummary[];
  miniBlocks: MiniBlock[];
  series: SeriesPoint[];
  contracts: Record<string, string>;
  devnet: boolean;
}

export interface SearchResult {
  kind: "block" | "tx" | "address" | "batch";
  target: string;
}

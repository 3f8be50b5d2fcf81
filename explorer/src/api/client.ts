// Asks the node. Every way in which that fails has a name, so that a page can say what happened.
import type {
  Account,
  Batch,
  Block,
  BlockSummary,
  Bridge,
  Dispute,
  DisputeClaim,
  Overview,
  SearchResult,
  Tx,
} from "./types";

export type Failure = "not-found" | "bad-request" | "server" | "unreachable" | "bad-answer";

export class ApiError extends Error {
  constructor(
    readonly failure: Failure,
    message: string,
  ) {
    super(message);
  }
}

declare const answer: unique symbol;
/** A path below /api/ that knows the type of its answer. */
export type Path<T> = string & { readonly [answer]?: T };

const query = (fields: Record<string, number | undefined>): string => {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${given.map(([name, value]) => `${name}=${value}`).join("&")}`;
};

export const paths = {
  overview: "overview" as Path<Overview>,
  blocks: (before?: number): Path<{ blocks: BlockSummary[]; next: number | null }> => `blocks${query({ before })}`,
  block: (id: string): Path<Block> => `block/${id}`,
  tx: (hash: string): Path<Tx> => `tx/${hash}`,
  address: (address: string, before?: number): Path<Account> => `address/${address}${query({ before })}`,
  batches: "batches?limit=100" as Path<{ batches: Batch[] }>,
  batch: (hash: string): Path<Batch & { blocks: BlockSummary[] }> => `batch/${hash}`,
  disputes: "disputes?limit=100" as Path<{ games: DisputeClaim[]; problem: string | null }>,
  dispute: (game: string): Path<Dispute> => `dispute/${game}`,
  bridge: "bridge?limit=50" as Path<Bridge>,
  search: (text: string): Path<SearchResult> => `search/${encodeURIComponent(text)}`,
};

const TIMEOUT_MS = 15_000;

function failureOf(status: number): Failure {
  if (status === 404) return "not-found";
  return status >= 400 && status < 500 ? "bad-request" : "server";
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The answer to GET /api/PATH; rejects with an ApiError, or with the signal's reason when `signal` aborts. */
export async function get<T>(path: Path<T>, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let status: number;
  let text: string;
  try {
    const response = await fetch(`/api/${path}`, {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      headers: { accept: "application/json" },
    });
    status = response.status;
    text = await response.text();
  } catch {
    signal?.throwIfAborted();
    throw new ApiError(
      "unreachable",
      timeout.aborted ? `The node did not answer within ${TIMEOUT_MS / 1000} s.` : "The node does not answer.",
    );
  }
  const body = parse(text);
  if (status !== 200) {
    const words = typeof body?.error === "string" ? body.error : `The node answered with status ${status}.`;
    throw new ApiError(failureOf(status), words);
  }
  if (body === null) throw new ApiError("bad-answer", "The node's answer is not what this explorer expects.");
  return body as T;
}

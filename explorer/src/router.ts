// From the address bar to a page and back. Everything in a URL is checked here; pages get what they can use.
import { isAddress, isHash } from "./format/hex";

export const BASE = "/explorer";

export type Route =
  | { page: "overview" }
  | { page: "blocks"; before: number | undefined }
  | { page: "block"; id: string }
  | { page: "tx"; hash: string }
  | { page: "address"; address: string; before: number | undefined }
  | { page: "batches" }
  | { page: "batch"; hash: string }
  | { page: "disputes" }
  | { page: "dispute"; game: string }
  | { page: "bridge" }
  | { page: "contracts" }
  | { page: "search"; text: string }
  | { page: "not-found"; reason: string };

const notFound = (reason: string): Route => ({ page: "not-found", reason });
const NO_PAGE = "There is no such page.";
const MAX_SEARCH_CHARACTERS = 100;

const isBlockNumber = (text: string): boolean => /^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text));

/** Undefined where none is given or it is no block number: the list then starts at its newest. */
function beforeOf(query: URLSearchParams): number | undefined {
  const text = query.get("before") ?? "";
  return isBlockNumber(text) ? Number(text) : undefined;
}

type Parse = (argument: string, query: URLSearchParams) => Route;

const PLAIN: Record<string, Parse> = {
  "": () => ({ page: "overview" }),
  blocks: (_, query) => ({ page: "blocks", before: beforeOf(query) }),
  batches: () => ({ page: "batches" }),
  disputes: () => ({ page: "disputes" }),
  bridge: () => ({ page: "bridge" }),
  contracts: () => ({ page: "contracts" }),
  search: (_, query) => ({ page: "search", text: (query.get("q") ?? "").trim().slice(0, MAX_SEARCH_CHARACTERS) }),
};

const WITH_ARGUMENT: Record<string, Parse> = {
  block: (id) =>
    isBlockNumber(id) || isHash(id)
      ? { page: "block", id }
      : notFound("A block is named by its number or its hash of 32 bytes."),
  tx: (hash) =>
    isHash(hash) ? { page: "tx", hash } : notFound("A transaction is named by its hash: 0x and 64 hex digits."),
  address: (address, query) =>
    isAddress(address)
      ? { page: "address", address, before: beforeOf(query) }
      : notFound("An address is 0x and 40 hex digits."),
  dispute: (game) =>
    isAddress(game) ? { page: "dispute", game } : notFound("A dispute is named by its game: 0x and 40 hex digits."),
  batch: (hash) =>
    isHash(hash) ? { page: "batch", hash } : notFound("A batch is named by its L1 transaction: 0x and 64 hex digits."),
};

const own = <T>(table: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** The page of a location: its path with BASE, and its query. */
export function parseRoute(pathname: string, search = ""): Route {
  if (pathname !== BASE && !pathname.startsWith(`${BASE}/`)) return notFound(NO_PAGE);
  const [name = "", argument, ...more] = pathname
    .slice(BASE.length + 1)
    .replace(/\/$/, "")
    .split("/");
  if (more.length > 0) return notFound(NO_PAGE);
  const parse = own(argument === undefined ? PLAIN : WITH_ARGUMENT, name);
  return parse ? parse(argument ?? "", new URLSearchParams(search)) : notFound(NO_PAGE);
}

/** The address of "/block/12" in the browser. */
export const hrefOf = (path: string): string => BASE + path;

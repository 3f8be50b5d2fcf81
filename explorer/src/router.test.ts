import { expect, test } from "vitest";
import { hrefOf, parseRoute } from "./router";

const HASH = `0x${"ab".repeat(32)}`;
const ADDRESS = `0x${"Cd".repeat(20)}`;

test.each([
  ["/explorer", "", { page: "overview" }],
  ["/explorer/", "", { page: "overview" }],
  ["/explorer/blocks", "", { page: "blocks", before: undefined }],
  ["/explorer/blocks/", "?before=120", { page: "blocks", before: 120 }],
  ["/explorer/blocks", "?before=-1", { page: "blocks", before: undefined }],
  ["/explorer/block/0", "", { page: "block", id: "0" }],
  ["/explorer/block/12", "", { page: "block", id: "12" }],
  [`/explorer/block/${HASH}`, "", { page: "block", id: HASH }],
  [`/explorer/tx/${HASH}`, "", { page: "tx", hash: HASH }],
  [`/explorer/address/${ADDRESS}`, "?before=7", { page: "address", address: ADDRESS, before: 7 }],
  ["/explorer/batches", "", { page: "batches" }],
  [`/explorer/batch/${HASH}`, "", { page: "batch", hash: HASH }],
  ["/explorer/disputes", "", { page: "disputes" }],
  [`/explorer/dispute/${ADDRESS}`, "", { page: "dispute", game: ADDRESS }],
  ["/explorer/bridge", "", { page: "bridge" }],
  ["/explorer/contracts", "", { page: "contracts" }],
  ["/explorer/search", "?q=%2042%20", { page: "search", text: "42" }],
  ["/explorer/search", "", { page: "search", text: "" }],
])("%s%s", (pathname, search, route) => expect(parseRoute(pathname, search)).toEqual(route));

test.each([
  "/",
  "/explorers",
  "/explorer/nonsense",
  "/explorer/constructor",
  "/explorer/__proto__",
  "/explorer/block",
  "/explorer/blocks/12",
  "/explorer/block/-1",
  "/explorer/block/012",
  "/explorer/block/1e3",
  "/explorer/block/9007199254740993",
  "/explorer/block/12/13",
  "/explorer/block/%31",
  "/explorer/tx/0x12",
  `/explorer/tx/${HASH}00`,
  "/explorer/address/<script>",
  "/explorer/batch/..",
  "/explorer/dispute",
  `/explorer/dispute/${HASH}`,
  "/explorer//block/1",
])("%s is not found", (pathname) => expect(parseRoute(pathname).page).toBe("not-found"));

test("a search is cut to what the node takes", () => {
  const route = parseRoute("/explorer/search", `?q=${"x".repeat(5000)}`);
  expect(route.page === "search" && route.text.length).toBe(100);
});

test("links stay below the app's place", () => {
  expect(parseRoute(hrefOf("/block/12"))).toEqual({ page: "block", id: "12" });
});

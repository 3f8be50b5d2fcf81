import { afterEach, expect, test, vi } from "vitest";
import { ApiError, get, paths } from "./client";

afterEach(() => vi.unstubAllGlobals());

function answering(status: number, body: string) {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response(body, { status }));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

const failureOf = async (promise: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`no ApiError: ${String(error)}`);
  return error;
};

test("the answer is what the node said", async () => {
  const fetch = answering(200, '{"blocks":[],"next":null}');
  expect(await get(paths.blocks(12))).toEqual({ blocks: [], next: null });
  expect(fetch.mock.calls[0]![0]).toBe("/api/blocks?before=12");
});

test.each([
  [404, '{"error":"no block 9"}', "not-found", "no block 9"],
  [400, '{"error":"not a hash"}', "bad-request", "not a hash"],
  [500, '{"error":"broken"}', "server", "broken"],
  [502, "<html>Bad gateway</html>", "server", "The node answered with status 502."],
  [404, '{"error":{"deep":1}}', "not-found", "The node answered with status 404."],
  [200, "<html>", "bad-answer", "The node's answer is not what this explorer expects."],
  [200, "[]", "bad-answer", "The node's answer is not what this explorer expects."],
  [200, "null", "bad-answer", "The node's answer is not what this explorer expects."],
  [200, "", "bad-answer", "The node's answer is not what this explorer expects."],
])("status %d with %s", async (status, body, failure, words) => {
  answering(status, body);
  expect(await failureOf(get(paths.block("9")))).toMatchObject({ failure, message: words });
});

test("a node that is away is called so", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await failureOf(get(paths.overview))).toMatchObject({
    failure: "unreachable",
    message: "The node does not answer.",
  });
});

test("who stops asking gets the reason of the stop, not a failure of the node", async () => {
  vi.stubGlobal(
    "fetch",
    (_: string, { signal }: RequestInit) =>
      new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason as Error))),
  );
  const controller = new AbortController();
  const asked = get(paths.overview, controller.signal);
  controller.abort(new Error("left the page"));
  await expect(asked).rejects.toThrow("left the page");
});

test("what somebody typed cannot leave its place in the path", () => {
  expect(paths.search("../block/1?x=#")).toBe("search/..%2Fblock%2F1%3Fx%3D%23");
});

import { expect, test } from "vitest";
import type { StepName, Timeline, TimelineStep } from "./api/types";
import { viewTimeline, watchInterval } from "./timeline";

const NAMES: StepName[] = ["mini-block", "sealed", "batch", "safe", "proposed", "finalized"];
const HASH = `0x${"11".repeat(32)}`;

/** Times of the steps that are done, by name; the rest is open. */
function timeline(
  done: Partial<Record<StepName, number | null>>,
  more: Partial<Record<StepName, Partial<TimelineStep>>> = {},
): Timeline {
  return {
    status: "sealed",
    waitsFor: "the batch",
    steps: NAMES.map((name) => ({
      name,
      done: name in done,
      atMs: done[name] ?? null,
      l1TransactionHash: null,
      l1BlockNumber: null,
      note: null,
      ...more[name],
    })),
  };
}

const statesOf = (t: Timeline) => viewTimeline(t).steps.map(({ state }) => state);

test("the first open step is the current one", () => {
  expect(statesOf(timeline({}))).toEqual(["current", "pending", "pending", "pending", "pending", "pending"]);
  expect(statesOf(timeline({ "mini-block": 1, sealed: 2 }))).toEqual([
    "done",
    "done",
    "current",
    "pending",
    "pending",
    "pending",
  ]);
});

test("finalized before proposed: the proposal is still open", () => {
  const view = viewTimeline(timeline({ "mini-block": 1, sealed: 2, batch: 3, safe: 4, finalized: 5 }));
  expect(view.steps.map(({ state }) => state)).toEqual(["done", "done", "done", "done", "current", "done"]);
  expect(view.isComplete).toBe(false);
});

test("each time is told from the one before that is known", () => {
  const view = viewTimeline(timeline({ "mini-block": null, sealed: 1000, batch: null, safe: 5000 }));
  expect(view.steps.map(({ afterMs }) => afterMs)).toEqual([null, null, null, 4000, null, null]);
});

test("a clock that went back tells no span", () => {
  expect(viewTimeline(timeline({ "mini-block": 2000, sealed: 1500 })).steps[1]!.afterMs).toBeNull();
});

test("what happened at once took no time worth telling", () => {
  expect(viewTimeline(timeline({ batch: 2000, safe: 2000 })).steps[3]!.afterMs).toBeNull();
});

test("an open proposal of what is finalized keeps nothing waiting", () => {
  expect(viewTimeline({ ...timeline({ finalized: 1 }), waitsFor: "nothing" }).waits).toBeNull();
});

test("in the pool, the reason is a sentence already", () => {
  const waiting: Timeline = { ...timeline({}), status: "waiting", waitsFor: "its fee cap is too low" };
  expect(viewTimeline(waiting).waits).toBe("Its fee cap is too low");
});

test("an open step has no time, whatever the answer says", () => {
  expect(viewTimeline(timeline({}, { sealed: { atMs: 99 } })).steps[1]!.atMs).toBeNull();
});

test("the batch has a page once it is on L1; a proposal is a transaction only", () => {
  const at = { l1TransactionHash: HASH, l1BlockNumber: 7 };
  const view = viewTimeline(
    timeline({ "mini-block": 1, sealed: 2, batch: 3, safe: 4, proposed: 5 }, { batch: at, proposed: at }),
  );
  expect(view.steps[2]!.batch).toBe(`/batch/${HASH}`);
  expect(view.steps[4]).toMatchObject({ batch: null, ...at });
  expect(viewTimeline(timeline({}, { batch: at })).steps[2]!.batch).toBeNull();
});

test("what is complete waits for nothing and is not watched any more", () => {
  const open = timeline({ "mini-block": 1 });
  const complete = timeline(Object.fromEntries(NAMES.map((name, i) => [name, i])));
  expect(viewTimeline(open)).toMatchObject({ isComplete: false, waits: "Waits for the batch" });
  expect(viewTimeline(complete)).toMatchObject({ isComplete: true, waits: null });
  expect(watchInterval({ timeline: open })).toBe(2000);
  expect(watchInterval(null)).toBe(2000);
  expect(watchInterval({ timeline: complete })).toBeNull();
});

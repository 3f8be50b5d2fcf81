// A block's or transaction's way to finality, ready to be drawn.
import type { StepName, Timeline } from "./api/types";

export type StepState = "done" | "current" | "pending";

export interface StepView {
  name: StepName;
  title: string;
  state: StepState;
  atMs: number | null;
  /** Since the step before it whose time is known. */
  afterMs: number | null;
  /** Page of the batch that carries it. */
  batch: string | null;
  l1TransactionHash: string | null;
  l1BlockNumber: number | null;
  note: string | null;
}

export interface TimelineView {
  steps: StepView[];
  isComplete: boolean;
  /** A sentence; null where nothing is open. */
  waits: string | null;
}

const TITLES: Record<StepName, string> = {
  "mini-block": "Mini-block",
  sealed: "Sealed",
  batch: "Batch on L1",
  safe: "Safe",
  proposed: "Proposed",
  finalized: "Finalized",
};

/** The pool's reasons are sentences of their own; all others name what is waited for. */
function tellWait({ status, waitsFor }: Timeline): string | null {
  if (waitsFor === null || waitsFor === "" || waitsFor === "nothing") return null;
  return status === "waiting" ? waitsFor.charAt(0).toUpperCase() + waitsFor.slice(1) : `Waits for ${waitsFor}`;
}

/** Steps may be done out of order (a chain that proposes rarely is finalized first): the first that is open is the current one. */
export function viewTimeline(timeline: Timeline): TimelineView {
  const current = timeline.steps.findIndex((step) => !step.done);
  let known_ms: number | null = null;
  const steps = timeline.steps.map((step, i): StepView => {
    const atMs = step.done ? step.atMs : null;
    const afterMs = atMs !== null && known_ms !== null && atMs > known_ms ? atMs - known_ms : null;
    known_ms = atMs ?? known_ms;
    return {
      name: step.name,
      title: TITLES[step.name] ?? step.name,
      state: step.done ? "done" : i === current ? "current" : "pending",
      atMs,
      afterMs,
      batch:
        step.name === "batch" && step.done && step.l1TransactionHash !== null
          ? `/batch/${step.l1TransactionHash}`
          : null,
      l1TransactionHash: step.l1TransactionHash,
      l1BlockNumber: step.l1BlockNumber,
      note: step.note,
    };
  });
  return {
    steps,
    isComplete: current === -1,
    waits: current === -1 ? null : tellWait(timeline),
  };
}

const WATCH_MS = 2000;

/** How often to look at it again; null when nothing is open any more. An answer is missing: it may come. */
export const watchInterval = (latest: { timeline: Timeline } | null): number | null =>
  latest !== null && latest.timeline.steps.every((step) => step.done) ? null : WATCH_MS;

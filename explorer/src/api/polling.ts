// Asks again and again, one question at a time, and not while nobody looks.

export interface Polling<T> {
  load: (signal: AbortSignal) => Promise<T>;
  /** How long to wait after an answer (null: after a failure); null ends it. */
  nextAfterMs: (latest: T | null) => number | null;
  onAnswer: (value: T) => void;
  onFailure: (error: unknown) => void;
}

export interface Visibility {
  readonly hidden: boolean;
  addEventListener(type: "visibilitychange", listener: () => void): void;
  removeEventListener(type: "visibilitychange", listener: () => void): void;
}

/** A node that takes long to answer is asked less often: the pause is at least so many times what the answer took. */
const PAUSE_FACTOR = 4;

/** Starts at once; returns what stops it. After that no callback runs. */
export function startPolling<T>(polling: Polling<T>, page: Visibility = document): () => void {
  const stopped = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = false; // the time came while the page was hidden

  const schedule = (latest: T | null, took_ms: number) => {
    const delay_ms = polling.nextAfterMs(latest);
    if (delay_ms !== null) timer = setTimeout(run, Math.max(delay_ms, PAUSE_FACTOR * took_ms));
  };
  const ask = async () => {
    const started_ms = performance.now();
    try {
      const value = await polling.load(stopped.signal);
      if (stopped.signal.aborted) return;
      polling.onAnswer(value);
      schedule(value, performance.now() - started_ms);
    } catch (error) {
      if (stopped.signal.aborted) return;
      polling.onFailure(error);
      schedule(null, 0);
    }
  };
  const run = () => {
    due = page.hidden;
    if (!due) void ask();
  };
  const onVisibility = () => {
    if (due && !page.hidden) run();
  };

  page.addEventListener("visibilitychange", onVisibility);
  void ask();
  return () => {
    stopped.abort();
    clearTimeout(timer);
    page.removeEventListener("visibilitychange", onVisibility);
  };
}

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startPolling, type Polling } from "./polling";

class Page {
  hidden = false;
  #listeners = new Set<() => void>();
  addEventListener(_: string, listener: () => void) {
    this.#listeners.add(listener);
  }
  removeEventListener(_: string, listener: () => void) {
    this.#listeners.delete(listener);
  }
  show(visible: boolean) {
    this.hidden = !visible;
    for (const listener of this.#listeners) listener();
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(page: Page, more: Partial<Polling<number>> = {}) {
  let asked = 0;
  const seen: unknown[] = [];
  const stop = startPolling<number>(
    {
      load: async () => ++asked,
      nextAfterMs: () => 1000,
      onAnswer: (value) => seen.push(value),
      onFailure: (error) => seen.push(error),
      ...more,
    },
    page,
  );
  return { seen, stop };
}

test("asks at once, then after each interval, until stopped", async () => {
  const { seen, stop } = start(new Page());
  await vi.advanceTimersByTimeAsync(2500);
  expect(seen).toEqual([1, 2, 3]);
  stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(seen).toEqual([1, 2, 3]);
});

test("rests while nobody looks, asks as soon as somebody does", async () => {
  const page = new Page();
  const { seen, stop } = start(page);
  await vi.advanceTimersByTimeAsync(500);
  page.show(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen).toEqual([1]);
  page.show(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(seen).toEqual([1, 2]);
  stop();
});

test("a short look away does not double the questions", async () => {
  const page = new Page();
  const { seen, stop } = start(page);
  await vi.advanceTimersByTimeAsync(100);
  page.show(false);
  page.show(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen).toEqual([1, 2]);
  stop();
});

test("a failure is told, and asked about again", async () => {
  let asked = 0;
  const load = async () => {
    if (++asked === 1) throw new Error("away");
    return asked;
  };
  const { seen, stop } = start(new Page(), { load });
  await vi.advanceTimersByTimeAsync(1500);
  expect(seen).toEqual([new Error("away"), 2]);
  stop();
});

test("who answers slowly is asked less often", async () => {
  let asked = 0;
  const load = () => new Promise<number>((resolve) => setTimeout(() => resolve(++asked), 1000));
  const { seen, stop } = start(new Page(), { load });
  await vi.advanceTimersByTimeAsync(5500); // 1 s to answer, 4 s of pause, and the second is under way
  expect(seen).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen).toEqual([1, 2]);
  stop();
});

test("ends where the answer says so", async () => {
  const { seen } = start(new Page(), { nextAfterMs: (latest) => (latest === 2 ? null : 10) });
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen).toEqual([1, 2]);
});

test("an answer that comes after the stop is dropped", async () => {
  const { seen, stop } = start(new Page(), { load: () => new Promise((resolve) => setTimeout(() => resolve(1), 100)) });
  stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen).toEqual([]);
});

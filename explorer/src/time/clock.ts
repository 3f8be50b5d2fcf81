// The chain's clock as this page knows it, and one tick for everything that shows an age.
import { useEffect, useState } from "preact/hooks";

const TOLERANCE_MS = 2500; // below that the difference is the way of the answer, not another clock
let offset_ms = 0;

/** The node says what time it has: a devnet's time may have been moved. */
export function setNodeTime(node_ms: number): void {
  const difference = node_ms - Date.now();
  offset_ms = Math.abs(difference) > TOLERANCE_MS ? difference : 0;
}

export const nowMs = (): number => Date.now() + offset_ms;

const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    if (!document.hidden) for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The time, renewed each second. */
export function useNow(): number {
  const [, setTick] = useState(0);
  useEffect(() => listen(() => setTick((tick) => tick + 1)), []);
  return nowMs();
}

import { useEffect, useState } from "preact/hooks";
import { ApiError, get, type Path } from "./client";
import { startPolling } from "./polling";

export interface Resource<T> {
  /** The newest answer; stays while later questions fail. */
  data: T | null;
  error: ApiError | null;
}

/** How often to ask: an interval, or what follows from the newest answer (null: from a failure); null ends it. */
export type Refresh<T> = number | null | ((latest: T | null) => number | null);

const RETRY_MS = 3000;

/** What is at `path`, kept fresh. Another path starts from nothing. */
export function useResource<T>(path: Path<T>, refresh: Refresh<T>): Resource<T> {
  const [state, setState] = useState<Resource<T> & { path: string }>({ path, data: null, error: null });
  useEffect(
    () =>
      startPolling<T>({
        load: (signal) => get(path, signal),
        nextAfterMs: (latest) => {
          if (typeof refresh === "function") return refresh(latest);
          return latest === null ? RETRY_MS : refresh;
        },
        onAnswer: (data) => setState({ path, data, error: null }),
        onFailure: (error) =>
          setState((old) => ({
            path,
            data: old.path === path ? old.data : null,
            error: error instanceof ApiError ? error : new ApiError("bad-answer", String(error)),
          })),
      }),
    [path, typeof refresh === "function" ? null : refresh],
  );
  return state.path === path ? state : { data: null, error: null };
}

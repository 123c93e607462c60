import { useState } from 'preact/hooks';

/** Something a person started. */
export interface Action<A extends unknown[]> {
  busy: boolean;
  /** What the last try threw. */
  error: unknown;
  /** Starts it, once at a time. */
  run: (...values: A) => void;
  /** Forgets the error. */
  clear: () => void;
}

/** Does one thing at a time and keeps what it threw for the page to show. */
export function useAction<A extends unknown[]>(act: (...values: A) => Promise<void>): Action<A> {
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  return {
    busy: state.busy,
    error: state.error,
    clear: () => setState({ busy: false }),
    run: (...values) => {
      if (state.busy) return;
      setState({ busy: true });
      act(...values).then(
        () => setState({ busy: false }),
        (error: unknown) => setState({ busy: false, error }),
      );
    },
  };
}

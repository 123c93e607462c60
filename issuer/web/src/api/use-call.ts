import { useEffect, useState } from 'preact/hooks';

/** What became of a question: asked, answered, or refused with what was thrown. */
export interface Asked<T> {
  value?: T;
  error?: unknown;
  /** Asks again; what was answered stays until the new answer is there. */
  again: () => void;
}

/** Asks when the component appears and whenever `about` changes. */
export function useCall<T>(ask: (signal: AbortSignal) => Promise<T>, about: readonly unknown[]): Asked<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ value?: T; error?: unknown }>({});
  useEffect(() => {
    const gone = new AbortController();
    ask(gone.signal).then(
      (value) => !gone.signal.aborted && setState({ value }),
      (error: unknown) => !gone.signal.aborted && setState((before) => ({ ...before, error })),
    );
    return () => gone.abort();
  }, [...about, round]);
  return { ...state, again: () => setRound((one) => one + 1) };
}

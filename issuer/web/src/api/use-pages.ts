import { useEffect, useRef, useState } from 'preact/hooks';

/** A long list that is read page by page. */
export interface Pages<T> {
  rows: readonly T[];
  error?: unknown;
  busy: boolean;
  /** There is more to read. */
  hasMore: boolean;
  more: () => void;
}

/** Reads the first page when the component appears or `about` changes, further ones when asked. */
export function usePages<T>(
  read: (after: string | undefined, signal: AbortSignal) => Promise<{ rows: readonly T[]; next?: string | undefined }>,
  about: readonly unknown[],
): Pages<T> {
  const [state, setState] = useState<{ rows: readonly T[]; next?: string | undefined; error?: unknown }>({ rows: [] });
  const [asked, setAsked] = useState<{ after?: string | undefined; about: string }>();
  const key = JSON.stringify(about);
  const [busy, setBusy] = useState(true);
  const shown = useRef('');
  useEffect(() => {
    const gone = new AbortController();
    const isFurther = shown.current === key && asked?.about === key;
    const after = isFurther ? asked.after : undefined;
    shown.current = key;
    setBusy(true);
    read(after, gone.signal).then(
      ({ rows, next }) => {
        if (gone.signal.aborted) return;
        setState((before) => ({ rows: after === undefined ? rows : [...before.rows, ...rows], next }));
        setBusy(false);
      },
      (error: unknown) => {
        if (gone.signal.aborted) return;
        setState((before) => (after === undefined ? { rows: [], error } : { ...before, error }));
        setBusy(false);
      },
    );
    return () => gone.abort();
  }, [key, asked]);
  return {
    rows: state.rows,
    error: state.error,
    busy,
    hasMore: state.next !== undefined,
    more: () => setAsked({ after: state.next, about: key }),
  };
}

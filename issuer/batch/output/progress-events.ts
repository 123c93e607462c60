import type { BatchProgress } from '../types.js';

/** Comment that keeps proxies from closing a quiet stream. */
const HEARTBEAT = ': still here\n\n';

/** What a stream of progress needs. */
export interface ProgressSource {
  /** Calls back at once and with every change, also those made by other processes; returns how to stop. */
  subscribe: (listener: (progress: BatchProgress) => void) => () => void;
  /** The client is gone. */
  signal: AbortSignal;
  /** The service is shutting down. */
  closing: () => boolean;
  /** Between two signs of life, milliseconds. */
  heartbeatMs?: number;
  /** Longest a stream lasts, milliseconds; the client then comes again (and is asked for its key again). */
  mostMs?: number;
}

/** Does nothing more happen to a batch in this state? */
export function isOver({ state }: Pick<BatchProgress, 'state'>): boolean {
  return state === 'done' || state === 'cancelled';
}

/**
 * Progress of a batch as server-sent events (WHATWG HTML §9.2): `progress` with a {@link BatchProgress} as data, then `end` when
 * nothing more will happen. A reader that is too slow misses what lies between: only the newest state waits for it.
 */
export async function* progressEvents(source: ProgressSource): AsyncGenerator<string> {
  const { signal, closing, heartbeatMs = 15_000, mostMs = 3_600_000 } = source;
  let newest: BatchProgress | undefined;
  let wake = (): void => undefined;
  const stop = source.subscribe((progress) => {
    newest = progress;
    wake();
  });
  const leave = (): void => wake();
  signal.addEventListener('abort', leave);
  const end = Date.now() + mostMs;
  try {
    let beat = Date.now();
    while (!signal.aborted && !closing() && Date.now() < end) {
      if (newest) {
        const progress: BatchProgress = newest;
        newest = undefined;
        yield `event: progress\ndata: ${JSON.stringify(progress)}\n\n`;
        beat = Date.now();
        if (isOver(progress)) {
          yield 'event: end\ndata: {}\n\n';
          return;
        }
      } else if (Date.now() - beat >= heartbeatMs) {
        yield HEARTBEAT;
        beat = Date.now();
      } else {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(1000, heartbeatMs));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          if (newest ?? signal.aborted) wake();
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', leave);
    stop();
  }
}

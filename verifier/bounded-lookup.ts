import { YizhengError } from '../shared/errors.js';
import { verifierBusy } from './verifier-busy.js';

/** Limits of what strangers can make the verifier look up. */
export interface LookupLimits {
  /** Most look-ups running at once; one more is refused. */
  atOnce: number;
  /** How long an answer is kept, also that there is none, milliseconds. */
  keepMs: number;
  /** Most answers kept. */
  kept: number;
}

/**
 * Remembers answers for a while and refuses to look up too much at once.
 * @param look gets one answer; what it throws is kept like an answer
 * @returns throws YizhengError `VERIFIER_BUSY` (503) beyond `atOnce`
 */
export function boundedLookup<T>(
  look: (key: string) => Promise<T>,
  { atOnce, keepMs, kept }: LookupLimits,
): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  let running = 0;
  return (key) => {
    const known = answers.get(key);
    if (known) return known;
    if (running >= atOnce) throw verifierBusy();
    running++;
    const answer = look(key).finally(() => {
      running--;
      setTimeout(() => answers.delete(key), keepMs).unref();
    });
    answers.set(key, answer);
    for (const oldest of answers.keys()) {
      if (answers.size <= kept) break;
      answers.delete(oldest);
    }
    return answer;
  };
}

/** Gives up on a host that heeds no signal. @throws YizhengError `FETCH_TIMEOUT` (504) */
export function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener(
      'abort',
      () => reject(new YizhengError('FETCH_TIMEOUT', 'The host did not answer in time.', { status: 504 })),
      { once: true },
    ),
  );
}

import { YizhengError } from '../shared/errors.js';

/**
 * Lets this many questions be answered at once: whoever asks beyond that is told to come back, instead of making everybody wait.
 * @returns runs one; throws YizhengError `REGISTRY_BUSY` (503)
 */
export function limitInFlight(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  return async (run) => {
    if (running >= most)
      throw new YizhengError('REGISTRY_BUSY', 'Too many questions are being answered; ask again in a moment.', {
        status: 503,
      });
    running++;
    try {
      return await run();
    } finally {
      running--;
    }
  };
}

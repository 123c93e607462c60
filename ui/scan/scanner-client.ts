import { asking, type Ask } from '../worker/rpc.js';
import { createWorker, type RunningWorker } from '../worker/create-worker.js';
import type { Scanner } from './scan-worker.js';

/** The scanning thread, running. */
export interface RunningScanner {
  ask: Ask<Scanner>;
}

let running: Promise<{ worker: RunningWorker; ask: Ask<Scanner> }> | undefined;

/**
 * The one scanning thread, its decoder loaded. It is kept from one scan to the next, and begins while the camera is still being turned
 * on, so that the first frame waits for nothing.
 */
export function scanner(): Promise<RunningScanner> {
  const begun = (running ??= begin());
  begun.catch(() => {
    if (running === begun) running = undefined;
  });
  return begun;
}

/** Ends the thread, which may hang; the next scan begins another. */
export function endScanner(): void {
  const ended = running;
  running = undefined;
  ended?.then(
    ({ worker }) => worker.end(),
    () => undefined,
  );
}

async function begin(): Promise<{ worker: RunningWorker; ask: Ask<Scanner> }> {
  const worker = await createWorker('scan');
  const ask = asking<Scanner>(worker.port);
  await ask('warm', undefined);
  return { worker, ask };
}

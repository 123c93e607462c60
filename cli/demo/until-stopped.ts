import type { Logger } from 'pino';

const PUBLISH_EVERY_MS = 30_000;

/**
 * Resolves when the process is asked to stop (Ctrl-C, SIGTERM, the terminal closed). Until then repeats `publish`, one at a time; what
 * fails is logged and tried again.
 */
export async function untilStopped(publish: () => Promise<void>, logger: Logger): Promise<void> {
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(publish).catch((error: unknown) => logger.error({ err: error }, 'publishing failed'));
  }, PUBLISH_EVERY_MS);
  await stopped;
  clearInterval(timer);
  await running;
}

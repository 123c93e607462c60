/**
 * Resolves when the process is asked to stop (SIGTERM, Ctrl-C, the terminal closed). A second time ends it at once; whatever it was
 * doing is completed by the next start.
 */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve(signal);
      });
  });
}

let source: string | undefined;

/** Remembers the one script of the file: workers run it again, and it sees that it is in a worker. */
export function setWorkerScript(script: string): void {
  source = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
}

/** Where workers of the single file are loaded from. */
export function workerSource(): { url: string; type: WorkerType } {
  if (source === undefined) throw new TypeError('the script of the file is not known');
  return { url: source, type: 'classic' };
}

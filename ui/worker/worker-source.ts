/** Where workers of the app that is served are loaded from: beside the page; the single file has its own source. */
export function workerSource(): { url: string; type: WorkerType } {
  return { url: new URL('worker.js', document.baseURI).href, type: 'module' };
}

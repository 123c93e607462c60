import { scriptUrl } from '../app/trusted-types.js';
import { READY } from './begin-role.js';
import { roleModule, type Role } from './roles.js';
import type { Port } from './rpc.js';
import { workerSource } from './worker-source.js';

/** A worker that listens, or its stand-in in this thread where workers are not to be had. */
export interface RunningWorker {
  port: Port;
  /** Whether it runs in a thread of its own. */
  ownThread: boolean;
  /** Ends it at once, whatever it is doing; only a thread of its own can be ended. */
  end(): void;
}

const START_MS = 20_000;

/** Starts a worker for a role; where a browser refuses workers (some do for `file:`), the role runs in this thread. */
export async function createWorker(role: Role): Promise<RunningWorker> {
  try {
    return await startThread(role);
  } catch {
    return startHere(role);
  }
}

function startThread(role: Role): Promise<RunningWorker> {
  const { url, type } = workerSource();
  const worker = new Worker(scriptUrl(url), { type, name: role });
  return new Promise((resolve, reject) => {
    const give = (error: Error): void => {
      worker.terminate();
      reject(error);
    };
    const timer = setTimeout(() => give(new Error('the worker did not start')), START_MS);
    worker.addEventListener('error', () => give(new Error('the worker did not load')), { once: true });
    worker.addEventListener('message', function ready(event: MessageEvent) {
      if (event.data !== READY) return;
      clearTimeout(timer);
      worker.removeEventListener('message', ready);
      resolve({ port: worker, ownThread: true, end: () => worker.terminate() });
    });
  });
}

async function startHere(role: Role): Promise<RunningWorker> {
  const { port1, port2 } = new MessageChannel();
  const { start } = await roleModule(role)();
  start(port2);
  port1.start();
  port2.start();
  return { port: port1, ownThread: false, end: () => port1.close() };
}

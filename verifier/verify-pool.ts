import { Worker } from 'node:worker_threads';
import { readImageHeader } from '../shared/carrier/image-header.js';
import { YizhengError } from '../shared/errors.js';
import type { HeldState } from '../shared/trust/import-bundle.js';
import { verifierBusy } from './verifier-busy.js';
import type { FromWorker, Job, JobResult, ToWorker } from './worker-messages.js';

/** Limits of the threads that verify. */
export interface PoolLimits {
  /** Threads. */
  workers: number;
  /** Longest a JSON credential or presentation may take, milliseconds (SECURITY F15). */
  jsonMs: number;
  /** Longest a picture or PDF may take, milliseconds. */
  fileMs: number;
  /** Most jobs waiting; one more is refused. */
  queue: number;
  /** Most memory of a thread's heap, MiB. */
  heapMb: number;
}

/** Measured on two cores at a load of 15: a certificate takes 0.3–0.8 s, its PDF 0.3–1.3 s; on a quiet machine a certificate takes 0.06 s. */
export const DEFAULT_POOL_LIMITS: PoolLimits = { workers: 2, jsonMs: 2000, fileMs: 10_000, queue: 64, heapMb: 512 };

interface Waiting {
  job: Job;
  resolve: (result: JobResult) => void;
  reject: (error: unknown) => void;
}

interface Slot {
  worker: Worker;
  ready: boolean;
  current?: Waiting & { id: number; timer: NodeJS.Timeout };
}

/** Threads that verify, each one thing at a time; a thread that takes too long is ended and replaced. */
export interface VerifyPool {
  /**
   * Runs one job.
   * @throws YizhengError what the job threw, `VERIFICATION_TIMEOUT` (422), `VERIFIER_BUSY` (503), `VERIFIER_FAILED` (500)
   */
  run(job: Job): Promise<JobResult>;
  /** Hands new trust data to every thread. */
  setTrust(anchor: string, state: HeldState): void;
  close(): Promise<void>;
}

/**
 * Starts the threads.
 * @param limits {@link DEFAULT_POOL_LIMITS} unless given
 */
export function createVerifyPool(limits: Partial<PoolLimits> = {}): VerifyPool {
  return new Pool({ ...DEFAULT_POOL_LIMITS, ...limits });
}

class Pool implements VerifyPool {
  private readonly trust = new Map<string, HeldState>();
  private readonly queue: Waiting[] = [];
  private readonly slots = new Set<Slot>();
  private lastId = 0;
  private closed = false;

  constructor(private readonly limits: PoolLimits) {
    for (let i = 0; i < limits.workers; i++) this.start();
  }

  run(job: Job): Promise<JobResult> {
    if (this.closed || this.queue.length >= this.limits.queue) return Promise.reject(verifierBusy());
    if (this.slots.size === 0) this.start();
    return new Promise((resolve, reject) => {
      this.queue.push({ job, resolve, reject });
      this.next();
    });
  }

  setTrust(anchor: string, state: HeldState): void {
    this.trust.set(anchor, state);
    for (const { worker } of this.slots) tell(worker, { type: 'trust', anchor, state });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.queue.splice(0)) reject(verifierBusy());
    await Promise.all([...this.slots].map(({ worker }) => worker.terminate()));
  }

  private start(): void {
    const worker = new Worker(new URL('./verify-worker.js', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: this.limits.heapMb },
    });
    const slot: Slot = { worker, ready: false };
    this.slots.add(slot);
    for (const [anchor, state] of this.trust) tell(worker, { type: 'trust', anchor, state });
    worker.on('message', (message: FromWorker) => this.hear(slot, message));
    worker.on('error', (cause) => this.end(slot, failed(cause)));
    worker.on('exit', () => this.end(slot, failed(undefined)));
  }

  private hear(slot: Slot, message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        slot.ready = true;
        break;
      case 'done':
      case 'failed': {
        const { current } = slot;
        if (current?.id !== message.id) return;
        clearTimeout(current.timer);
        delete slot.current;
        if (message.type === 'done') current.resolve(message.result);
        else {
          const { code, message: text, ...more } = message.error;
          current.reject(new YizhengError(code, text, more));
        }
      }
    }
    this.next();
  }

  private next(): void {
    for (const slot of this.slots) {
      if (!slot.ready || slot.current) continue;
      const waiting = this.queue.shift();
      if (!waiting) return;
      const id = ++this.lastId;
      const timer = setTimeout(() => this.end(slot, tooLong()), this.limitOf(waiting.job));
      slot.current = { ...waiting, id, timer };
      tell(slot.worker, { type: 'job', id, job: waiting.job });
    }
  }

  private limitOf(job: Job): number {
    return job.kind === 'carrier' && isPictureOrPdf(job.carrier) ? this.limits.fileMs : this.limits.jsonMs;
  }

  private end(slot: Slot, reason: YizhengError): void {
    if (!this.slots.delete(slot)) return;
    if (slot.current) {
      clearTimeout(slot.current.timer);
      slot.current.reject(reason);
    }
    void slot.worker.terminate();
    if (this.closed) return;
    if (slot.ready) this.start();
    // A thread that cannot even start will not start the next time; those waiting must not wait for ever.
    else if (this.slots.size === 0) for (const { reject } of this.queue.splice(0)) reject(reason);
  }
}

function isPictureOrPdf(carrier: Uint8Array | string): boolean {
  if (typeof carrier === 'string') return false;
  return readImageHeader(carrier) !== undefined || Buffer.from(carrier.subarray(0, 1024)).includes('%PDF-');
}

function tell(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}

function tooLong(): YizhengError {
  return new YizhengError('VERIFICATION_TIMEOUT', 'It took too long to check and was given up.', { status: 422 });
}

function failed(cause: unknown): YizhengError {
  return new YizhengError('VERIFIER_FAILED', 'The verification could not be finished inside the service.', {
    status: 500,
    cause,
  });
}

import type { KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PackedTexts } from './custody.js';
import { digestsWith } from './hmac-key.js';
import type { HmacAnswer, HmacRequest } from './hmacs/messages.js';

/** Texts at once that are worth a message. */
const MANY = 500;
/** How often so many come before the thread is started: a short list is done before it would run. */
const BEFORE_START = 6;
/** How long it waits for more. */
const IDLE_MS = 1000;
const MEMORY = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 };

interface Job extends HmacRequest {
  resolve(digests: Uint8Array): void;
  reject(error: unknown): void;
}

/**
 * Makes the HMACs of long lists in a thread, while the caller does something else. The thread is started when lists keep coming and ended
 * when none do. Without it, or should it be lost, they are made where they are asked for.
 */
export class HmacThread {
  readonly #jobs = new Map<number, Job>();
  #worker: Worker | undefined;
  #isReady = false;
  /** There is one processor only, or a thread could not be started. */
  #isUseless = availableParallelism() < 2;
  #asked = 0;
  #idle: NodeJS.Timeout | undefined;

  /** Whether the next long list is done in the thread. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /**
   * @param key 64 bytes at most
   * @param texts done in the thread where they lie in shared memory; not to be changed before the answer
   * @returns 32 bytes for each text, in order
   */
  digests(key: KeyObject, texts: PackedTexts): Promise<Uint8Array> {
    const isLong = texts.bytes.buffer instanceof SharedArrayBuffer && texts.ends.length >= MANY;
    if (isLong && ++this.#asked > BEFORE_START) this.#start();
    const worker = this.#worker;
    if (!isLong || !this.#isReady || !worker) return Promise.resolve(digestsWith(key, texts));
    clearTimeout(this.#idle);
    const request: HmacRequest = { id: this.#asked, key, texts };
    return new Promise((resolve, reject) => {
      this.#jobs.set(request.id, { ...request, resolve, reject });
      worker.ref();
      worker.postMessage(request);
    });
  }

  #start(): void {
    if (this.#worker || this.#isUseless) return;
    const worker = new Worker(new URL('./hmacs/thread.js', import.meta.url), { resourceLimits: MEMORY });
    this.#worker = worker;
    worker.unref();
    worker.once('online', () => {
      this.#isReady = true;
      this.#rest();
    });
    worker.on('message', (answer: HmacAnswer) => this.#settle(answer));
    worker.on('error', () => {
      this.#isUseless = true;
    });
    worker.once('exit', () => this.#forget(worker));
  }

  #settle({ id, digests }: HmacAnswer): void {
    this.#jobs.get(id)?.resolve(digests);
    this.#jobs.delete(id);
    this.#rest();
  }

  /** Ends the thread when nothing comes any more; until then it keeps no process alive. */
  #rest(): void {
    if (this.#jobs.size > 0 || !this.#worker) return;
    const worker = this.#worker;
    worker.unref();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.#forget(worker);
      void worker.terminate();
    }, IDLE_MS).unref();
  }

  #forget(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#isReady = false;
    this.#asked = 0;
    const left = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const job of left) doHere(job);
  }
}

function doHere(job: Job): void {
  try {
    job.resolve(digestsWith(job.key, job.texts));
  } catch (error) {
    job.reject(error);
  }
}

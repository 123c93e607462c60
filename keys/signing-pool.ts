import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CertificateRecord } from '../shared/certificate/record.js';
import { YizhengError } from '../shared/errors.js';
import type { BulkSigner } from './bulk-signer.js';
import { answerTemplates } from './signing/answer-templates.js';
import { checkSample } from './check-sample.js';
import { jsonAt } from './made-certificates.js';
import { privateKeyIn, type Keystore } from './keystore.js';
import type {
  SigningAnswer,
  SigningRequest,
  SigningThreadData,
  SigningWork,
  TemplateQuestion,
} from './signing/messages.js';
import { unpackCertificates, type PackedCertificates } from './signing/packed-certificates.js';
import { packPlans, transferablePlans } from './signing/packed-plans.js';
import { spareRoom } from './signing/packer-room.js';

/** Certificates a thread signs between two messages: a few milliseconds. */
const CHUNK = 128;
/** Chunks a thread holds: one it signs and one so that it need not wait for the next. */
const CHUNKS_PER_THREAD = 2;
/** What a thread makes is short-lived: a small nursery keeps memory flat at no measurable cost. */
const THREAD_MEMORY = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };
const CREATED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Signs many certificates with one key on several threads. */
export interface SigningPool extends BulkSigner {
  /**
   * Signs records and waits for all of them; give a few thousand at a time and memory stays flat.
   * @param records parsed records
   * @param created `proof.created` of all, RFC 3339 UTC with whole seconds
   * @returns JSON text of each signed credential, in order
   * @throws YizhengError `PROOF_CREATED_FORMAT`, `KEY_NOT_ACTIVE` (409) also when another process retired the key,
   *   `SIGNING_POOL_CLOSED` (503), `SIGNING_THREAD_LOST` (503), the codes of the compiled suite with the record's place;
   *   nothing of the batch is returned then
   */
  sign(records: readonly CertificateRecord[], created: string): Promise<string[]>;
  /** Ends the threads, after what was asked of them before. */
  close(): Promise<void>;
}

/**
 * Starts threads that sign with a key of the keystore. The private key stays in code of `keys/`: threads get a handle of it.
 * @param options `keyId`: an active key; `threads`: as many as there are processors unless given
 * @throws YizhengError `KEY_NOT_FOUND` (404), `KEY_NOT_ACTIVE` (409)
 */
export function createSigningPool(options: { keystore: Keystore; keyId: string; threads?: number }): SigningPool {
  const { keystore, keyId, threads = availableParallelism() } = options;
  const pool = new Threads(threads, { keyId, privateKey: privateKeyIn(keystore, keyId) });
  const inChunks = async (created: string, count: number, workOf: WorkOf): Promise<Made[]> => {
    if (!CREATED.test(created) || Number.isNaN(Date.parse(created)))
      throw new YizhengError('PROOF_CREATED_FORMAT', 'The time of a proof must be UTC in whole seconds.');
    await keystore.refresh();
    privateKeyIn(keystore, keyId);
    const chunks: Promise<Made>[] = [];
    for (let start = 0; start < count; start += CHUNK) chunks.push(pool.run(() => workOf(start, start + CHUNK), start));
    return Promise.all(chunks);
  };
  return {
    async sign(records, created) {
      const made = await inChunks(created, records.length, (start, end) => ({
        kind: 'sign',
        items: records.slice(start, end),
        created,
      }));
      return made.flatMap((texts) => (Array.isArray(texts) ? texts : []));
    },
    async make({ certificates, ...job }) {
      const count = certificates.number.length;
      const parts = await inChunks(job.created, count, (start, end) => ({
        kind: 'make',
        items: packPlans(certificates, start, end),
        ...job,
      }));
      const made = unpackCertificates(parts.flatMap((part) => (Array.isArray(part) ? [] : [part])));
      if (count > 0) await checkSample(jsonAt(made.json, randomInt(count)), keystore, keyId);
      return made;
    },
    close: () => pool.close(),
  };
}

/** The work of one chunk. */
type WorkOf = (start: number, end: number) => SigningWork;
/** What became of it. */
type Made = string[] | PackedCertificates;

interface Job {
  /** Makes the work, when a thread takes it: until then it needs no memory of its own. */
  work(): SigningWork;
  /** Place of the chunk's first record in its batch. */
  start: number;
  resolve(made: Made): void;
  reject(error: Error): void;
}

interface Thread {
  worker: Worker;
  jobs: Map<number, Job>;
  hasAnswered: boolean;
}

class Threads {
  readonly #data: SigningThreadData;
  readonly #threads: Thread[];
  readonly #waiting: Job[] = [];
  #chunks = 0;
  #idle: (() => void) | undefined;
  #isClosed = false;

  constructor(count: number, data: SigningThreadData) {
    this.#data = data;
    this.#threads = Array.from({ length: Math.max(1, count) }, () => this.#start());
  }

  run(work: () => SigningWork, start: number): Promise<Made> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new YizhengError('SIGNING_POOL_CLOSED', 'The signing threads have been ended.', { status: 503 }));
        return;
      }
      this.#waiting.push({ work, start, resolve, reject });
      this.#feed();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#isBusy()) await new Promise<void>((resolve) => (this.#idle = resolve));
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(): Thread {
    const worker = new Worker(new URL('./signing/thread.js', import.meta.url), {
      workerData: this.#data,
      resourceLimits: THREAD_MEMORY,
    });
    const thread: Thread = { worker, jobs: new Map(), hasAnswered: false };
    worker.on('message', (message: SigningAnswer | TemplateQuestion) => {
      if (!('question' in message)) this.#settle(thread, message);
      else void answerTemplates(message).then((answer) => worker.postMessage(answer));
    });
    worker.on('error', (cause) => this.#replace(thread, cause));
    return thread;
  }

  #feed(): void {
    for (let thread = this.#freest(); thread && this.#waiting.length > 0; thread = this.#freest()) {
      const job = this.#waiting.shift();
      if (job) this.#hand(thread, job);
    }
    if (!this.#isBusy()) this.#idle?.();
  }

  /** The thread with the least to do, unless all have enough. */
  #freest(): Thread | undefined {
    const [first] = [...this.#threads].sort((a, b) => a.jobs.size - b.jobs.size);
    return first && first.jobs.size < CHUNKS_PER_THREAD ? first : undefined;
  }

  #hand({ worker, jobs }: Thread, job: Job): void {
    const chunk = this.#chunks++;
    try {
      const { work, transferred } = sent(job.work());
      const request: SigningRequest = { chunk, work };
      worker.postMessage(request, transferred);
      jobs.set(chunk, job);
    } catch (cause) {
      job.reject(new YizhengError('RECORD_INVALID', 'The batch holds something that is no record.', { cause }));
    }
  }

  #settle(thread: Thread, answer: SigningAnswer): void {
    const job = thread.jobs.get(answer.chunk);
    thread.jobs.delete(answer.chunk);
    thread.hasAnswered = true;
    if ('made' in answer) job?.resolve(answer.made);
    else {
      const { code, message, index, status } = answer.failed;
      job?.reject(new YizhengError(code, message, { status, at: `record ${job.start + index + 1}` }));
    }
    this.#feed();
  }

  #replace(lost: Thread, cause: Error): void {
    const abandoned = [...lost.jobs.values()];
    lost.jobs.clear();
    // One that never did any work would not do better the next time.
    if (lost.hasAnswered) this.#threads[this.#threads.indexOf(lost)] = this.#start();
    else {
      this.#isClosed = true;
      abandoned.push(...this.#waiting.splice(0));
    }
    for (const job of abandoned)
      job.reject(new YizhengError('SIGNING_THREAD_LOST', 'A signing thread ended; try again.', { status: 503, cause }));
    this.#feed();
  }

  #isBusy(): boolean {
    return this.#waiting.length > 0 || this.#threads.some(({ jobs }) => jobs.size > 0);
  }
}

/** Work with memory to do it in, and what of it changes hands. */
function sent(work: SigningWork): { work: SigningWork; transferred: ArrayBuffer[] } {
  if (work.kind !== 'make') return { work, transferred: [] };
  const room = spareRoom();
  return {
    work: { ...work, room },
    transferred: [...transferablePlans(work.items), ...(room ? [room.json, room.qr] : [])],
  };
}

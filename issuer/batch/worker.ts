import type { AccreditationStore } from '../accreditation-store.js';
import type { IssuerEffects } from '../effects.js';
import type { Institutions } from '../institutions.js';
import { finishBatch, isFinished } from './batch-record.js';
import type { StoredBatch } from './batch-tables.js';
import { claimChunk, findChunk, releaseClaim, renewClaims, type Claim, type TakenChunk } from './claim.js';
import { doChunk } from './do-chunk.js';
import { cancelInterrupted } from './interrupted.js';
import { Signers } from './signers.js';
import { Troubles } from './troubles.js';

/** What a worker needs of the service. */
export interface WorkerTools {
  effects: IssuerEffects;
  institutions: Institutions;
  accreditations: AccreditationStore;
}

/** How a worker works; the defaults suit a machine that serves requests as well. */
export interface BatchWorkerOptions {
  /** Signing threads; as many as there are processors unless given. */
  threads?: number;
  /** Chunks in hand at a time: one is reserved and one stored while one is signed and one waits to be, so that threads have work. Default 4. */
  lanes?: number;
  /** Rows checked and stored together, and issued together: beyond the beginning of a large sheet, twice as many. Default 2000. */
  chunkRows?: number;
  /** How long a chunk belongs to a worker that gives no sign of life. Default 15 s. */
  leaseMs?: number;
  /** How often it looks for work that another process brought. Default 1 s. */
  pollMs?: number;
  /** First delay after an error that may pass by itself; it doubles up to a minute. Default 1 s. */
  retryMs?: number;
}

interface Claimed {
  claim: Claim;
  taken: TakenChunk;
}

/** How long signing threads are kept without work. */
const IDLE_MS = 30_000;

/**
 * Does the chunks of all running batches. Any number of workers, in any number of processes, may work on one database: a chunk is
 * claimed with a lease, and whoever claims what another one left makes the same certificates.
 */
export class BatchWorker {
  private readonly claims = new Map<string, Claim>();
  private readonly lanes = new Set<Promise<void>>();
  private readonly signers: Signers;
  private readonly troubles: Troubles;
  private readonly listeners = new Set<(batch: string) => void>();
  private timers: NodeJS.Timeout[] = [];
  private stopping = new AbortController();
  private polling: Promise<void> = Promise.resolve();
  private finishing: Promise<void> = Promise.resolve();
  private lastWork = performance.now();
  private readonly options: Required<Omit<BatchWorkerOptions, 'threads' | 'chunkRows'>>;

  constructor(
    private readonly tools: WorkerTools,
    { threads, ...options }: BatchWorkerOptions = {},
  ) {
    this.options = { lanes: 4, leaseMs: 15_000, pollMs: 1000, retryMs: 1000, ...options };
    this.signers = new Signers(tools.effects.keystore, threads);
    this.troubles = new Troubles(tools.effects, this.options.retryMs);
  }

  /** Begins to work, with what the last stop or crash left. */
  start(): void {
    if (this.timers.length > 0) return;
    this.stopping = new AbortController();
    const every = (milliseconds: number, work: () => void): void => {
      const timer = setInterval(work, milliseconds);
      timer.unref();
      this.timers.push(timer);
    };
    every(this.options.pollMs, () => this.wake());
    every(this.options.leaseMs / 3, () => void this.heartbeat());
    this.wake();
  }

  /** Takes no new chunk, and resolves when those in hand are stored and the threads have ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    await this.polling;
    await Promise.all(this.lanes);
    await this.signers.close();
  }

  /** Looks for work at once instead of at the next poll. */
  wake(): void {
    if (this.timers.length === 0) return;
    this.polling = this.polling.then(() => this.poll()).catch((error: unknown) => this.log(error, 'polling failed'));
  }

  /** Calls `listener` with the id of every batch that came a step further here. @returns a function that ends it */
  onProgress(listener: (batch: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Why a batch waits, as far as only this process knows: where even that could not be stored. */
  troubleOf(batch: string): string | undefined {
    return this.troubles.unstored(batch);
  }

  private async poll(): Promise<void> {
    if (this.stopping.signal.aborted || this.lanes.size >= this.options.lanes) return;
    const { database, clock } = this.tools.effects;
    await cancelInterrupted(this.tools.effects);
    if (await findChunk(database.knex, clock(), this.troubles.waiting()))
      while (this.lanes.size < this.options.lanes) this.openLane();
    else if (this.lanes.size === 0) {
      await this.finish();
      if (performance.now() - this.lastWork > IDLE_MS) await this.signers.close();
    }
  }

  private openLane(): void {
    const lane = this.work().catch((error: unknown) => this.log(error, 'a batch worker could not go on'));
    this.lanes.add(lane);
    void lane.finally(() => {
      this.lanes.delete(lane);
      this.lastWork = performance.now();
    });
  }

  /** One chunk after the other, until there is none. */
  private async work(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const claimed = await this.claim();
      if (!claimed) break;
      try {
        await this.doClaimed(claimed);
      } finally {
        this.claims.delete(claimed.claim.token);
      }
    }
    if (!this.stopping.signal.aborted) await this.finish();
  }

  private async claim(): Promise<Claimed | undefined> {
    const { database, clock, randomBytes } = this.tools.effects;
    for (;;) {
      const found = await findChunk(database.knex, clock(), this.troubles.waiting());
      if (!found) return undefined;
      const claim = { ...found, token: Buffer.from(randomBytes(12)).toString('hex') };
      const times = { now: clock(), leaseMs: this.options.leaseMs };
      // A heartbeat may find it before the commit is known here, never after.
      this.claims.set(claim.token, claim);
      try {
        const taken = await database.write((transaction) => claimChunk(transaction, claim, times));
        if (taken) return { claim, taken };
      } catch (error) {
        // It may be committed all the same.
        await this.giveUp(claim, error);
        this.claims.delete(claim.token);
        return undefined;
      }
      this.claims.delete(claim.token);
    }
  }

  private async doClaimed({ claim, taken }: Claimed): Promise<void> {
    try {
      const patience = this.troubles.patienceWith(claim.batch, claim.chunk);
      const isDone = await doChunk(taken, { ...this.tools, signers: this.signers, patience });
      this.troubles.passed(claim.batch, claim.chunk);
      if (!isDone) await this.release(claim);
    } catch (error) {
      await this.giveUp(claim, error);
    }
    this.tell(claim.batch);
  }

  private async giveUp(claim: Claim, error: unknown): Promise<void> {
    this.log(error, 'a chunk of a batch was not done', claim);
    await this.troubles.note(claim.batch, error, claim);
    await this.release(claim);
  }

  private async release(claim: Claim): Promise<void> {
    await this.tools.effects.database
      .write((transaction) => releaseClaim(transaction, claim))
      .catch((error: unknown) => this.log(error, 'a chunk could not be given back; its lease will end', claim));
  }

  /** Makes the records of batches whose rows are all done; one at a time in this process. */
  private finish(): Promise<void> {
    this.finishing = this.finishing
      .then(() => this.finishAll())
      .catch((error: unknown) => this.log(error, 'batches could not be finished'));
    return this.finishing;
  }

  private async finishAll(): Promise<void> {
    const { effects, institutions } = this.tools;
    const { knex } = effects.database;
    const at = effects.clock().toISOString();
    const open: Pick<StoredBatch, 'id'>[] = await knex<StoredBatch>('batches')
      .whereNotNull('started_at')
      .whereNull('record')
      .whereIn('state', ['running', 'paused', 'cancelled'])
      .where((due) => {
        void due.whereNull('retry_at').orWhere('retry_at', '<=', at);
      })
      .whereNotIn('id', [...this.troubles.waiting()])
      .select('id');
    for (const { id } of open)
      try {
        if (!(await isFinished(knex, id))) continue;
        const batch = await knex<StoredBatch>('batches').where({ id }).whereNull('record').first();
        if (!batch) continue;
        await finishBatch(batch, await institutions.get(batch.institution), effects);
        this.troubles.passed(id);
        this.tell(id);
      } catch (error) {
        this.log(error, 'a batch was not finished', { batch: id });
        await this.troubles.note(id, error);
      }
  }

  private async heartbeat(): Promise<void> {
    if (this.claims.size === 0) return;
    const { database, clock } = this.tools.effects;
    const times = { now: clock(), leaseMs: this.options.leaseMs };
    await database
      .write((transaction) => renewClaims(transaction, [...this.claims.keys()], times))
      .catch((error: unknown) => this.log(error, 'leases were not renewed'));
  }

  private tell(batch: string): void {
    for (const listener of this.listeners) listener(batch);
  }

  private log(error: unknown, what: string, where: object = {}): void {
    this.tools.effects.logger.error({ ...where, err: error }, what);
  }
}

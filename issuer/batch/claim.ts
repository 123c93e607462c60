import type { Knex } from 'knex';
import type { StoredBatch, StoredChunk } from './batch-tables.js';

/** A chunk in the hands of one worker, until its lease ends. */
export interface Claim {
  batch: string;
  chunk: number;
  /** Told by nobody else: whoever stores the chunk must still have it. */
  token: string;
  /** `StoredBatch.running_since` when the chunk was taken: whoever resumed the batch later knew of the trouble before, not of what follows. */
  runningSince: string | null;
}

/** A chunk that was taken, with its batch as it was then. */
export interface TakenChunk {
  batch: StoredBatch;
  chunk: StoredChunk;
}

interface Times {
  now: Date;
  leaseMs: number;
}

/**
 * Finds a chunk that may be done now: of a running batch, or one that was reserved and whose worker is gone, whatever became of its
 * batch. Batches take turns, so that a small one does not wait for a large one.
 */
export async function findChunk(
  knex: Knex,
  now: Date,
  skip: ReadonlySet<string>,
): Promise<Omit<Claim, 'token'> | undefined> {
  const at = now.toISOString();
  return knex('batch_chunks')
    .join('batches', 'batches.id', 'batch_chunks.batch')
    .where((either) => {
      void either
        .where({ 'batch_chunks.state': 'reserved' })
        .orWhere({ 'batch_chunks.state': 'waiting', 'batches.state': 'running' });
    })
    .where((free) => {
      void free.whereNull('batch_chunks.claimed_until').orWhere('batch_chunks.claimed_until', '<', at);
    })
    .where((due) => {
      void due.whereNull('batches.retry_at').orWhere('batches.retry_at', '<=', at);
    })
    .whereNotIn('batches.id', [...skip])
    .orderBy([
      { column: 'batch_chunks.state' },
      { column: 'batch_chunks.chunk' },
      { column: 'batches.started_at' },
      { column: 'batches.id' },
    ])
    .first('batch_chunks.batch', 'batch_chunks.chunk', 'batches.running_since as runningSince') as Promise<
    Omit<Claim, 'token'> | undefined
  >;
}

/** Takes a chunk, unless somebody else was faster. */
export async function claimChunk(
  transaction: Knex.Transaction,
  claim: Claim,
  { now, leaseMs }: Times,
): Promise<TakenChunk | undefined> {
  const { batch, chunk, token } = claim;
  const found = await transaction<StoredChunk>('batch_chunks').where({ batch, chunk }).forUpdate().first();
  const owner = await transaction<StoredBatch>('batches').where({ id: batch }).first();
  if (!found || !owner) return undefined;
  const isOpen = found.state === 'reserved' || (found.state === 'waiting' && owner.state === 'running');
  if (!isOpen || (found.claimed_until !== null && found.claimed_until >= now.toISOString())) return undefined;
  const lease = { claim: token, claimed_until: new Date(now.getTime() + leaseMs).toISOString() };
  await transaction<StoredChunk>('batch_chunks').where({ batch, chunk }).update(lease);
  return { batch: owner, chunk: { ...found, ...lease } };
}

/** Says that the holder of these claims is alive. */
export async function renewClaims(
  transaction: Knex.Transaction,
  tokens: readonly string[],
  { now, leaseMs }: Times,
): Promise<void> {
  await transaction<StoredChunk>('batch_chunks')
    .whereIn('claim', [...tokens])
    .whereIn('state', ['waiting', 'reserved'])
    .update({ claimed_until: new Date(now.getTime() + leaseMs).toISOString() });
}

/** Gives a chunk back, so that anyone may take it at once. */
export async function releaseClaim(transaction: Knex.Transaction, { batch, chunk, token }: Claim): Promise<void> {
  await transaction<StoredChunk>('batch_chunks')
    .where({ batch, chunk, claim: token })
    .update({ claim: null, claimed_until: null });
}

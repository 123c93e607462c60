import { errorCode, YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../../server/index.js';
import type { IssuerEffects } from '../effects.js';
import type { StoredBatch } from './batch-tables.js';
import type { Claim } from './claim.js';

const MAX_DELAY_MS = 60_000;

/** Errors nobody foresaw. They may pass; where they do not, some row may be why. */
const UNFORESEEN = /^(?:INTERNAL|SIGNING_THREAD_LOST)$/;
/** How often a chunk is tried as a whole when such an error comes again, and how often at all. */
const WHOLE_ATTEMPTS = 5;
const ATTEMPTS = 8;

/**
 * What an unforeseen error does to a chunk: `all` leaves it for later, `rows` fails the rows that cannot be signed while others can,
 * `none` fails every row that cannot be signed.
 */
export type Patience = 'all' | 'rows' | 'none';

/** Whether an error is one nobody foresaw, by its code. */
export function isUnforeseen(code: string): boolean {
  return UNFORESEEN.test(code);
}

/** Errors that pass by themselves or with the next attempt: the batch goes on by itself. */
const PASSES =
  /^(?:STORAGE_|SIGNER_FAILED$|SIGNING_|CLOCK_WENT_BACK$|KEYSTORE_LOCKED$|TOKEN_ABSENT$|KEY_NOT_ACTIVE$|INTERNAL$|AUDIT_)/;

/**
 * What keeps batches from going on. What may pass is tried again after a growing delay; what needs a person pauses the batch, also
 * what nobody foresaw once it has come again and again. Either way the batch says why; nothing it reserved is lost.
 */
export class Troubles {
  private readonly attempts = new Map<string, number>();
  /** How often chunks failed with what nobody foresaw. */
  private readonly unforeseen = new Map<string, number>();
  /** Batches that rest although the database could not be told, until when. */
  private readonly resting = new Map<string, { code: string; until: number }>();

  constructor(
    private readonly effects: Pick<IssuerEffects, 'database' | 'clock' | 'logger'>,
    private readonly firstDelayMs: number,
  ) {}

  /**
   * Notes what a batch failed with.
   * @param claim of the chunk it failed at; none where a pause would not help. A batch that was resumed since is not paused again by
   * what was in hand before: it is tried anew, and only what that says pauses it.
   */
  async note(id: string, error: unknown, claim?: Pick<Claim, 'chunk' | 'runningSince'>): Promise<void> {
    const chunk = claim?.chunk;
    const { database, clock, logger } = this.effects;
    const code = errorCode(error);
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    const delay = Math.min(MAX_DELAY_MS, this.firstDelayMs * 2 ** (attempt - 1));
    const isStuck = chunk !== undefined && isUnforeseen(code) && this.isStuck(id, chunk);
    const pauses = isStuck || (error instanceof YizhengError && !PASSES.test(code));
    this.resting.set(id, { code, until: performance.now() + delay });
    try {
      await database.write(async (transaction) => {
        const now = clock();
        const retryAt = new Date(now.getTime() + delay).toISOString();
        const paused =
          claim && pauses
            ? await transaction<StoredBatch>('batches')
                .where({ id, state: 'running', running_since: claim.runningSince })
                .update({ state: 'paused', trouble: code, retry_at: null })
            : 0;
        if (paused === 0) {
          await transaction<StoredBatch>('batches').where({ id }).update({ trouble: code, retry_at: retryAt });
          return;
        }
        const batch = await transaction<StoredBatch>('batches').where({ id }).first('institution');
        await appendAudit(
          transaction,
          { tenant: batch?.institution ?? '*', actor: 'system', action: 'batch.pause', subject: id, detail: { code } },
          now,
        );
      });
      this.resting.delete(id);
    } catch (cause) {
      logger.error({ batch: id, code, err: cause }, 'why a batch waits could not be stored');
    }
  }

  /** How long errors nobody foresaw are borne at a chunk. */
  patienceWith(id: string, chunk: number): Patience {
    const failures = this.unforeseen.get(`${id}/${chunk}`) ?? 0;
    if (failures < WHOLE_ATTEMPTS) return 'all';
    return failures < ATTEMPTS ? 'rows' : 'none';
  }

  private isStuck(id: string, chunk: number): boolean {
    const name = `${id}/${chunk}`;
    const failures = (this.unforeseen.get(name) ?? 0) + 1;
    this.unforeseen.set(name, failures);
    return failures > WHOLE_ATTEMPTS;
  }

  /** A batch came further, with this chunk. */
  passed(id: string, chunk?: number): void {
    if (chunk !== undefined) this.unforeseen.delete(`${id}/${chunk}`);
    this.attempts.delete(id);
    this.resting.delete(id);
  }

  /** Batches not to be tried now. */
  waiting(): ReadonlySet<string> {
    const now = performance.now();
    return new Set([...this.resting].filter(([, { until }]) => until > now).map(([id]) => id));
  }

  /** Code of what a batch failed with, where the database could not be told. */
  unstored(id: string): string | undefined {
    return this.resting.get(id)?.code;
  }
}

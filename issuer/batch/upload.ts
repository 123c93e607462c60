import { createHash } from 'node:crypto';
import { setImmediate as otherWork } from 'node:timers/promises';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { appendAudit, type Role } from '../../server/index.js';
import type { AccreditationStore } from '../accreditation-store.js';
import type { StatusChange } from '../change-status.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import type { StoredBatch } from './batch-tables.js';
import { BlockStore } from './block-store.js';
import { storeBlock, type RowBlock } from './row-block.js';
import { shownValue } from './sheet/cell-text.js';
import { sheetHmac } from './sheet-hmac.js';
import { readPieces } from './sheet/read-pieces.js';
import { SheetError } from './sheet/index.js';
import type { BatchOperation, CellProblem } from './types.js';
import { openSource, type UploadSource } from './upload-source.js';

/** Rows checked, stored and later issued together, unless the service was told otherwise. */
const CHUNK_ROWS = 2000;
/** Rows read before anything else this process has to do gets its turn. */
const ROWS_AT_ONCE = 25;
/** Wrong cells that are stored of one sheet; one with more was made by another rule altogether. */
const MOST_PROBLEMS = 100_000;
/** Of these, how many are shown when the sheet is refused for them. */
const SHOWN_PROBLEMS = 99;
/** Remarks of one kind about rows that are stored; of more, only how many there are. */
const MOST_NOTICES = 1000;
/** How long a dry run is believed to be alive without a sign. */
const CHECKING_MS = 60_000;

/** A sheet somebody wants done. */
export interface UploadRequest {
  institution: Institution;
  /** API key id. */
  actor: string;
  /** What the caller may do; only approvers and officers correct whose certificate it is. */
  roles?: readonly Role[];
  operation: Exclude<BatchOperation, 'void-session'>;
  /** On a private disk; `name` is only shown. The caller deletes it when the promise settles. */
  file: { path: string; name: string; mediaType?: string };
  /** For status changes whose row names none. */
  reason?: StatusChange['reason'];
  /** Ask for a second person even where the institution does not. */
  approval?: boolean;
  /** Told as soon as the batch has its id, before its rows are read. */
  onStarted?: (id: string) => void;
}

/** What an upload works with. */
export interface UploadTools {
  effects: IssuerEffects;
  accreditations: AccreditationStore;
  /** Rows checked, stored and later issued together; default 2000. */
  chunkRows?: number | undefined;
  /** Wrong cells that are stored of one sheet; default 100,000. */
  mostProblems?: number | undefined;
}

/**
 * The dry run: reads a sheet row by row, checks every row as issuing would, and stores rows and problems. Nothing is issued. What
 * cannot be read to its end leaves nothing behind.
 * @returns id of the batch
 * @throws SheetError, also `SHEET_TOO_MANY_PROBLEMS`; YizhengError `KEY_NOT_FOUND` (404), `STORAGE_*` (503)
 */
export async function uploadSheet(request: UploadRequest, tools: UploadTools): Promise<string> {
  const { database, randomBytes, clock } = tools.effects;
  const sheet = await sheetHmac(tools.effects.keystore, await sha256OfFile(request.file.path));
  const id = newBatchId(randomBytes);
  const source = await openSource(request, tools);
  try {
    await database.write(async (transaction) => {
      await transaction<StoredBatch>('batches').insert({
        ...newBatch(id, request, clock()),
        file_name: shownValue(request.file.name, { most: 120 }),
        file_hmac: sheet,
      });
      await appendAudit(
        transaction,
        {
          tenant: request.institution.code,
          actor: request.actor,
          action: 'batch.upload',
          subject: id,
          detail: { operation: request.operation, sheet },
        },
        clock(),
      );
    });
    request.onStarted?.(id);
    await storeRows(id, request, source, tools);
  } catch (error) {
    if (!(await isChecked(id, request, errorCode(error), tools))) throw error;
  } finally {
    await source.close();
  }
  return id;
}

/** A batch at its beginning. */
export function newBatch(
  id: string,
  request: Pick<UploadRequest, 'institution' | 'actor' | 'roles' | 'reason' | 'approval'> & {
    operation: BatchOperation;
  },
  now: Date,
): Partial<StoredBatch> {
  return {
    id,
    institution: request.institution.code,
    operation: request.operation,
    state: 'checking',
    reason: request.reason ?? null,
    needs_approval: request.institution.requiresApproval || request.approval === true ? 1 : 0,
    uploaded_by: request.actor,
    uploader_roles: (request.roles ?? []).join(' '),
    uploaded_at: now.toISOString(),
    checking_until: new Date(now.getTime() + CHECKING_MS).toISOString(),
  };
}

/** A new batch id that nobody can guess. */
export function newBatchId(randomBytes: IssuerEffects['randomBytes']): string {
  return Buffer.from(randomBytes(12)).toString('hex');
}

async function storeRows(
  id: string,
  { institution, actor }: UploadRequest,
  source: UploadSource,
  { effects, chunkRows = CHUNK_ROWS, mostProblems = MOST_PROBLEMS }: UploadTools,
): Promise<void> {
  const { database, clock } = effects;
  let position = { batch: id, institution: institution.code, chunk: 1, problem: 1 };
  const blocks = new BlockStore((some) =>
    database.write(async (transaction) => {
      for (const block of some) position = await storeBlock(transaction, position, block);
      await transaction<StoredBatch>('batches')
        .where({ id })
        .update({ checking_until: new Date(clock().getTime() + CHECKING_MS).toISOString() });
    }),
  );
  let wrong = 0;
  const shown: CellProblem[] = [];
  const notices = new Notices();
  const addChecked = async (finished: Promise<RowBlock>, before: Promise<void>): Promise<void> => {
    await before;
    const block = await finished;
    for (const row of block.rows) {
      if (!('problems' in row)) continue;
      wrong += row.problems.length;
      shown.push(...row.problems.slice(0, SHOWN_PROBLEMS - shown.length));
    }
    if (wrong > mostProblems)
      throw new SheetError(
        { row: 0, code: 'SHEET_TOO_MANY_PROBLEMS', parameters: { most: String(mostProblems) } },
        shown,
      );
    await blocks.add({ ...block, notices: notices.take(block.notices) });
  };
  let checking: Promise<unknown> = Promise.resolve();
  let before: Promise<void> = Promise.resolve();
  let adding: Promise<void> = Promise.resolve();
  // While a block is read, the two before it are checked and those before that are stored.
  const take = async (): Promise<void> => {
    await before;
    const finished = source.finish(checking);
    finished.catch(() => undefined);
    checking = finished;
    before = adding;
    adding = addChecked(finished, before);
    adding.catch(() => undefined);
  };
  let held = 0;
  let since = 0;
  try {
    for await (const count of source.read(() => Math.min(ROWS_AT_ONCE, chunkRows - held))) {
      held += count;
      since += count;
      if (since >= ROWS_AT_ONCE) {
        since = 0;
        await otherWork();
      }
      if (held < chunkRows) continue;
      held = 0;
      await take();
    }
    await take();
    await adding;
    await blocks.add({
      rows: [],
      notices: [
        ...notices.rest(),
        ...source.notices().map(({ code, row = 0, parameters }) => ({ row, code, parameters })),
      ],
      facts: new Map(),
    });
    await blocks.end();
  } catch (error) {
    // Nothing is stored any more once the caller is told that it failed.
    await Promise.allSettled([checking, adding]);
    await blocks.abandon();
    throw error;
  }
  await finishCheck(id, { institution, actor }, effects);
}

/** Ends a dry run. */
export async function finishCheck(
  id: string,
  { institution, actor }: Pick<UploadRequest, 'institution' | 'actor'>,
  { database, clock }: IssuerEffects,
): Promise<void> {
  await database.write(async (transaction) => {
    const batch = await transaction<StoredBatch>('batches').where({ id, state: 'checking' }).first();
    if (!batch)
      throw new YizhengError('BATCH_STATE', 'This batch was cancelled while it was checked.', { status: 409 });
    await transaction<StoredBatch>('batches').where({ id }).update({ state: 'checked', checking_until: null });
    await appendAudit(
      transaction,
      {
        tenant: institution.code,
        actor,
        action: 'batch.check',
        subject: id,
        detail: { rows: batch.rows, wrong: batch.wrong },
      },
      clock(),
    );
  });
}

/** Remarks about rows, as many as are stored. */
class Notices {
  private readonly counts = new Map<string, number>();

  take(notices: readonly CellProblem[]): CellProblem[] {
    return notices.filter(({ code }) => {
      const count = (this.counts.get(code) ?? 0) + 1;
      this.counts.set(code, count);
      return count <= MOST_NOTICES;
    });
  }

  /** How many more there are. */
  rest(): CellProblem[] {
    return [...this.counts].flatMap(([code, count]) =>
      count <= MOST_NOTICES
        ? []
        : [{ row: 0, code: `${code}_MORE`, parameters: { count: String(count - MOST_NOTICES) } }],
    );
  }
}

/**
 * Removes what is left of a dry run that failed.
 * @returns true where it did not fail: its end was stored, and only the word of that was lost
 */
async function isChecked(
  id: string,
  { institution, actor }: UploadRequest,
  code: string,
  { effects: { database, clock, logger } }: UploadTools,
): Promise<boolean> {
  try {
    return await database.write(async (transaction) => {
      const left = await transaction<StoredBatch>('batches').where({ id }).first('state');
      if (left !== undefined && left.state !== 'checking' && left.state !== 'cancelled') return true;
      for (const table of ['batch_problems', 'batch_chunks', 'batch_facts', 'batch_rows'])
        await transaction(table).where({ batch: id }).delete();
      if ((await transaction('batches').where({ id }).delete()) === 0) return false;
      await appendAudit(
        transaction,
        { tenant: institution.code, actor, action: 'batch.refuse', subject: id, detail: { code } },
        clock(),
      );
      return false;
    });
  } catch (error) {
    logger.error({ batch: id, err: error }, 'a batch that was refused could not be removed; it will be cancelled');
    return false;
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(path)) hash.update(piece);
  return hash.digest('hex');
}

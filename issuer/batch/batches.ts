import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { appendAudit, judgeSecondPerson, requireSecondPerson, type SecondPersonVerdict } from '../../server/index.js';
import type { StoredBatch } from './batch-tables.js';
import { readBatch, readyRows } from './batch-tables.js';
import { progressOf } from './progress.js';
import { readyRowsOfBatch, type ReadyRow } from './ready-rows.js';
import { resultRows } from './result-rows.js';
import { actOf, refuseDecided, refuseIdNumber } from './second-person.js';
import { refuseChangedSession } from './session-in-progress.js';
import { sheetHmac } from './sheet-hmac.js';
import type { BatchProgress, BatchResultRow, BatchState, CellProblem } from './types.js';
import { skipWaiting } from './skip-waiting.js';
import { uploadSheet, type UploadRequest } from './upload.js';
import { listSession, type VoidSessionRequest } from './void-session.js';
import type { BatchWorker, BatchWorkerOptions, WorkerTools } from './worker.js';

/** A part of a long list. */
export interface Page {
  /** Place to start behind; 0, the default, is the beginning. */
  after?: number;
  /** Most entries; default 1000. */
  limit?: number;
}

interface StoredProblem {
  batch: string;
  sequence: number;
  is_notice: number;
  problem: string;
}

/** A change to a batch, for the audit log. */
interface Act {
  actor: string;
  action: string;
  /** May be completed while the change is made. */
  detail?: JsonObject;
  /** The act of a second person, of which there is one. */
  decides?: true;
}

const PAGE = 1000;
const POLL_MS = 1000;

/** Batches of the institutions of this host: many certificates, or many changes, at once. */
export class Batches {
  constructor(
    private readonly tools: WorkerTools,
    private readonly worker: BatchWorker,
    private readonly options: Pick<BatchWorkerOptions, 'chunkRows'> = {},
  ) {}

  /**
   * Reads a sheet and checks every row (dry run). Nothing is issued before {@link Batches.confirm}.
   * @returns the batch, `checked`, with the counts of good and wrong rows
   * @throws SheetError when the file cannot be taken at all; YizhengError `KEY_NOT_FOUND` (404), `STORAGE_*` (503)
   */
  async upload(request: Omit<UploadRequest, 'institution'> & { institution: string }): Promise<BatchProgress> {
    const institution = await this.tools.institutions.get(request.institution);
    const id = await uploadSheet({ ...request, institution }, { ...this.tools, chunkRows: this.options.chunkRows });
    return this.get(institution.code, id);
  }

  /**
   * Lists all certificates of one assessment to be revoked at once (DOMAIN E13); done once confirmed.
   * @throws YizhengError `ASSESSMENT_NOT_FOUND` (404), `SESSION_IN_PROGRESS` (409)
   */
  async voidSession(
    request: Omit<VoidSessionRequest, 'institution'> & { institution: string },
  ): Promise<BatchProgress> {
    const institution = await this.tools.institutions.get(request.institution);
    const id = await listSession({ ...request, institution }, this.tools.effects);
    return this.get(institution.code, id);
  }

  /** @throws YizhengError `BATCH_NOT_FOUND` (404) */
  async get(institution: string, id: string): Promise<BatchProgress> {
    return this.progress(await readBatch(this.knex, institution, id));
  }

  /** The newest first, at most 1000. */
  async list(institution: string): Promise<BatchProgress[]> {
    const rows = await this.knex<StoredBatch>('batches')
      .where({ institution })
      .orderBy([{ column: 'uploaded_at', order: 'desc' }, { column: 'id' }])
      .limit(PAGE);
    return Promise.all(rows.map((row) => this.progress(row)));
  }

  /**
   * What is wrong with the rows, in their order.
   * @param page `after`: `sequence` of the last one seen
   * @throws YizhengError `BATCH_NOT_FOUND` (404)
   */
  async problems(institution: string, id: string, page: Page = {}): Promise<(CellProblem & { sequence: number })[]> {
    return this.remarks(institution, id, page, 0);
  }

  /** What deserves a look and is not wrong, e.g. hidden rows; as {@link Batches.problems}. */
  async notices(institution: string, id: string, page: Page = {}): Promise<(CellProblem & { sequence: number })[]> {
    return this.remarks(institution, id, page, 1);
  }

  /**
   * Lines of the result sheet: what became of each row.
   * @param page `after`: row number of the last one seen
   * @throws YizhengError `BATCH_NOT_FOUND` (404)
   */
  async rows(institution: string, id: string, page: Page = {}): Promise<BatchResultRow[]> {
    const batch = await readBatch(this.knex, institution, id);
    return resultRows(this.knex, batch, { after: page.after ?? 0, limit: page.limit ?? PAGE });
  }

  /**
   * What would be done: rows that wait, for whoever is to agree.
   * @param page `after`: row number of the last one seen
   * @throws YizhengError `BATCH_NOT_FOUND` (404)
   */
  async waiting(institution: string, id: string, page: Page = {}): Promise<ReadyRow[]> {
    const batch = await readBatch(this.knex, institution, id);
    return readyRowsOfBatch(this.knex, batch, { after: page.after ?? 0, limit: page.limit ?? PAGE });
  }

  /**
   * Starts a checked batch, or asks for a second person where one is needed.
   * @param request `rows`: `all` refuses a batch with a wrong row, `good` leaves wrong rows out
   * @throws YizhengError `BATCH_NOT_FOUND` (404), `BATCH_STATE`, `BATCH_HAS_PROBLEMS`, `BATCH_EMPTY`, `SESSION_IN_PROGRESS`,
   *   `SESSION_CHANGED` (409)
   */
  async confirm(
    institution: string,
    id: string,
    { actor, rows }: { actor: string; rows: 'all' | 'good' },
  ): Promise<BatchProgress> {
    return this.change(
      institution,
      id,
      ['checked'],
      { actor, action: 'batch.confirm', detail: { rows } },
      async (batch, now, transaction) => {
        if (rows === 'all' && batch.wrong > 0)
          throw new YizhengError(
            'BATCH_HAS_PROBLEMS',
            `${batch.wrong} rows are wrong; correct the sheet, or confirm the good rows only.`,
            { status: 409 },
          );
        if (readyRows(batch) === 0)
          throw new YizhengError('BATCH_EMPTY', 'The batch has no good row.', { status: 409 });
        await refuseChangedSession(transaction, batch);
        const confirmed = { row_mode: rows, confirmed_by: actor, confirmed_at: now } as const;
        // The institution may have come to demand it after the upload.
        return batch.needs_approval === 0 && !(await demandsApproval(transaction, institution))
          ? { ...confirmed, ...running(now) }
          : { ...confirmed, needs_approval: 1, state: 'waiting-approval' };
      },
    );
  }

  /**
   * The second person agrees, and the batch starts.
   * @throws YizhengError `APPROVAL_BY_SAME_PERSON`, `APPROVER_NOT_INDEPENDENT` (403) as `requireSecondPerson`, for whoever uploaded or confirmed it or entered its results;
   *   `BATCH_NOT_FOUND` (404), `BATCH_STATE`, `BATCH_DECIDED` (another one was first), `SESSION_IN_PROGRESS`, `SESSION_CHANGED` (409)
   */
  async approve(institution: string, id: string, { actor }: { actor: string }): Promise<BatchProgress> {
    const act: Act = { actor, action: 'batch.approve', decides: true };
    return this.change(institution, id, ['waiting-approval'], act, async (batch, now, transaction) => {
      await refuseChangedSession(transaction, batch);
      const { cautions } = await requireSecondPerson(transaction, await actOf(transaction, batch, actor));
      act.detail = { rows: readyRows(batch), ...(cautions.length > 0 && { cautions }) };
      return { approved_by: actor, approved_at: now, ...running(now) };
    });
  }

  /**
   * Whether somebody may be the second person of a batch, and what deserves a look, before they decide.
   * @throws YizhengError `BATCH_NOT_FOUND` (404)
   */
  async secondPerson(institution: string, id: string, { actor }: { actor: string }): Promise<SecondPersonVerdict> {
    return judgeSecondPerson(this.knex, await actOf(this.knex, await readBatch(this.knex, institution, id), actor));
  }

  /**
   * The second person does not agree: whoever made the batch may confirm it again, or end it and begin anew.
   * @param request `note`: why, for whoever made it; it stays in the audit log
   * @throws YizhengError `NOTE_HOLDS_ID_NUMBER` (422), `BATCH_NOT_FOUND` (404), `BATCH_STATE`, `BATCH_DECIDED` (409)
   */
  async sendBack(
    institution: string,
    id: string,
    { actor, note }: { actor: string; note: string },
  ): Promise<BatchProgress> {
    refuseIdNumber(note);
    const act: Act = { actor, action: 'batch.send-back', detail: { reason: note }, decides: true };
    return this.change(institution, id, ['waiting-approval'], act, (_batch, now) => ({
      state: 'checked',
      confirmed_by: null,
      confirmed_at: null,
      sent_back: note,
      sent_back_by: actor,
      sent_back_at: now,
    }));
  }

  /** Begins no new chunk; what is reserved is completed. @throws YizhengError `BATCH_NOT_FOUND` (404), `BATCH_STATE` (409) */
  async pause(institution: string, id: string, { actor }: { actor: string }): Promise<BatchProgress> {
    return this.change(institution, id, ['running'], { actor, action: 'batch.pause' }, () => ({ state: 'paused' }));
  }

  /** Goes on. @throws YizhengError `BATCH_NOT_FOUND` (404), `BATCH_STATE` (409) */
  async resume(institution: string, id: string, { actor }: { actor: string }): Promise<BatchProgress> {
    return this.change(
      institution,
      id,
      ['paused', 'running'],
      { actor, action: 'batch.resume' },
      async (batch, now, transaction) => {
        const goOn = { trouble: null, retry_at: null } as const;
        // The institution may have come to demand a second person after it was confirmed.
        return batch.approved_by === null && (await demandsApproval(transaction, institution))
          ? { ...goOn, needs_approval: 1, state: 'waiting-approval' }
          : { ...goOn, state: 'running', running_since: now };
      },
    );
  }

  /**
   * Ends a batch. What was issued stays issued, what is reserved is completed, the rest is skipped.
   * @throws YizhengError `BATCH_NOT_FOUND` (404), `BATCH_STATE` (409)
   */
  async cancel(institution: string, id: string, { actor }: { actor: string }): Promise<BatchProgress> {
    const open: BatchState[] = ['checking', 'checked', 'waiting-approval', 'running', 'paused'];
    return this.change(institution, id, open, { actor, action: 'batch.cancel' }, async (batch, _, transaction) => ({
      state: 'cancelled',
      trouble: null,
      retry_at: null,
      checking_until: null,
      skipped: batch.skipped + (await skipWaiting(transaction, id)),
    }));
  }

  /**
   * The signed record of a batch that has ended, as compact JWS; see `finishBatch` for what it says.
   * @throws YizhengError `BATCH_NOT_FOUND` (404), `BATCH_RECORD_MISSING` (409) before the end
   */
  async record(institution: string, id: string): Promise<string> {
    const { record } = await readBatch(this.knex, institution, id);
    if (record === null)
      throw new YizhengError('BATCH_RECORD_MISSING', 'The batch has no record before it has ended.', { status: 409 });
    return record;
  }

  /**
   * Says whether a file is the one a batch was made from: whoever holds the file can so check what the signed record says. That
   * somebody asked is audited, as answers to many questions would tell what the sheet holds.
   * @param file `sha256` of the file, hex; `actor` who asks
   * @throws YizhengError `BATCH_NOT_FOUND` (404)
   */
  async isSheet(
    institution: string,
    id: string,
    { sha256, actor }: { sha256: string; actor: string },
  ): Promise<boolean> {
    const { keystore, database, clock } = this.tools.effects;
    const batch = await readBatch(this.knex, institution, id);
    const isSame = batch.file_hmac !== null && (await sheetHmac(keystore, sha256)) === batch.file_hmac;
    await database.write((transaction) =>
      appendAudit(
        transaction,
        { tenant: institution, actor, action: 'batch.compare', subject: id, detail: { isSame } },
        clock(),
      ),
    );
    return isSame;
  }

  /**
   * Calls `listener` with the progress of a batch: at once, when something happens, and at least every second while it runs, also when other
   * processes do the work. The caller has asked {@link Batches.get} whether the batch is theirs.
   * @returns a function that ends it; it also ends by itself with `done` and `cancelled`
   */
  subscribe(id: string, listener: (progress: BatchProgress) => void): () => void {
    let last = '';
    let reading: Promise<void> = Promise.resolve();
    const read = async (): Promise<void> => {
      const batch = await this.knex<StoredBatch>('batches').where({ id }).first();
      if (!batch) return;
      const progress = await this.progress(batch);
      const text = JSON.stringify(progress);
      if (text === last || ended) return;
      last = text;
      if (progress.state === 'done' || progress.state === 'cancelled') end();
      listener(progress);
    };
    let ended = false;
    const next = (): void => {
      reading = reading.then(read).catch((error: unknown) => {
        this.tools.effects.logger.warn({ batch: id, err: error }, 'progress of a batch was not read');
      });
    };
    const timer = setInterval(next, POLL_MS);
    timer.unref();
    const forget = this.worker.onProgress((batch) => {
      if (batch === id) next();
    });
    const end = (): void => {
      ended = true;
      clearInterval(timer);
      forget();
    };
    next();
    return end;
  }

  private get knex(): Knex {
    return this.tools.effects.database.knex;
  }

  private progress(batch: StoredBatch): Promise<BatchProgress> {
    return progressOf(this.knex, batch, this.tools.effects.clock(), this.worker.troubleOf(batch.id));
  }

  private async remarks(
    institution: string,
    id: string,
    { after = 0, limit = PAGE }: Page,
    isNotice: 0 | 1,
  ): Promise<(CellProblem & { sequence: number })[]> {
    await readBatch(this.knex, institution, id);
    const rows: { sequence: number; problem: string }[] = await this.knex<StoredProblem>('batch_problems')
      .where({ batch: id, is_notice: isNotice })
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(limit)
      .select('sequence', 'problem');
    return rows.map(({ sequence, problem }) => ({ ...(JSON.parse(problem) as CellProblem), sequence }));
  }

  private async change(
    institution: string,
    id: string,
    from: readonly BatchState[],
    act: Act,
    to: (
      batch: StoredBatch,
      now: string,
      transaction: Knex.Transaction,
    ) => Partial<StoredBatch> | Promise<Partial<StoredBatch>>,
  ): Promise<BatchProgress> {
    const { database, clock } = this.tools.effects;
    await database.write(async (transaction) => {
      const now = clock();
      const batch = await readBatch(transaction, institution, id);
      if (act.decides && !from.includes(batch.state)) await refuseDecided(transaction, batch);
      if (!from.includes(batch.state))
        throw new YizhengError('BATCH_STATE', `This cannot be done with a batch that is ${batch.state}.`, {
          status: 409,
        });
      const changes = await to(batch, now.toISOString(), transaction);
      await transaction<StoredBatch>('batches').where({ id }).update(changes);
      const { actor, action, detail } = act;
      await appendAudit(
        transaction,
        { tenant: institution, actor, action, subject: id, ...(detail ? { detail } : {}) },
        now,
      );
    });
    this.worker.wake();
    return this.get(institution, id);
  }
}

async function demandsApproval(transaction: Knex.Transaction, institution: string): Promise<boolean> {
  const found: unknown = await transaction('institutions')
    .where({ code: institution, requires_approval: 1 })
    .first('code');
  return found !== undefined;
}

function running(now: string): Pick<StoredBatch, 'state' | 'started_at' | 'running_since'> {
  return { state: 'running', started_at: now, running_since: now };
}

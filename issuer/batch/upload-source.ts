import type { AccreditationStore } from '../accreditation-store.js';
import type { IssuerEffects } from '../effects.js';
import { chinaDate, wholeSecond } from '../time.js';
import { checkIssueRows, type IssueCheck } from './check-issue-rows.js';
import { checkStatusRows, type StatusCheck } from './check-status-rows.js';
import { CoverDecisions } from './cover-facts.js';
import { DuplicateSet } from './duplicate-set.js';
import { FactIds } from './fact-ids.js';
import { OpenRows } from './open-rows.js';
import { PlainBlocks } from './plain-blocks.js';
import type { RowBlock } from './row-block.js';
import { openIssueSheet, openStatusSheet } from './sheet/index.js';
import type { CheckedRow, CheckedStatusRow, SheetNotice } from './sheet/types.js';
import type { UploadRequest } from './upload.js';

/** An uploaded sheet, read and checked block by block. */
export interface UploadSource {
  /**
   * Reads rows into the block.
   * @param most how many the next step may read, asked before each
   * @returns how many each step has read
   */
  read(most: () => number): AsyncIterable<number>;
  /**
   * Ends the block, and says what the database says of its rows while the next one is read.
   * @param before what this said of the block before
   */
  finish(before: Promise<unknown>): Promise<RowBlock>;
  /** What the sheet as a whole has to say, once all rows were read. */
  notices(): readonly SheetNotice[];
  /** Closes the file and forgets what its rows were compared with; no block is being checked any more. */
  close(): Promise<void>;
}

/** Opens a sheet for what is to be done with it. @throws as `openIssueSheet` and `openStatusSheet`; `KEY_NOT_FOUND` (404) */
export function openSource(
  request: UploadRequest,
  tools: { effects: IssuerEffects; accreditations: AccreditationStore },
): Promise<UploadSource> {
  const { operation } = request;
  return operation === 'issue' || operation === 'correct'
    ? issueSource(request, operation, tools)
    : statusSource(request, operation, tools);
}

async function statusSource(
  { institution, file, reason }: UploadRequest,
  operation: StatusCheck['operation'],
  { effects }: { effects: IssuerEffects },
): Promise<UploadSource> {
  const sheet = await openStatusSheet(file, { operation, ...(reason === undefined ? {} : { reason }) });
  const check: StatusCheck = {
    knex: effects.database.knex,
    institution: institution.code,
    operation,
    header: sheet.header,
    names: new DuplicateSet(),
  };
  let rows: CheckedStatusRow[] = [];
  return {
    async *read() {
      for await (const row of sheet.rows()) {
        rows.push(row);
        yield 1;
      }
    },
    async finish(before) {
      const block = rows;
      rows = [];
      await before;
      return { rows: await checkStatusRows(block, check), notices: [], facts: new Map() };
    },
    notices: () => sheet.notices(),
    close: () => {
      check.names.clear();
      return sheet.close();
    },
  };
}

async function issueSource(
  { institution, file, roles = [] }: UploadRequest,
  operation: 'issue' | 'correct',
  { effects, accreditations }: { effects: IssuerEffects; accreditations: AccreditationStore },
): Promise<UploadSource> {
  const { keystore, database, clock } = effects;
  await keystore.refresh();
  const { id: verificationMethod } = keystore.activeKey(institution.did, 'assertion');
  const now = clock();
  const view = await accreditations.view(institution.authority);
  // Before the file is opened: whatever fails here leaves nothing to close.
  const others = await OpenRows.read(database.knex, institution.code);
  const sheet = await openIssueSheet(file, { operation, institution, view, verificationMethod, now });
  const facts = new FactIds(institution.code);
  const check: IssueCheck = {
    knex: database.knex,
    keystore,
    institution: institution.code,
    roles,
    today: chinaDate(now),
    header: sheet.header,
    decisions: new CoverDecisions(institution, view, { verificationMethod, created: wholeSecond(now) }),
    facts,
    results: new DuplicateSet(),
    names: new DuplicateSet(),
    others,
  };
  const plain = new PlainBlocks();
  let rows: CheckedRow[] = [];
  return {
    async *read(most) {
      for await (const piece of sheet.pieces(most, plain)) {
        rows.push(...piece.rows);
        yield piece.count;
      }
    },
    async finish(before) {
      const block = { rows, plain: plain.next() };
      rows = [];
      const checked = await checkIssueRows(block, check, before);
      const notices = block.rows.flatMap((row) => ('exam' in row ? (row.notices ?? []) : []));
      notices.push(...block.plain.notices);
      return {
        ...checked,
        notices: notices.sort((a, b) => a.row - b.row),
        facts: facts.takeFresh(),
        release: () => {
          plain.giveBack(block.plain);
        },
      };
    },
    notices: () => sheet.notices(),
    close: () => {
      for (const seen of [check.results, check.names, others]) seen.clear();
      return sheet.close();
    },
  };
}

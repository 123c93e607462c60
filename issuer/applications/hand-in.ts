import { YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../../server/index.js';
import type { Batches } from '../batch/batches.js';
import { problemText } from '../batch/sheet/index.js';
import type { BatchProgress } from '../batch/types.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution } from '../institutions.js';
import { holderKeyOf } from '../result-keys.js';
import { applicationOf, readApplication, type ApplicationRow } from './application-row.js';
import type { Actor } from './applications.js';
import { rowOf, withSheetOf } from './hand-in-sheet.js';
import { checkAdmission, coversAll } from './remaining.js';
import type { HandIn } from './wanted.js';

/** What is handed in, and by whom. */
export interface HandInRequest {
  institution: Institution;
  id: string;
  actor: Actor;
  handIn: HandIn;
  /** Of the sentences about wrong cells. */
  language: 'zh-CN' | 'en';
}

/**
 * Makes of an application a batch of one row, confirmed. Its answer must have been judged just before.
 * @throws YizhengError `APPLICATION_NOT_FOUND` (404); 409: `APPLICATION_STATE`, `REMAINING_NOT_PASSED`, `EXEMPTION_LOST` (a certificate spares
 *   less than when the remaining parts were recorded), `CERTIFICATE_DUPLICATE`; 422: `APPLICANT_NUMBER_DIFFERS`, `ADMISSION_MISSING`,
 *   `ADMISSION_NOT_MET`, `APPLICATION_ROW_WRONG` (with what is wrong with the row, in the language asked for)
 */
export async function handInApplication(
  { institution, id, actor, handIn, language }: HandInRequest,
  { effects, batches }: { effects: IssuerEffects; batches: Batches },
): Promise<void> {
  const { database, keystore, clock } = effects;
  const row = await readApplication(database.knex, institution.code, id);
  const { remaining, answer, wanted } = applicationOf(row, []);
  if (!remaining || row.state !== 'remaining-recorded') throw wrongState(row);
  const holderKey = await holderKeyOf(keystore, { idNumber: handIn.idNumber, idType: row.id_type });
  const isSame =
    row.holder_key === '' ? handIn.idNumber.toUpperCase().endsWith(row.id_last_four) : holderKey === row.holder_key;
  if (!isSame)
    throw new YizhengError(
      'APPLICANT_NUMBER_DIFFERS',
      'This is not the document number the application was begun with.',
      {
        at: '/idNumber',
        status: 422,
      },
    );
  if (remaining.results.some(({ passed }) => !passed))
    throw new YizhengError(
      'REMAINING_NOT_PASSED',
      'A part was not passed; record it again after the next examination.',
      {
        status: 409,
      },
    );
  if (!coversAll(remaining, answer))
    throw new YizhengError(
      'EXEMPTION_LOST',
      `The certificates spare less than when the examination was recorded; now required: ${answer.stillRequired.join(', ')}.`,
      { status: 409 },
    );
  checkAdmission(remaining, answer);
  const batch = await withSheetOf(rowOf(row, wanted, remaining, handIn), (path) =>
    batches.upload({
      institution: institution.code,
      ...actor,
      operation: 'issue',
      file: { path, name: `${FILE[language]} ${id}.csv` },
    }),
  );
  try {
    await requireGoodRow(batches, institution.code, batch, language);
    await database.write(async (transaction) => {
      const now = clock();
      const changed = await transaction<ApplicationRow>('applications')
        .where({ id, state: 'remaining-recorded', changed_at: row.changed_at })
        .update({ state: 'handed-in', batch: batch.id, trouble: null, changed_at: now.toISOString() });
      if (changed === 0) throw wrongState(await readApplication(transaction, institution.code, id));
      await appendAudit(
        transaction,
        {
          tenant: institution.code,
          actor: actor.actor,
          action: 'application.hand-in',
          subject: id,
          detail: { batch: batch.id, assessment: remaining.assessment.id, exempted: answer.exempted },
        },
        now,
      );
    });
  } catch (error) {
    await batches.cancel(institution.code, batch.id, actor);
    throw error;
  }
  await batches.confirm(institution.code, batch.id, { actor: actor.actor, rows: 'all' });
}

const FILE = { 'zh-CN': '免考申请', en: 'Application' } as const;

async function requireGoodRow(
  batches: Batches,
  institution: string,
  batch: BatchProgress,
  language: 'zh-CN' | 'en',
): Promise<void> {
  if (batch.already > 0)
    throw new YizhengError('CERTIFICATE_DUPLICATE', 'This result was certified already.', { status: 409 });
  if (batch.ready === 1) return;
  const problems = await batches.problems(institution, batch.id);
  throw new YizhengError(
    'APPLICATION_ROW_WRONG',
    problems.map((problem) => `${problem.header ?? ''} ${problemText(problem, language)}`.trim()).join(' '),
    { status: 422 },
  );
}

function wrongState({ state }: ApplicationRow): YizhengError {
  return new YizhengError('APPLICATION_STATE', `This cannot be done with an application that is ${state}.`, {
    status: 409,
  });
}

import type { Knex } from 'knex';
import { certificateKind } from '../shared/certificate/kind.js';
import { certificateId } from '../shared/certificate/credential.js';
import { checkCertificateNumber, composeCertificateNumber } from '../shared/certificate/certificate-number.js';
import type { CertificateRecord } from '../shared/certificate/record.js';
import { YizhengError } from '../shared/errors.js';

type Numbered = Pick<CertificateRecord, 'kind' | 'issuedOn' | 'level'> & { certificateNumber?: string };

/**
 * Takes the number of a first issue: the one given, checked, or the next serial of institution × year × level.
 * @throws YizhengError `NUMBER_MISSING`, `NUMBER_INSTITUTION_MISMATCH`, `NUMBER_YEAR_MISMATCH`, `NUMBER_LEVEL_MISMATCH`,
 *   `NUMBER_FORMAT`, `NUMBER_LEVEL_CODE_UNKNOWN` (422), `NUMBER_TAKEN`, `NUMBER_SERIAL_EXHAUSTED` (409)
 */
export async function reserveNumber(
  transaction: Knex.Transaction,
  institution: string,
  draft: Numbered,
): Promise<string> {
  const number = draft.certificateNumber;
  if (number !== undefined) {
    checkNumber(institution, number, draft);
    if (await isTaken(transaction, number))
      throw new YizhengError('NUMBER_TAKEN', 'This certificate number is used already.', {
        at: '/certificateNumber',
        status: 409,
      });
    return number;
  }
  const { level } = draft;
  if (!certificateKind(draft.kind).numbered || level === undefined)
    throw new YizhengError(
      'NUMBER_MISSING',
      'This kind has no numbering rule here; give the number the authority assigned.',
      {
        at: '/certificateNumber',
        status: 422,
      },
    );
  for (;;) {
    const serial = await nextSerial(transaction, institution, draft.issuedOn.slice(2, 4), level);
    const composed = composeCertificateNumber({
      institutionCode: institution,
      issuedOn: draft.issuedOn,
      level,
      serial,
    });
    if (!(await isTaken(transaction, composed))) return composed;
  }
}

/** @throws YizhengError with the first thing of a 22-character number that disagrees with what it stands on */
export function checkNumber(institution: string, number: string, draft: Numbered): void {
  if (!certificateKind(draft.kind).numbered || draft.level === undefined) return;
  const [problem] = checkCertificateNumber(number, {
    institutionCode: institution,
    issuedOn: draft.issuedOn,
    level: draft.level,
  });
  if (problem !== undefined)
    throw new YizhengError(
      problem,
      'The certificate number disagrees with the institution, year or level it stands on.',
      {
        at: '/certificateNumber',
        status: 422,
      },
    );
}

async function isTaken(transaction: Knex.Transaction, number: string): Promise<boolean> {
  return (
    (await transaction('certificates')
      .where({ id: certificateId(number, 1) })
      .first('id')) !== undefined
  );
}

async function nextSerial(
  transaction: Knex.Transaction,
  institution: string,
  year: string,
  level: { framework: string; value: string },
): Promise<number> {
  const key = { institution, year, level: level.value };
  const row = await transaction<{ institution: string; year: string; level: string; last: number }>('serials')
    .where(key)
    .forUpdate()
    .first('last');
  const serial = (row?.last ?? 0) + 1;
  if (row) await transaction('serials').where(key).update({ last: serial });
  else await transaction('serials').insert({ ...key, last: serial });
  return serial;
}

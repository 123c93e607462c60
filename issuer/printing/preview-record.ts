import type { Knex } from 'knex';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { YizhengError } from '../../shared/errors.js';
import type { StoredRow } from '../batch/batch-tables.js';
import type { CertificateRow } from '../certificate-row.js';
import type { CertificateDraft } from '../exam-result.js';
import type { Institution } from '../institutions.js';
import { chinaDate } from '../time.js';

/** What only issuing decides, as a preview shows it. */
const DECIDED_LATER = '签发时填入 · filled in when issued';

/**
 * The record a row of a batch would become, with a word where issuing will decide.
 * @param now day of issue where none is given
 * @throws YizhengError `ROW_NOT_FOUND` (404): no such row, it is done, or its certificate stays as it is
 */
export async function recordOfBatchRow(
  knex: Knex,
  institution: Institution,
  { batch, row, now }: { batch: string; row: number; now: Date },
): Promise<CertificateRecord> {
  const stored = await knex<StoredRow>('batch_rows').where({ batch, row }).first();
  if (stored?.draft == null)
    throw new YizhengError('ROW_NOT_FOUND', 'There is no such row to be issued in this batch.', {
      status: 404,
      at: String(row),
    });
  const draft = JSON.parse(stored.draft) as CertificateDraft;
  const number = stored.number ?? (await numberOf(knex, institution, draft.supersedes));
  return previewRecord(institution, {
    ...draft,
    issuedOn: stored.issued_on ?? chinaDate(now),
    ...(number !== undefined && { certificateNumber: number }),
  });
}

/** A correction keeps the number of what it corrects. */
async function numberOf(
  knex: Knex,
  { code: institution }: Institution,
  id: string | undefined,
): Promise<string | undefined> {
  if (id === undefined) return undefined;
  return (await knex<CertificateRow>('certificates').where({ institution, id }).first('number'))?.number;
}

/** A made-up certificate of an institution, to see how its paper looks. */
export function sampleRecord(institution: Institution, now: Date): CertificateRecord {
  const date = chinaDate(now);
  return previewRecord(institution, {
    kind: 'skill-level',
    issuedOn: date,
    holder: { name: '张三', identityDocumentType: 'resident-identity-card', identityDocumentLastFour: '0000' },
    occupation: { code: '6-18-02-04', catalogueEdition: '2022', name: '焊工', trade: '电焊工' },
    level: { framework: 'cn-skill-5', value: '3' },
    assessment: { id: 'PJ-0000', method: 'examination', standard: 'GZB 6-18-02-04', standardType: 'national', date },
  });
}

function previewRecord({ did, name, authority }: Institution, draft: CertificateDraft): CertificateRecord {
  return {
    certificateNumber: DECIDED_LATER,
    ...draft,
    revision: 1,
    issuer: { id: did, name },
    authority: { id: authority, name: DECIDED_LATER },
    accreditation: { id: `urn:yizheng:accreditation:${DECIDED_LATER}` },
    status: { list: 1, index: 0 },
  };
}

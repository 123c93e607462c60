import type { Knex } from 'knex';
import type { IdentityDocumentType } from '../../shared/certificate/identity-document.js';
import { YizhengError } from '../../shared/errors.js';
import type {
  Application,
  ApplicationAnswerRecord,
  ApplicationState,
  CodedAnswer,
  Evidence,
  Judgement,
  Remaining,
  Wanted,
} from './types.js';

/** An application as it is stored. Instants are RFC 3339 with milliseconds. */
export interface ApplicationRow {
  id: string;
  institution: string;
  state: ApplicationState;
  /** JSON of {@link Wanted}. */
  wanted: string;
  region: string;
  name: string;
  id_type: IdentityDocumentType;
  id_last_four: string;
  /** HMAC of document type and number, see `holderKeyOf`; empty where it was made by a host the institution has left. */
  holder_key: string;
  /** JSON of {@link ApplicationAnswerRecord}. */
  answer: string;
  /** JSON of {@link Remaining}. */
  remaining: string | null;
  batch: string | null;
  certificate: string | null;
  trouble: string | null;
  reason: string | null;
  created_by: string;
  created_at: string;
  changed_at: string;
}

/** A presented certificate as it is stored. */
export interface EvidenceRow {
  id: string;
  application: string;
  sha256: string;
  carrier: string;
  /** What was presented, see `sealEvidence`; null once the application is closed. */
  sealed: string | null;
  /** JSON of {@link CodedAnswer}. */
  shown: string;
  /** JSON of {@link Judgement}. */
  judgement: string;
  added_by: string;
  added_at: string;
}

/** @throws YizhengError `APPLICATION_NOT_FOUND` (404), also for one of another institution */
export async function readApplication(knex: Knex, institution: string, id: string): Promise<ApplicationRow> {
  const row = await knex<ApplicationRow>('applications').where({ id, institution }).first();
  if (!row) throw new YizhengError('APPLICATION_NOT_FOUND', 'There is no such application here.', { status: 404 });
  return row;
}

/** The same for a change: nobody else changes it until the transaction ends. @throws YizhengError as {@link readApplication} */
export async function lockApplication(
  transaction: Knex.Transaction,
  institution: string,
  id: string,
): Promise<ApplicationRow> {
  await transaction<ApplicationRow>('applications').where({ id, institution }).forUpdate().first('id');
  return readApplication(transaction, institution, id);
}

/** What was presented with an application, in the order it came. */
export function evidenceOf(knex: Knex, application: string): Promise<EvidenceRow[]> {
  return knex<EvidenceRow>('application_evidence').where({ application }).orderBy(['added_at', 'id']);
}

/** The outside view of what is stored. */
export function applicationOf(row: ApplicationRow, evidence: readonly EvidenceRow[]): Application {
  return {
    id: row.id,
    state: row.state,
    wanted: JSON.parse(row.wanted) as Wanted,
    region: row.region,
    applicant: { name: row.name, idType: row.id_type, idLastFour: row.id_last_four },
    answer: JSON.parse(row.answer) as ApplicationAnswerRecord,
    evidence: evidence.map(presented),
    ...(row.remaining !== null && { remaining: JSON.parse(row.remaining) as Remaining }),
    ...(row.batch !== null && { batch: row.batch }),
    ...(row.certificate !== null && { certificate: row.certificate }),
    ...(row.trouble !== null && { trouble: row.trouble }),
    ...(row.reason !== null && { reason: row.reason }),
    createdBy: row.created_by,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}

function presented(row: EvidenceRow): Evidence {
  return {
    id: row.id,
    sha256: row.sha256,
    carrier: row.carrier,
    addedBy: row.added_by,
    addedAt: row.added_at,
    shown: JSON.parse(row.shown) as CodedAnswer,
    judgement: JSON.parse(row.judgement) as Judgement,
  };
}

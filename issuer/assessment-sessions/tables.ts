import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import type { IdentityDocumentType } from '../../shared/certificate/identity-document.js';
import type { KindId } from '../../shared/certificate/kind.js';
import type { Attendance, PassMark, SessionLine } from './types.js';

/** A session as it is stored: one row for each institution that certifies on its ground. */
export interface StoredSession {
  institution: string;
  /** Assessment id, as it stands on certificates. */
  id: string;
  /** Institution that holds it; the row's own unless it is a partner's. */
  lead: string;
  /** `issued`, and what a partner's row comes to by the leading institution's results, are derived. */
  state: 'planned' | 'open' | 'results-entered' | 'handed-in' | 'voided';
  kind: KindId;
  occupation_code: string;
  catalogue_edition: '1999' | '2015' | '2022';
  occupation_name: string;
  trade: string | null;
  level_framework: string;
  level_value: string;
  method: SessionLine['method'];
  standard: string;
  standard_type: SessionLine['standardType'];
  region: string | null;
  filing: string | null;
  /** JSON of `PassMark[]`. */
  pass_marks: string;
  held_on: string;
  ends_on: string | null;
  register_by: string | null;
  place: string;
  seats: number;
  /** JSON of `SessionStaff[]`. */
  staff: string;
  publication_from: string | null;
  publication_until: string | null;
  candidates: number;
  passed: number;
  failed: number;
  absent: number;
  withheld: number;
  batch: string | null;
  /** While its batch is being made: until when whoever does is believed to be alive. */
  handing_in_until: string | null;
  planned_by: string;
  /** JSON of everybody who wrote the plan, with when: `{ actor, at }[]`; none of them confirms it. */
  writers: string;
  planned_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
  sent_back: string | null;
  handed_in_by: string | null;
  handed_in_at: string | null;
  void_reason: string | null;
  archived_at: string | null;
  /** Number the newest candidate got; none is given twice. */
  last_candidate: number;
  version: number;
}

/** A candidate as stored with the session of the leading institution. */
export interface StoredCandidate {
  institution: string;
  session: string;
  candidate: number;
  name: string;
  id_type: IdentityDocumentType;
  last_four: string;
  /** HMAC of document type and number; see `holderKeyOf`. */
  holder_key: string;
  /** See `NumberSeal`; null once the session is archived. */
  sealed_number: string | null;
  ticket: string | null;
  seat: string | null;
  employer: string | null;
  shares: number;
  attendance: Attendance | null;
  theory: string | null;
  practical: string | null;
  comprehensive: string | null;
  verdict: 'pass' | 'fail' | null;
  version: number;
}

/** Somebody who wrote a plan, and when (RFC 3339). */
export interface PlanWriter {
  actor: string;
  at: string;
}

/** An invitation to a joint examination. */
export interface StoredPartner {
  lead: string;
  session: string;
  institution: string;
  state: 'invited' | 'accepted' | 'declined';
  invited_by: string;
  invited_at: string;
  answered_by: string | null;
  answered_at: string | null;
  note: string | null;
}

/** A certificate number given by an authority to a candidate. */
export interface StoredNumber {
  institution: string;
  session: string;
  candidate: number;
  number: string;
}

/** @throws YizhengError `EXAM_SESSION_NOT_FOUND` (404), also for a session of another institution */
export async function readSession(knex: Knex, institution: string, id: string): Promise<StoredSession> {
  const row = await knex<StoredSession>('assessment_sessions').where({ institution, id }).first();
  if (!row)
    throw new YizhengError('EXAM_SESSION_NOT_FOUND', 'There is no such assessment session here.', { status: 404 });
  return row;
}

/** The pass marks of a row. */
export function passMarksOf({ pass_marks }: Pick<StoredSession, 'pass_marks'>): PassMark[] {
  return JSON.parse(pass_marks) as PassMark[];
}

/** What a row certifies. */
export function lineOf(row: StoredSession): SessionLine {
  return {
    kind: row.kind,
    occupation: {
      code: row.occupation_code,
      catalogueEdition: row.catalogue_edition,
      name: row.occupation_name,
      ...(row.trade !== null && { trade: row.trade }),
    },
    level: { framework: row.level_framework, value: row.level_value },
    method: row.method,
    standard: row.standard,
    standardType: row.standard_type,
    ...(row.region !== null && { region: row.region }),
    ...(row.filing !== null && { filing: row.filing }),
    passMarks: passMarksOf(row),
  };
}

/** Columns of a line. */
export function lineColumns(line: SessionLine): Partial<StoredSession> {
  return {
    kind: line.kind,
    occupation_code: line.occupation.code,
    catalogue_edition: line.occupation.catalogueEdition,
    occupation_name: line.occupation.name,
    trade: line.occupation.trade ?? null,
    level_framework: line.level.framework,
    level_value: line.level.value,
    method: line.method,
    standard: line.standard,
    standard_type: line.standardType,
    region: line.region ?? null,
    filing: line.filing ?? null,
    pass_marks: JSON.stringify(line.passMarks),
  };
}

/** Everybody who wrote a plan, with who writes it now. */
export function writersWith({ writers }: Pick<StoredSession, 'writers'>, actor: string, now: Date): string {
  const before = (JSON.parse(writers) as PlanWriter[]).filter((one) => one.actor !== actor);
  return JSON.stringify([...before, { actor, at: now.toISOString() }]);
}

/** @throws YizhengError `EXAM_SESSION_STATE` (409) */
export function requireState(row: Pick<StoredSession, 'state'>, ...states: readonly StoredSession['state'][]): void {
  if (!states.includes(row.state)) throw wrongState(row.state);
}

/** What cannot be done with a session in the state it is in. */
export function wrongState(state: string): YizhengError {
  return new YizhengError('EXAM_SESSION_STATE', `This cannot be done with a session that is ${state}.`, {
    status: 409,
  });
}

/** Only the institution that holds a session changes its candidates and results. @throws YizhengError `EXAM_SESSION_NOT_LEAD` (409) */
export function requireLead({ institution, lead }: StoredSession): void {
  if (institution !== lead)
    throw new YizhengError('EXAM_SESSION_NOT_LEAD', 'The leading institution keeps candidates and results.', {
      status: 409,
    });
}

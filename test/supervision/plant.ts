import type { Knex } from 'knex';
import { cellOf, idsOfCells } from '../../issuer/supervision/certificate-cells.js';
import { insertRows, type Database } from '../../server/index.js';

/** Certificates that were issued, as far as counting them needs. */
export interface Planted {
  institution: string;
  /** Day of issue. */
  day: string;
  count: number;
  session: string;
  level?: string;
  occupation?: { code: string; name: string };
  /** Where the assessment was held, six digits. */
  region?: string;
  status?: 'active' | 'suspended' | 'revoked';
  reason?: string;
  /** Nobody knows where they are counted. */
  unplaced?: true;
}

/** A session as it would be recorded. */
export interface PlantedSession {
  institution: string;
  id: string;
  day: string;
  seats: number;
  passed: number;
  failed?: number;
  state?: string;
}

let planted = 0;

/** Stores certificates without signing them. */
export async function plantCertificates(database: Database, all: readonly Planted[]): Promise<void> {
  await database.write(async (transaction) => {
    const cells = all.map((one) => cellOf(one.institution, factsOf(one), ACCREDITATION));
    const ids = await idsOfCells(transaction, cells);
    const rows = all.flatMap((one, i) =>
      Array.from({ length: one.count }, () =>
        rowOf(one, one.unplaced ? null : (ids.get(cells[i]?.key ?? '') ?? null), planted++),
      ),
    );
    await insertRows(transaction, 'certificates', rows);
  });
}

/** Records sessions with their results. */
export async function plantSessions(knex: Knex, sessions: readonly PlantedSession[]): Promise<void> {
  for (const { institution, id, day, seats, passed, failed = 0, state = 'handed-in' } of sessions)
    await knex('assessment_sessions').insert({
      institution,
      id,
      lead: institution,
      state,
      kind: 'skill-level',
      occupation_code: '6-18-02-04',
      catalogue_edition: '2022',
      occupation_name: '焊工',
      level_framework: 'cn-skill-5',
      level_value: '3',
      method: 'examination',
      standard: 'GZB 6-18-02-04',
      standard_type: 'national',
      pass_marks: '[]',
      held_on: day,
      place: '一号考场',
      seats,
      staff: '[]',
      candidates: seats,
      passed,
      failed,
      planned_by: 'test',
      writers: '["test"]',
      planned_at: `${day}T00:00:00.000Z`,
    });
}

const ACCREDITATION = 'urn:yizheng:accreditation:planted';

function factsOf({ day, session, level = '3', region, occupation = WELDER }: Planted): Parameters<typeof cellOf>[1] {
  return {
    kind: 'skill-level',
    issuedOn: day,
    occupation: { ...occupation, catalogueEdition: '2022' },
    level: { framework: 'cn-skill-5', value: level },
    assessment: {
      id: session,
      method: 'examination',
      standard: 'GZB 6-18-02-04',
      standardType: 'national',
      date: day,
      ...(region !== undefined && { region }),
    },
  };
}

const WELDER = { code: '6-18-02-04', name: '焊工' };

function rowOf(
  { institution, day, session, level = '3', status = 'active', reason }: Planted,
  cell: number | null,
  n: number,
) {
  const number = `${institution}${day.slice(2, 4)}${level}${String(n).padStart(6, '0')}`;
  return {
    id: `urn:yizheng:certificate:${number}:1`,
    institution,
    number,
    revision: 1,
    kind: 'skill-level',
    list: 60_000 + Math.floor(n / 100_000),
    list_index: n % 100_000,
    unsigned: null,
    proof_created: `${day}T01:00:00Z`,
    key_id: 'did:web:planted.example#key-1',
    state: 'issued',
    credential: '{}',
    status,
    status_reason: reason ?? null,
    assessment: session,
    cell,
    idempotency_key: `planted/${n}`,
    actor: 'test',
    reserved_at: `${day}T01:00:00.000Z`,
    issued_at: `${day}T01:00:00.000Z`,
  };
}

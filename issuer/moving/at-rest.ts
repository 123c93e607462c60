import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { IS_RESERVED } from '../certificate-row.js';

/** Something that is under way and must end before an institution can move. */
export interface UnderWay {
  what: 'batch' | 'certificate' | 'key-ceremony' | 'session' | 'joint-examination';
  /** Id to find it by. */
  id: string;
}

/** Most that are told at once. */
const TOLD = 10;

/**
 * Demands that nothing of an institution is half done: once its move has begun nothing can go on, and what is decided on both hosts would be
 * decided twice. What waits for people may wait (checked and submitted batches, open sessions and applications). Joint examinations must be over,
 * since their other half stays.
 * @throws YizhengError `TENANT_NOT_AT_REST` (409) naming what is under way
 */
export async function requireAtRest(transaction: Knex.Transaction, code: string, now: Date): Promise<void> {
  const found = await underWay(transaction, code, now);
  if (found.length > 0)
    throw new YizhengError(
      'TENANT_NOT_AT_REST',
      `These must end first: ${found
        .slice(0, TOLD)
        .map(({ what, id }) => `${what} ${id}`)
        .join(', ')}.`,
      { status: 409, at: found[0]?.id ?? '' },
    );
}

/** What of an institution is under way. */
export async function underWay(knex: Knex, code: string, now: Date): Promise<UnderWay[]> {
  const ids = async (what: UnderWay['what'], query: Knex.QueryBuilder): Promise<UnderWay[]> => {
    const rows = (await query.orderBy('id').limit(TOLD)) as { id: string }[];
    return rows.map(({ id }) => ({ what, id }));
  };
  const own = { institution: code };
  return [
    ...(await ids(
      'batch',
      knex('batches')
        .where(own)
        .where((either) => {
          void either.whereIn('state', ['checking', 'running']).orWhereIn(
            'id',
            knex('batch_chunks')
              .where({ ...own, state: 'reserved' })
              .select('batch'),
          );
        })
        .select('id'),
    )),
    ...(await ids('certificate', knex('certificates').where(own).whereRaw(IS_RESERVED).select('id'))),
    ...(await ids(
      'key-ceremony',
      knex('key_ceremonies')
        .where({ ...own, state: 'confirmed' })
        .select('id'),
    )),
    ...(await ids(
      'session',
      knex('assessment_sessions').where(own).where('handing_in_until', '>', now.toISOString()).select('id'),
    )),
    ...(await ids('joint-examination', openJointSessions(knex, code).select('s.id'))),
    ...(await ids(
      'joint-examination',
      knex('assessment_partners')
        .where({ ...own, state: 'invited' })
        .select('session as id'),
    )),
  ];
}

/** Sessions of several institutions, this one among them, whose certificates are not all issued. */
function openJointSessions(knex: Knex, code: string): Knex.QueryBuilder {
  return knex('assessment_sessions as s')
    .where((either) => {
      void either.where('s.lead', code).orWhere('s.institution', code);
    })
    .where((joint) => {
      void joint
        .whereRaw('?? <> ??', ['s.lead', 's.institution'])
        .orWhereExists(
          knex('assessment_partners as p')
            .whereRaw('?? = ??', ['p.lead', 's.lead'])
            .whereRaw('?? = ??', ['p.session', 's.id'])
            .whereIn('p.state', ['invited', 'accepted'])
            .select(knex.raw('1')),
        );
    })
    .whereNot('s.state', 'voided')
    .whereNull('s.archived_at')
    .where((open) => {
      void open
        .whereNot('s.state', 'handed-in')
        .orWhereNotIn('s.batch', knex('batches').whereIn('state', ['done', 'cancelled']).select('id'));
    });
}

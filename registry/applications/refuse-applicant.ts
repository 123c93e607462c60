import type { Knex } from 'knex';
import { judgeSecondPerson } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import type { ApplicationRow } from './application-store.js';

/**
 * Who applies does not decide. That one gave the other access is no matter here: an authority lets its institutions in, and the
 * accreditation itself needs two of its own people.
 * @throws YizhengError `APPLICANT_MAY_NOT_DECIDE` (403)
 */
export async function refuseSamePerson(
  transaction: Knex,
  applicant: { actor: string; at: string },
  actor: string,
): Promise<void> {
  const { code } = await judgeSecondPerson(transaction, { first: [applicant], second: actor });
  if (code === 'APPROVAL_BY_SAME_PERSON')
    throw new YizhengError('APPLICANT_MAY_NOT_DECIDE', 'Another person than the applicant must decide.', {
      status: 403,
    });
}

/** The same for whoever approves what an application was turned into. @throws YizhengError `APPLICANT_MAY_NOT_DECIDE` (403) */
export async function refuseApplicant(transaction: Knex, slug: string, proposal: string, actor: string): Promise<void> {
  const row = await transaction<ApplicationRow & { slug: string }>('registry_applications')
    .where({ slug, proposal })
    .first();
  if (row) await refuseSamePerson(transaction, { actor: row.handed_in_by, at: row.handed_in_at }, actor);
}

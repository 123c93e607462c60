import type { Knex } from 'knex';
import { errorCode, YizhengError } from '../shared/errors.js';
import { requireSecondPerson, type SecondPersonCaution } from '../server/index.js';

/**
 * Demands that a proposal is approved by another person than its proposer.
 * @returns what deserves a look, for the audit row
 * @throws YizhengError `PROPOSER_MAY_NOT_APPROVE`, `APPROVER_NOT_INDEPENDENT` (403)
 */
export async function refuseProposer(
  transaction: Knex.Transaction,
  { proposed_by, proposed_at }: { proposed_by: string; proposed_at: string },
  approver: string,
): Promise<SecondPersonCaution[]> {
  const act = { first: [{ actor: proposed_by, at: proposed_at }], second: approver };
  try {
    return (await requireSecondPerson(transaction, act)).cautions;
  } catch (error) {
    if (errorCode(error) !== 'APPROVAL_BY_SAME_PERSON') throw error;
    throw new YizhengError('PROPOSER_MAY_NOT_APPROVE', 'Another person than the proposer must approve.', {
      status: 403,
    });
  }
}

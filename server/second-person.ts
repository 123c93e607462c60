import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import { readRoles } from './accounts/membership.js';
import { makersOf } from './credential-makers.js';
import { HOST_TENANT } from './roles.js';
import { personOf, samePerson } from './same-person.js';

/** What deserves a look without being a reason to refuse. */
export type SecondPersonCaution = 'SAME_NAME';

/** Who takes part in an act of two. */
export interface ActOfTwo {
  /** Everybody who handed it in, with when (RFC 3339): API keys or accounts. */
  first: readonly { actor: string; at: string }[];
  /** Who is to agree, now. */
  second: string;
}

/** Whether somebody may be the second person. */
export interface SecondPersonVerdict {
  /** Why not: the very same person, or one whose access the other made. */
  code?: 'APPROVAL_BY_SAME_PERSON' | 'APPROVER_NOT_INDEPENDENT';
  cautions: SecondPersonCaution[];
}

/**
 * Judges whether two credentials are two persons, as far as what is written down can tell.
 *
 * - The same account or API key, or a key labelled like the other one, is the same person. Two accounts of one name are only a caution: two people
 *   may be called 张伟.
 * - A key that somebody of the institution made is that somebody: its secret was shown to them. Keys the host made stand for themselves, since the
 *   host could do without a second person anyway.
 * - Nobody is second to whom they gave access, nor to who gave it to them, at whatever remove: whoever made the invitation an account was
 *   begun or last reset with may have accepted it too. Time does not change that; a reset by somebody else does, as it takes away everything
 *   that was known before. For who handed it in, everybody counts who gave access then or since.
 *
 * An administrator who neither hands in nor approves is in nobody's way.
 */
export async function judgeSecondPerson(knex: Knex, { first, second }: ActOfTwo): Promise<SecondPersonVerdict> {
  const approver = await personBehind(knex, second);
  const approverMakers = await everyMaker(knex, second);
  const cautions = new Set<SecondPersonCaution>();
  let isBound = false;
  for (const { actor, at } of first) {
    const submitter = await personBehind(knex, actor);
    if (submitter === approver) return { code: 'APPROVAL_BY_SAME_PERSON', cautions: [] };
    if (samePerson(await personOf(knex, actor), await personOf(knex, second))) {
      if (!isAccount(actor) || !isAccount(second)) return { code: 'APPROVAL_BY_SAME_PERSON', cautions: [] };
      cautions.add('SAME_NAME');
    }
    const submitterMakers = await everyMaker(knex, actor, at);
    isBound ||= approverMakers.has(submitter) || submitterMakers.has(approver);
  }
  return { ...(isBound && { code: 'APPROVER_NOT_INDEPENDENT' }), cautions: [...cautions] };
}

/**
 * Demands a second person, as {@link judgeSecondPerson} judges.
 * @returns what deserves a look, for the audit row of the approval
 * @throws YizhengError `APPROVAL_BY_SAME_PERSON`, `APPROVER_NOT_INDEPENDENT` (403)
 */
export async function requireSecondPerson(knex: Knex, act: ActOfTwo): Promise<{ cautions: SecondPersonCaution[] }> {
  const { code, cautions } = await judgeSecondPerson(knex, act);
  if (code === 'APPROVAL_BY_SAME_PERSON')
    throw new YizhengError(code, 'Somebody else than who handed it in must approve.', { status: 403 });
  if (code === 'APPROVER_NOT_INDEPENDENT')
    throw new YizhengError(
      code,
      'One of the two, who handed it in and who would approve, gave the other their access. Somebody whose access neither of them made must approve, or the administrator of the host resets that access and it is handed in anew.',
      { status: 403 },
    );
  return { cautions };
}

/** The person an act counts as: of a key somebody of the institution made, that somebody. */
async function personBehind(knex: Knex, id: string): Promise<string> {
  if (isAccount(id)) return id;
  const maker = (await makersOf(knex, id)).at(-1)?.maker;
  return maker === undefined || (await isOfHost(knex, maker)) ? id : personBehind(knex, maker);
}

/** Everybody through whose hands an access went, as persons, at whatever remove. @param since for the first step, only who made it then or later */
async function everyMaker(knex: Knex, id: string, since?: string): Promise<Set<string>> {
  const found = new Set<string>();
  const known = await makersOf(knex, id);
  const inForce = Math.max(
    0,
    known.findLastIndex(({ at }) => since === undefined || at < since),
  );
  const open = known.slice(inForce).map(({ maker }) => maker);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    found.add(await personBehind(knex, next));
    open.push(...(await makersOf(knex, next)).map(({ maker }) => maker));
  }
  return found;
}

/** Is somebody of the host, or nobody we know, i.e. who has the machine? */
async function isOfHost(knex: Knex, id: string): Promise<boolean> {
  if (isAccount(id)) {
    const host = await knex<{ account: string; tenant: string; roles: string }>('account_memberships')
      .where({ account: id, tenant: HOST_TENANT })
      .first('roles');
    return readRoles(host?.roles ?? '').includes('admin');
  }
  const key = await knex<{ id: string; tenant: string }>('api_keys').where({ id }).first('tenant');
  return key === undefined || key.tenant === HOST_TENANT;
}

function isAccount(id: string): boolean {
  return id.startsWith('acct_');
}

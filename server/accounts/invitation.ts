import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../audit.js';
import { recordMaker } from '../credential-makers.js';
import type { Role } from '../roles.js';
import { isUniqueViolation } from '../storage-error.js';
import type { AccountRow } from './account.js';
import type { AccountEffects } from './effects.js';
import { readRoles, setMembership } from './membership.js';
import { linkIdentity } from './oidc/identity.js';
import type { ProvenIdentity } from './oidc/provider.js';
import { assertStrongPassword, hashPassword } from './password.js';
import { newToken, tokenHash } from './secret-token.js';
import { beginSession, endSessions, type SignInMethod } from './session.js';

/** An invitation may be used so long, milliseconds. */
export const INVITATION_MS = 7 * 24 * 60 * 60_000;

const LOGIN = /^[a-z0-9][a-z0-9._@-]{2,99}$/;

interface InvitationRow {
  token_sha256: string;
  /** The account whose access is to be given back; null for a new person. */
  account: string | null;
  tenant: string;
  roles: string;
  name: string;
  invited_by: string;
  expires_at: string;
  used_at: string | null;
}

/** An invitation as it is shown once to whoever hands it over. */
export interface NewInvitation {
  /** 256 random bits, base64url; only its hash is kept. */
  token: string;
  /** RFC 3339. */
  expiresAt: string;
}

/** An invitation somebody is about to accept, and the login they chose (of no use where the account has one). */
export interface AcceptedInvitation {
  /** SHA-256 of its token, hex. */
  tokenSha256: string;
  login: string;
}

/** What an invitation offers, for the page that opens it. */
export interface OpenInvitation {
  name: string;
  tenant: string;
  roles: Role[];
  expiresAt: string;
  /** The login of the account whose access it gives back; absent for a new person. */
  login?: string;
}

/**
 * Invites a person to a tenant, or, with `account`, gives back access to one who lost it.
 * @param actor who invites; stands in the audit log
 */
export async function invite(
  effects: AccountEffects,
  offer: { tenant: string; roles: readonly Role[]; name: string; account?: string },
  actor: string,
): Promise<NewInvitation> {
  const now = effects.clock();
  const token = newToken(effects.randomBytes);
  const expiresAt = new Date(now.getTime() + INVITATION_MS).toISOString();
  const { tenant, roles, name, account } = offer;
  await effects.database.write(async (transaction) => {
    await transaction<InvitationRow>('account_invitations').insert({
      token_sha256: tokenHash(token),
      account: account ?? null,
      tenant,
      roles: roles.join(' '),
      name,
      invited_by: actor,
      expires_at: expiresAt,
    });
    const action = account === undefined ? 'account.invite' : 'account.reset';
    const detail = { roles: [...roles], expiresAt };
    await appendAudit(transaction, { tenant, actor, action, subject: account ?? tenant, detail }, now);
  });
  return { token, expiresAt };
}

/** Reads what an invitation offers. @throws YizhengError `INVITATION_INVALID` (404: unknown, used or over) */
export async function readInvitation(effects: AccountEffects, token: string): Promise<OpenInvitation> {
  const row = await openRow(effects.database.knex, tokenHash(token), effects.clock());
  const known = row.account === null ? undefined : await accountRow(effects.database.knex, row.account);
  return {
    name: row.name,
    tenant: row.tenant,
    roles: readRoles(row.roles),
    expiresAt: row.expires_at,
    ...(known && { login: known.login }),
  };
}

/**
 * Takes an invitation: makes the account, or gives the one it names a new password and takes its old factors and sessions away. The session
 * that begins may only set up a second factor.
 * @returns token of the session
 * @throws YizhengError `INVITATION_INVALID` (404), `LOGIN_INVALID`, `PASSWORD_WEAK` (422), `LOGIN_TAKEN` (409)
 */
export async function acceptInvitation(
  effects: AccountEffects,
  answer: { token: string; login: string; password: string },
): Promise<string> {
  const now = effects.clock();
  const login = plainLogin(answer.login);
  const tokenSha256 = tokenHash(answer.token);
  const { name } = await openRow(effects.database.knex, tokenSha256, now);
  assertStrongPassword(answer.password, [login, name]);
  const password = await hashPassword(answer.password);
  return accept(effects, { tokenSha256, login }, { password });
}

/**
 * Looks whether an invitation could be accepted under this login, before its owner goes to the identity provider.
 * @returns what is to be kept until they come back
 * @throws YizhengError `INVITATION_INVALID` (404), `LOGIN_INVALID` (422), `LOGIN_TAKEN` (409)
 */
export async function checkInvitation(
  { database, clock }: AccountEffects,
  answer: { token: string; login: string },
): Promise<AcceptedInvitation> {
  const login = plainLogin(answer.login);
  const tokenSha256 = tokenHash(answer.token);
  const row = await openRow(database.knex, tokenSha256, clock());
  if (row.account === null) {
    assertLogin(login);
    if (await database.knex<AccountRow>('accounts').where({ login }).first()) throw loginTaken();
  }
  return { tokenSha256, login };
}

/**
 * Takes an invitation with an identity the provider proved, which is linked to the account; there is no password. Unless the provider said that a
 * second factor was used, the session may only set one up.
 * @param digest of `identityDigest`
 * @returns token of the session
 * @throws YizhengError `INVITATION_INVALID` (404), `LOGIN_INVALID` (422), `LOGIN_TAKEN`, `IDENTITY_TAKEN` (409)
 */
export function acceptByIdentity(
  effects: AccountEffects,
  invitation: AcceptedInvitation,
  proven: { identity: ProvenIdentity; digest: string },
): Promise<string> {
  return accept(effects, invitation, proven);
}

/** With what an invitation is accepted. */
type Credential = { password: string } | { identity: ProvenIdentity; digest: string };

async function accept(
  effects: AccountEffects,
  { tokenSha256, login }: AcceptedInvitation,
  credential: Credential,
): Promise<string> {
  const now = effects.clock();
  const password = 'password' in credential ? credential.password : null;
  try {
    return await effects.database.write(async (transaction) => {
      const row = await openRow(transaction, tokenSha256, now);
      const account =
        row.account === null
          ? await createAccount(transaction, { login, name: row.name, password }, effects, now)
          : await resetAccount(transaction, row.account, password);
      await transaction<InvitationRow>('account_invitations')
        .where(row.account === null ? { token_sha256: row.token_sha256 } : { account: row.account, used_at: null })
        .update({ used_at: now.toISOString() });
      if (row.account === null)
        await setMembership(transaction, account, { tenant: row.tenant, roles: readRoles(row.roles) });
      await recordMaker(transaction, { credential: account, maker: row.invited_by, at: now.toISOString() });
      const detail = { invitedBy: row.invited_by };
      await appendAudit(
        transaction,
        { tenant: row.tenant, actor: account, action: 'account.accept', subject: account, detail },
        now,
      );
      if ('identity' in credential)
        await linkIdentity(transaction, { account, ...credential, tenant: row.tenant }, now);
      return beginSession(transaction, account, methodOf(credential), { ...effects, now });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw loginTaken();
  }
}

function methodOf(credential: Credential): SignInMethod {
  if ('password' in credential) return 'password';
  return credential.identity.hasSecondFactor ? 'oidc' : 'oidc-alone';
}

function plainLogin(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase();
}

function loginTaken(): YizhengError {
  return new YizhengError('LOGIN_TAKEN', 'Somebody has this login already; choose another one.', {
    status: 409,
    at: '/login',
  });
}

/** Takes back the open invitations somebody made: who may no longer invite leaves no door open. */
export async function voidInvitationsOf(transaction: Knex.Transaction, inviter: string, now: Date): Promise<void> {
  await transaction<InvitationRow>('account_invitations')
    .where({ invited_by: inviter, used_at: null })
    .update({ used_at: now.toISOString() });
}

async function openRow(knex: Knex, tokenSha256: string, now: Date): Promise<InvitationRow> {
  const row = await knex<InvitationRow>('account_invitations').where({ token_sha256: tokenSha256 }).first();
  if (row?.used_at !== null || row.expires_at <= now.toISOString())
    throw new YizhengError(
      'INVITATION_INVALID',
      'The invitation was used, is over, or was never made; ask for another.',
      {
        status: 404,
      },
    );
  return row;
}

async function createAccount(
  transaction: Knex.Transaction,
  { login, name, password }: Pick<AccountRow, 'login' | 'name' | 'password'>,
  { randomBytes }: AccountEffects,
  now: Date,
): Promise<string> {
  assertLogin(login);
  const id = `acct_${Buffer.from(randomBytes(8)).toString('hex')}`;
  await transaction<AccountRow>('accounts').insert({ id, login, name, password, created_at: now.toISOString() });
  return id;
}

function assertLogin(login: string): void {
  if (!LOGIN.test(login))
    throw new YizhengError('LOGIN_INVALID', 'A login has 3 to 100 letters a–z, digits or . _ @ -.', {
      status: 422,
      at: '/login',
    });
}

async function resetAccount(transaction: Knex.Transaction, account: string, password: string | null): Promise<string> {
  await transaction<AccountRow>('accounts')
    .where({ id: account })
    .update({ password, totp_sealed: null, totp_confirmed_at: null, totp_last_step: null });
  for (const table of ['account_passkeys', 'account_identities', 'account_recovery_codes'])
    await transaction(table).where({ account }).delete();
  await endSessions(transaction, account);
  return account;
}

function accountRow(knex: Knex, id: string): Promise<AccountRow | undefined> {
  return knex<AccountRow>('accounts').where({ id }).first();
}

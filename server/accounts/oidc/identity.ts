import type { Knex } from 'knex';
import { YizhengError } from '../../../shared/errors.js';
import { appendAudit } from '../../audit.js';
import { isUniqueViolation } from '../../storage-error.js';
import type { AccountRow } from '../account.js';
import type { AccountEffects } from '../effects.js';
import type { ProvenIdentity } from './provider.js';

/** Row of `account_identities`: issuer and subject belong to one account, and an account has one subject of an issuer. */
export interface IdentityRow {
  issuer: string;
  subject: string;
  account: string;
  created_at: string;
  used_at: string | null;
  /** When the provider last said that a second factor was used. */
  factor_seen_at: string | null;
}

/** A link of an account to a provider, as its owner sees it; the subject is nobody's business. */
export interface LinkedIdentity {
  issuer: string;
  /** RFC 3339. */
  createdAt: string;
  usedAt?: string;
}

/** A link that is to be made. */
export interface NewLink {
  account: string;
  identity: ProvenIdentity;
  /** Of {@link identityDigest}. */
  digest: string;
  /** Where the audit row stands. */
  tenant: string;
}

/** The links of an account, oldest first. */
export async function identitiesOf(knex: Knex, account: string): Promise<LinkedIdentity[]> {
  const rows = await knex<IdentityRow>('account_identities').where({ account }).orderBy(['created_at', 'issuer']);
  return rows.map(({ issuer, created_at, used_at }) => ({
    issuer,
    createdAt: created_at,
    ...(used_at === null ? {} : { usedAt: used_at }),
  }));
}

/** The link of somebody the provider proved; undefined when they have none. */
export function findIdentity(knex: Knex, { issuer, subject }: ProvenIdentity): Promise<IdentityRow | undefined> {
  return knex<IdentityRow>('account_identities').where({ issuer, subject }).first();
}

/** Remembers that a link was used, and whether with a second factor. */
export async function markUsed(
  transaction: Knex.Transaction,
  { issuer, subject, hasSecondFactor }: ProvenIdentity,
  now: Date,
): Promise<void> {
  const used_at = now.toISOString();
  await transaction<IdentityRow>('account_identities')
    .where({ issuer, subject })
    .update({ used_at, ...(hasSecondFactor && { factor_seen_at: used_at }) });
}

/**
 * Links an identity to an account.
 * @throws YizhengError `IDENTITY_TAKEN` (409: it belongs to another account), `IDENTITY_ALREADY` (409: the account has one there)
 */
export async function linkIdentity(
  transaction: Knex.Transaction,
  { account, identity, digest, tenant }: NewLink,
  now: Date,
): Promise<void> {
  const { issuer, subject, hasSecondFactor } = identity;
  const known = await findIdentity(transaction, identity);
  if (known && known.account !== account) throw taken();
  if (await transaction<IdentityRow>('account_identities').where({ account, issuer }).first())
    throw new YizhengError('IDENTITY_ALREADY', 'This account is linked there already; end that link first.', {
      status: 409,
    });
  const at = now.toISOString();
  const row = { issuer, subject, account, created_at: at, used_at: null, factor_seen_at: hasSecondFactor ? at : null };
  try {
    await transaction<IdentityRow>('account_identities').insert(row);
  } catch (error) {
    if (isUniqueViolation(error)) throw taken();
    throw error;
  }
  const entry = { tenant, actor: account, action: 'account.identity-link', subject: account };
  await appendAudit(transaction, { ...entry, detail: { issuer, identity: digest } }, now);
}

/**
 * Refuses to let somebody's last way in go: a passkey must stay, or a password with an authenticator app.
 * @throws YizhengError `WAY_IN_NEEDED` (409)
 */
export async function refuseLastWayIn(knex: Knex, account: string): Promise<void> {
  const row = await knex<AccountRow>('accounts').where({ id: account }).first();
  const passkey: unknown = await knex('account_passkeys').where({ account }).first('id');
  if (passkey === undefined && ((row?.password ?? null) === null || (row?.totp_confirmed_at ?? null) === null))
    throw new YizhengError('WAY_IN_NEEDED', 'Add a passkey first: without this link nobody could sign in here.', {
      status: 409,
    });
}

/**
 * What the audit log says of an identity: a keyed digest, which tells two apart and does not say who they are.
 * @returns 32 hexadecimal digits
 */
export async function identityDigest(
  { keystore }: Pick<AccountEffects, 'keystore'>,
  { issuer, subject }: Pick<ProvenIdentity, 'issuer' | 'subject'>,
): Promise<string> {
  const digest = await keystore.hmac('account identity', new TextEncoder().encode(`${issuer} ${subject}`));
  return Buffer.from(digest).toString('hex').slice(0, 32);
}

function taken(): YizhengError {
  return new YizhengError(
    'IDENTITY_TAKEN',
    'This identity belongs to another account here already; one person has one account.',
    { status: 409 },
  );
}

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Knex } from 'knex';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit } from '../audit.js';
import { HOST_TENANT } from '../roles.js';
import type { AccountRow } from './account.js';
import { keepChallenge, takeChallenge } from './challenge.js';
import type { AccountEffects } from './effects.js';
import { beginSession, completeSession, endSessions, type Session } from './session.js';

/** Loaded with the first passkey: it takes 20 MB, and many services have none. */
const webauthn = async () => import('@simplewebauthn/server');
/** Most passkeys of one account. */
const MOST = 10;

interface PasskeyRow {
  id: string;
  account: string;
  label: string;
  public_key: string;
  /** A bigint, which `pg` gives as text. */
  counter: number | string;
  transports: string;
  created_at: string;
  used_at: string | null;
}

/** A passkey as its owner sees it. */
export interface Passkey {
  id: string;
  label: string;
  createdAt: string;
  usedAt?: string;
}

/** Options for the browser, with the id its answer names. */
export interface PasskeyRequest<T> {
  challengeId: string;
  options: T;
}

/** Begins to register a passkey (WebAuthn Level 3 §7.1): one that can be found without a login and asks for PIN or finger. */
export async function beginPasskey(
  effects: AccountEffects,
  { account }: Session,
): Promise<PasskeyRequest<PublicKeyCredentialCreationOptionsJSON>> {
  const known = await rowsOf(effects.database.knex, account.id);
  if (known.length >= MOST)
    throw new YizhengError('PASSKEY_LIMIT', `An account has ${MOST} passkeys at most; remove one first.`, {
      status: 409,
    });
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: '一证 Yizheng',
    rpID: hostOf(effects),
    userName: account.login,
    userDisplayName: account.name,
    userID: new TextEncoder().encode(account.id),
    challenge: Uint8Array.from(effects.randomBytes(32)),
    attestationType: 'none',
    excludeCredentials: known.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const challenge = { purpose: 'passkey-register', account: account.id, value: options.challenge };
  return { challengeId: await keepChallenge(effects, challenge), options };
}

/**
 * Registers it. Ends every other session.
 * @throws YizhengError `CHALLENGE_INVALID`, `PASSKEY_INVALID` (422)
 */
export async function addPasskey(
  effects: AccountEffects,
  session: Session,
  answer: { challengeId: string; label: string; response: RegistrationResponseJSON },
): Promise<Passkey> {
  const { verifyRegistrationResponse } = await webauthn();
  const now = effects.clock();
  const account = session.account.id;
  const at = { id: answer.challengeId, purpose: 'passkey-register', account };
  const expectedChallenge = await effects.database.write((transaction) => takeChallenge(transaction, at, now));
  const checked = await verifyRegistrationResponse({
    response: answer.response,
    expectedChallenge,
    expectedOrigin: originOf(effects),
    expectedRPID: hostOf(effects),
    requireUserVerification: true,
  }).catch(() => undefined);
  const credential = checked?.registrationInfo?.credential;
  if (!credential) throw invalid(422);
  const row: PasskeyRow = {
    id: credential.id,
    account,
    label: answer.label,
    public_key: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: (credential.transports ?? []).join(' ').slice(0, 100),
    created_at: now.toISOString(),
    used_at: null,
  };
  await effects.database.write(async (transaction) => {
    await transaction<PasskeyRow>('account_passkeys').insert(row);
    await completeSession(transaction, session, 'passkey');
    await endSessions(transaction, account, session);
    const entry = { tenant: HOST_TENANT, actor: account, action: 'account.passkey', subject: account };
    await appendAudit(transaction, { ...entry, detail: { label: answer.label } }, now);
  });
  return shown(row);
}

/** Begins to sign in with any passkey of this service. */
export async function beginPasskeySignIn(
  effects: AccountEffects,
): Promise<PasskeyRequest<PublicKeyCredentialRequestOptionsJSON>> {
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({
    rpID: hostOf(effects),
    userVerification: 'required',
    challenge: Uint8Array.from(effects.randomBytes(32)),
  });
  return {
    challengeId: await keepChallenge(effects, { purpose: 'passkey-sign-in', value: options.challenge }),
    options,
  };
}

/**
 * Signs in with a passkey (WebAuthn Level 3 §7.2).
 * @returns token of the session
 * @throws YizhengError `CHALLENGE_INVALID` (422), `PASSKEY_INVALID` (401: unknown, wrong signature, disabled account, or a counter that went
 *   back, which means a copy)
 */
export async function signInWithPasskey(
  effects: AccountEffects,
  answer: { challengeId: string; response: AuthenticationResponseJSON },
): Promise<string> {
  const { verifyAuthenticationResponse } = await webauthn();
  const { database, clock } = effects;
  const now = clock();
  const at = { id: answer.challengeId, purpose: 'passkey-sign-in' };
  const expectedChallenge = await database.write((transaction) => takeChallenge(transaction, at, now));
  const row = await database.knex<PasskeyRow>('account_passkeys').where({ id: answer.response.id }).first();
  const account = row && (await database.knex<AccountRow>('accounts').where({ id: row.account }).first());
  if (!row || account?.disabled_at !== null) throw invalid(401);
  const checked = await verifyAuthenticationResponse({
    response: answer.response,
    expectedChallenge,
    expectedOrigin: originOf(effects),
    expectedRPID: hostOf(effects),
    requireUserVerification: true,
    credential: {
      id: row.id,
      publicKey: Uint8Array.from(Buffer.from(row.public_key, 'base64url')),
      counter: Number(row.counter),
    },
  }).catch(() => undefined);
  if (!checked?.verified) throw invalid(401);
  const counter = checked.authenticationInfo.newCounter;
  return database.write(async (transaction) => {
    const used = await transaction<PasskeyRow>('account_passkeys')
      .where({ id: row.id, counter: row.counter })
      .update({ counter, used_at: now.toISOString() });
    if (used === 0) throw invalid(401);
    const entry = { tenant: HOST_TENANT, actor: account.id, action: 'account.sign-in', subject: account.id };
    await appendAudit(transaction, { ...entry, detail: { method: 'passkey' } }, now);
    return beginSession(transaction, account.id, 'passkey', { ...effects, now });
  });
}

/** The passkeys of an account, oldest first. */
export async function passkeysOf(knex: Knex, account: string): Promise<Passkey[]> {
  return (await rowsOf(knex, account)).map(shown);
}

/**
 * Takes a passkey away, where another one or an authenticator app stays.
 * @throws YizhengError `NOT_FOUND` (404), `FACTOR_NEEDED` (409)
 */
export async function removePasskey(effects: AccountEffects, { account }: Session, id: string): Promise<void> {
  const now = effects.clock();
  await effects.database.write(async (transaction) => {
    const known = await rowsOf(transaction, account.id);
    const row = await transaction<AccountRow>('accounts').where({ id: account.id }).first();
    if (!known.some((one) => one.id === id))
      throw new YizhengError('NOT_FOUND', 'There is no such passkey.', { status: 404 });
    if (known.length === 1 && (row?.totp_confirmed_at ?? null) === null)
      throw new YizhengError('FACTOR_NEEDED', 'It is the only second factor; set up another one first.', {
        status: 409,
      });
    await transaction<PasskeyRow>('account_passkeys').where({ id, account: account.id }).delete();
    const entry = { tenant: HOST_TENANT, actor: account.id, action: 'account.passkey-remove', subject: account.id };
    await appendAudit(transaction, entry, now);
  });
}

async function rowsOf(knex: Knex, account: string): Promise<PasskeyRow[]> {
  return knex<PasskeyRow>('account_passkeys').where({ account }).orderBy('created_at');
}

function shown({ id, label, created_at, used_at }: PasskeyRow): Passkey {
  return { id, label, createdAt: created_at, ...(used_at === null ? {} : { usedAt: used_at }) };
}

function hostOf({ baseUrl }: AccountEffects): string {
  return new URL(baseUrl).hostname;
}

function originOf({ baseUrl }: AccountEffects): string {
  return new URL(baseUrl).origin;
}

function invalid(status: number): YizhengError {
  return new YizhengError('PASSKEY_INVALID', 'The passkey was not accepted; try again or use another way.', { status });
}

import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import { defineRoute, type Call, type Reply } from '../define-route.js';
import { HOST_TENANT, ROLES } from '../roles.js';
import { namesOf } from '../same-person.js';
import type { ServiceApp } from '../service-app.js';
import { accountsOf, changePassword, changeRoles, disableAccount, resetAccess } from './account-service.js';
import type { AccountEffects } from './effects.js';
import { acceptInvitation, invite, readInvitation } from './invitation.js';
import { membershipsOf } from './membership.js';
import { PASSWORD_LENGTH } from './password.js';
import {
  addPasskey,
  beginPasskey,
  beginPasskeySignIn,
  passkeysOf,
  removePasskey,
  signInWithPasskey,
} from './passkey.js';
import { beginTotp, confirmTotp, removeTotp } from './second-factor.js';
import { csrfToken, NO_SESSION_COOKIE, sessionCookie, sessionToken } from './session-cookie.js';
import { endSession, readSession, SIGN_IN_METHODS, type Session } from './session.js';
import { signInWithPassword } from './sign-in.js';

/** Where the tenants of a service are, e.g. `/institutions/:institutionCode`. */
export interface AccountTenants<P extends z.ZodObject> {
  path: string;
  param: string;
  params: P;
  /** @throws YizhengError when there is no such tenant */
  assertExists: (tenant: string) => Promise<void>;
  /** Tries to sign in that one address has in a minute; default 60, since a whole office may be behind one. */
  triesPerMinute?: number;
}

const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const password = z
  .string()
  .min(1)
  .max(4 * PASSWORD_LENGTH.most);
const login = z.string().min(1).max(100);
const role = z.enum(ROLES);
const accountId = z.string().regex(/^acct_[0-9a-f]{16}$/);
const label = z.string().trim().min(1).max(100);
const base64url = z.string().max(8000);
/** What the browser's `toJSON()` of a credential gives; the library checks what is in it. */
const credentialShape = {
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(40).optional(),
  clientExtensionResults: z.looseObject({}),
};
const attestation = z.looseObject({
  ...credentialShape,
  response: z.looseObject({ clientDataJSON: base64url, attestationObject: z.string().max(20_000) }),
});
const assertion = z.looseObject({
  ...credentialShape,
  response: z.looseObject({ clientDataJSON: base64url, authenticatorData: base64url, signature: base64url }),
});

const accountSchema = z.strictObject({
  id: accountId,
  login: z.string(),
  name: z.string(),
  createdAt: z.string(),
  disabledAt: z.string().optional(),
});
const membershipSchema = z.strictObject({ tenant: z.string(), roles: z.array(role) });
const signedInSchema = z
  .strictObject({
    account: accountSchema,
    memberships: z.array(membershipSchema),
    method: z.enum(SIGN_IN_METHODS),
    isComplete: z.boolean().meta({ description: 'false: only a second factor may be set up' }),
    csrfToken: z.string().meta({ description: 'to be sent as X-CSRF-Token with every change' }),
    expiresAt: z.string(),
  })
  .meta({ id: 'SignedIn' });
const invitationSchema = z.strictObject({ token, expiresAt: z.string() }).meta({ id: 'NewInvitation' });
const newInvitationSchema = z
  .strictObject({ name: label, roles: z.array(role).min(1).max(ROLES.length) })
  .meta({ id: 'InvitationRequest' });
const accountsSchema = z.strictObject({
  accounts: z.array(accountSchema.extend({ roles: z.array(role), hasSecondFactor: z.boolean() })),
});
const passkeySchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  createdAt: z.string(),
  usedAt: z.string().optional(),
});
const requestSchema = z.strictObject({ challengeId: z.string(), options: z.looseObject({}) });

/** What {@link AccountTenants.triesPerMinute} is unless given. */
const TRIES_PER_MINUTE = 60;

/** Routes of the people who sign in, and, for administrators, of the accounts of a tenant. */
export function accountRoutes<P extends z.ZodObject>(
  app: ServiceApp,
  effects: AccountEffects,
  tenants: AccountTenants<P>,
): void {
  const limited = limitTries(tenants.triesPerMinute ?? TRIES_PER_MINUTE);
  signInRoutes(app, effects, limited);
  ownRoutes(app, effects, limited);
  tenantRoutes(app, effects, tenants);
}

function signInRoutes(app: ServiceApp, effects: AccountEffects, limited: RequestHandler): void {
  const slow = [limited];
  const begin = async (sessionToken: string, status = 200): Promise<Reply> => ({
    status,
    headers: { 'Set-Cookie': sessionCookie(sessionToken), 'Cache-Control': 'no-store' },
    body: await signedIn(effects, sessionToken),
  });

  defineRoute(app, {
    method: 'post',
    path: '/session',
    summary: 'Sign in with login, password and a code of the authenticator app (or a recovery code)',
    access: 'public',
    middleware: slow,
    body: z.strictObject({
      login,
      password,
      totp: z.string().max(12).optional(),
      recoveryCode: z.string().max(40).optional(),
    }),
    responses: { 200: { description: 'Signed in; the session is in the cookie', schema: signedInSchema } },
    handler: async ({ body: { login, password, totp, recoveryCode } }) =>
      begin(
        (
          await signInWithPassword(effects, {
            login,
            password,
            ...(totp === undefined ? {} : { totp }),
            ...(recoveryCode === undefined ? {} : { recoveryCode }),
          })
        ).token,
      ),
  });

  defineRoute(app, {
    method: 'post',
    path: '/session/passkey-options',
    summary: 'Begin to sign in with a passkey',
    access: 'public',
    middleware: slow,
    responses: { 200: { description: 'Options for navigator.credentials.get', schema: requestSchema } },
    handler: async () => ({ headers: { 'Cache-Control': 'no-store' }, body: await beginPasskeySignIn(effects) }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/session/passkey',
    summary: 'Sign in with a passkey',
    access: 'public',
    middleware: slow,
    body: z.strictObject({ challengeId: token, response: assertion }),
    responses: { 200: { description: 'Signed in; the session is in the cookie', schema: signedInSchema } },
    handler: async ({ body }) =>
      begin(
        await signInWithPasskey(effects, {
          challengeId: body.challengeId,
          response: body.response as unknown as AuthenticationResponseJSON,
        }),
      ),
  });

  defineRoute(app, {
    method: 'post',
    path: '/invitations/read',
    summary: 'What an invitation offers; the token is in the body, so that no log holds it',
    access: 'public',
    middleware: slow,
    body: z.strictObject({ token }),
    responses: {
      200: {
        description: 'It may be accepted',
        schema: z.strictObject({
          name: z.string(),
          tenant: z.string(),
          roles: z.array(role),
          expiresAt: z.string(),
          login: z.string().optional(),
        }),
      },
    },
    handler: async ({ body }) => ({
      headers: { 'Cache-Control': 'no-store' },
      body: await readInvitation(effects, body.token),
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/invitations/accept',
    summary: 'Accept an invitation: choose login and password; then set up a second factor',
    access: 'public',
    middleware: slow,
    body: z.strictObject({ token, login, password }),
    responses: { 201: { description: 'The account is there, the session in the cookie', schema: signedInSchema } },
    handler: async ({ body }) => begin(await acceptInvitation(effects, body), 201),
  });
}

function ownRoutes(app: ServiceApp, effects: AccountEffects, limited: RequestHandler): void {
  const own = async ({ request }: Pick<Call<unknown, unknown, unknown>, 'request'>): Promise<Session> =>
    readSession(effects, sessionToken(request));

  defineRoute(app, {
    method: 'get',
    path: '/session',
    summary: 'Who is signed in, with what roles',
    access: 'account',
    responses: { 200: { description: 'Signed in', schema: signedInSchema } },
    handler: async ({ request }) => ({ body: await signedIn(effects, sessionToken(request) ?? '') }),
  });

  defineRoute(app, {
    method: 'delete',
    path: '/session',
    summary: 'Sign out',
    access: 'account',
    responses: { 204: { description: 'Signed out' } },
    handler: async (call) => {
      const session = await own(call);
      await effects.database.write((transaction) => endSession(transaction, session));
      return { status: 204, headers: { 'Set-Cookie': NO_SESSION_COOKIE } };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/password',
    summary: 'Change one’s own password; other sessions end',
    access: 'account',
    middleware: [limited],
    body: z.strictObject({ current: password, next: password }),
    responses: { 204: { description: 'Changed' } },
    handler: async (call) => {
      await changePassword(effects, await own(call), call.body);
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/totp',
    summary: 'Begin to set up an authenticator app',
    access: 'account',
    responses: {
      200: { description: 'Secret, shown once', schema: z.strictObject({ secret: z.string(), uri: z.string() }) },
    },
    handler: async (call) => ({ body: await beginTotp(effects, await own(call)) }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/totp/confirm',
    summary: 'Finish it with a code of the app',
    access: 'account',
    middleware: [limited],
    body: z.strictObject({ code: z.string().max(12) }),
    responses: {
      200: {
        description: 'Set up; the recovery codes are shown once',
        schema: z.strictObject({ recoveryCodes: z.array(z.string()) }),
      },
    },
    handler: async (call) => ({
      body: { recoveryCodes: await confirmTotp(effects, await own(call), call.body.code) },
    }),
  });

  defineRoute(app, {
    method: 'delete',
    path: '/account/totp',
    summary: 'Take the authenticator app away, where a passkey stays',
    access: 'account',
    responses: { 204: { description: 'Gone' } },
    handler: async (call) => {
      await removeTotp(effects, complete(await own(call)));
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/account/passkeys',
    summary: 'One’s own passkeys',
    access: 'account',
    responses: { 200: { description: 'Passkeys', schema: z.strictObject({ passkeys: z.array(passkeySchema) }) } },
    handler: async (call) => ({
      body: { passkeys: await passkeysOf(effects.database.knex, (await own(call)).account.id) },
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/passkey-options',
    summary: 'Begin to register a passkey',
    access: 'account',
    responses: { 200: { description: 'Options for navigator.credentials.create', schema: requestSchema } },
    handler: async (call) => ({ body: await beginPasskey(effects, await own(call)) }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/account/passkeys',
    summary: 'Register a passkey',
    access: 'account',
    body: z.strictObject({ challengeId: token, label, response: attestation }),
    responses: { 201: { description: 'Registered', schema: passkeySchema } },
    handler: async (call) => {
      const { challengeId, label: name, response } = call.body;
      const answer = { challengeId, label: name, response: response as unknown as RegistrationResponseJSON };
      return { status: 201, body: await addPasskey(effects, await own(call), answer) };
    },
  });

  defineRoute(app, {
    method: 'delete',
    path: '/account/passkeys/:passkeyId',
    summary: 'Take a passkey away, where another factor stays',
    access: 'account',
    params: z.strictObject({ passkeyId: z.string().min(1).max(1400) }),
    responses: { 204: { description: 'Gone' } },
    handler: async (call) => {
      await removePasskey(effects, complete(await own(call)), call.params.passkeyId);
      return { status: 204 };
    },
  });
}

function tenantRoutes<P extends z.ZodObject>(
  app: ServiceApp,
  effects: AccountEffects,
  { path, param, params, assertExists }: AccountTenants<P>,
): void {
  const withAccount = params.extend({ accountId });
  const tenantOf = (values: Record<string, unknown>): string => String(values[param]);

  defineRoute(app, {
    method: 'get',
    path: `${path}/names`,
    summary: 'Who is behind ids of accounts and API keys, as colleagues know them',
    access: ROLES,
    tenantParam: param,
    params,
    query: z.strictObject({
      ids: z
        .string()
        .max(4000)
        .transform((text) => text.split(','))
        .pipe(z.array(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/)).max(100))
        .meta({ description: 'Comma-separated' }),
    }),
    responses: {
      200: { description: 'Names by id', schema: z.strictObject({ names: z.record(z.string(), z.string()) }) },
    },
    handler: async (call) => {
      const tenant = tenantOf(call.params);
      return { body: { names: Object.fromEntries(await namesOf(effects.database.knex, tenant, call.query.ids)) } };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: `${path}/accounts`,
    summary: 'Who may sign in here',
    access: ['admin', 'auditor'],
    tenantParam: param,
    params,
    responses: {
      200: {
        description: 'Accounts',
        schema: accountsSchema,
      },
    },
    handler: async (call) => ({
      body: { accounts: await accountsOf(effects.database.knex, tenantOf(call.params as Record<string, unknown>)) },
    }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/invitations`,
    summary: 'Invite a person; the token is shown once and good for seven days',
    access: ['admin'],
    tenantParam: param,
    params,
    body: newInvitationSchema,
    responses: { 201: { description: 'Invited', schema: invitationSchema } },
    handler: async (call) => {
      const tenant = tenantOf(call.params);
      await assertExists(tenant);
      return { status: 201, body: await invite(effects, { tenant, ...call.body }, call.principal?.keyId ?? '') };
    },
  });

  defineRoute(app, {
    method: 'put',
    path: `${path}/accounts/:accountId/roles`,
    summary: 'Set the roles of an account here; none takes it out',
    access: ['admin'],
    tenantParam: param,
    params: withAccount,
    body: z.strictObject({ roles: z.array(role).max(ROLES.length) }),
    responses: { 204: { description: 'Set' } },
    handler: async (call) => {
      const values = call.params;
      const membership = { tenant: tenantOf(values), roles: call.body.roles };
      await changeRoles(effects, String(values['accountId']), membership, call.principal?.keyId ?? '');
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/accounts/:accountId/reset`,
    summary: 'Give somebody who lost password or device a new beginning',
    access: ['admin'],
    tenantParam: param,
    params: withAccount,
    responses: { 201: { description: 'An invitation for this account', schema: invitationSchema } },
    handler: async (call) => {
      const values = call.params;
      const { keyId = '', tenant } = call.principal ?? {};
      const actor = { id: keyId, isOfHost: tenant === HOST_TENANT };
      return { status: 201, body: await resetAccess(effects, String(values['accountId']), tenantOf(values), actor) };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: '/accounts',
    summary: 'Who may sign in with roles on the whole host',
    access: ['admin', 'auditor'],
    responses: { 200: { description: 'Accounts', schema: accountsSchema } },
    handler: async () => ({ body: { accounts: await accountsOf(effects.database.knex, HOST_TENANT) } }),
  });

  defineRoute(app, {
    method: 'post',
    path: '/invitations',
    summary: 'Invite a person with roles on the whole host',
    access: ['admin'],
    body: newInvitationSchema,
    responses: { 201: { description: 'Invited', schema: invitationSchema } },
    handler: async ({ body, principal }) => ({
      status: 201,
      body: await invite(effects, { tenant: HOST_TENANT, ...body }, principal?.keyId ?? ''),
    }),
  });

  defineRoute(app, {
    method: 'delete',
    path: '/accounts/:accountId',
    summary: 'End an account for good; its history stays',
    access: ['admin'],
    params: z.strictObject({ accountId }),
    responses: { 204: { description: 'Ended' } },
    handler: async ({ params: { accountId: id }, principal }) => {
      await disableAccount(effects, id, principal?.keyId ?? '');
      return { status: 204 };
    },
  });
}

async function signedIn(effects: AccountEffects, sessionToken: string): Promise<z.infer<typeof signedInSchema>> {
  const { account, method, isComplete, expiresAt } = await readSession(effects, sessionToken);
  const memberships = await membershipsOf(effects.database.knex, account.id);
  return {
    account,
    memberships: memberships.map(({ tenant, roles }) => ({ tenant, roles: [...roles] })),
    method,
    isComplete,
    csrfToken: csrfToken(sessionToken),
    expiresAt,
  };
}

/** Whoever has no second factor yet cannot take one away. */
function complete(session: Session): Session {
  if (session.isComplete) return session;
  throw new YizhengError('SECOND_FACTOR_NEEDED', 'Set up a passkey or an authenticator app first.', { status: 403 });
}

function limitTries(limit: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_request, _response, next) =>
      next(new YizhengError('RATE_LIMITED', 'Too many requests from this address; wait a minute.', { status: 429 })),
  });
}

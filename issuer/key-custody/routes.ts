import { z } from 'zod';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { certificateText } from '../../shared/certificate/text.js';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { institutionParams } from '../routes/params.js';
import type { IssuerService } from '../service.js';
import { AUTHORITY_STATES } from './authority-knowledge.js';
import { CEREMONY_KINDS, CEREMONY_STATES } from './ceremony.js';
import { KEY_STEPS } from './what-to-do.js';

const keyName = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be the part of a key id behind #');
const keyParams = z.strictObject({ ...institutionParams.shape, keyName });
const ceremonyParams = z.strictObject({
  ...institutionParams.shape,
  ceremonyId: z.string().regex(/^kc_[0-9a-f]{24}$/, 'must be the id of a key ceremony'),
});
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const sinceQuery = z.strictObject({ since: instant.meta({ description: 'RFC 3339, of the past' }) });

const place = { label: z.string(), serial: z.string() };

const keySchema = z
  .strictObject({
    id: z.string(),
    algorithm: z.string(),
    publicKeyMultibase: z.string(),
    fingerprint: z.string().meta({ description: 'SHA-256 of `publicKeyMultibase`, hex' }),
    state: z.enum(['next', 'active', 'retired', 'compromised']),
    createdAt: z.string(),
    validFrom: z.string(),
    validUntil: z.string().optional(),
    compromisedSince: z.string().optional(),
    token: z
      .strictObject({ ...place, isDestroyed: z.boolean(), problem: z.string().optional() })
      .optional()
      .meta({
        description: 'Where the private key lies, if on a PKCS#11 token; `problem`: why it could not be destroyed',
      }),
    signed: z.strictObject({ certificates: z.int(), first: z.string().optional(), last: z.string().optional() }),
    authority: z.strictObject({
      state: z.enum(AUTHORITY_STATES),
      since: z.string().optional(),
      until: z.string().optional(),
      compromisedSince: z.string().optional(),
      accreditations: z.array(z.string()),
    }),
    toDo: z.enum(KEY_STEPS),
  })
  .meta({ id: 'HeldKey', description: 'A key that signs certificates; its private half never leaves custody' });

const word = z.strictObject({ answer: z.enum(['pass', 'fail', 'unknown']), code: z.string() });
const previewSchema = z
  .strictObject({
    keyId: z.string(),
    since: z.string(),
    groups: z.array(
      z.strictObject({
        kind: z.enum(KIND_IDS),
        status: z.enum(['active', 'suspended', 'revoked']),
        isSince: z.boolean(),
        certificates: z.int(),
        now: word,
        then: word,
      }),
    ),
    refused: z.int(),
    refusedSince: z.int(),
    toReissue: z.int(),
    walletForms: z.int(),
    reserved: z.int(),
    hasOtherKey: z.boolean(),
  })
  .meta({ id: 'CompromisePreview' });

const ceremonySchema = z
  .strictObject({
    id: z.string(),
    kind: z.enum(CEREMONY_KINDS),
    state: z.enum(CEREMONY_STATES),
    keyId: z.string().optional(),
    compromisedSince: z.string().optional(),
    reason: z.string(),
    proposedBy: z.string(),
    proposedAt: z.string(),
    expiresAt: z.string(),
    confirmedBy: z.string().optional(),
    confirmedAt: z.string().optional(),
    cancelledBy: z.string().optional(),
    cancelledAt: z.string().optional(),
    doneAt: z.string().optional(),
    recordSha256: z.string().optional(),
  })
  .meta({ id: 'KeyCeremony' });

const proposalSchema = z
  .strictObject({
    kind: z.enum(CEREMONY_KINDS),
    key: keyName.optional().meta({ description: 'For every kind but `prepare`' }),
    since: instant.optional().meta({ description: 'For `compromise`: first instant the key was in other hands' }),
    reason: certificateText(300),
  })
  .meta({ id: 'KeyCeremonyProposal' });

const confirmationSchema = z
  .strictObject({
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .meta({ description: 'Of the key as it was compared; for every kind but `prepare`' }),
  })
  .meta({ id: 'KeyCeremonyConfirmation' });

const READERS = ['custodian', 'auditor'] as const;
const DOERS = ['custodian'] as const;
const base = '/institutions/:institutionCode';
const tenant = { tenantParam: 'institutionCode' } as const;

/** Keys of an institution and what its custodians, always two, do to them. */
export function keyCustodyRoutes(app: ServiceApp, { keyCustody, keyCeremonies }: IssuerService): void {
  defineRoute(app, {
    ...tenant,
    method: 'get',
    path: `${base}/keys`,
    summary: 'Keys that sign certificates: state, use, what the authority knows of them, what is to be done',
    access: READERS,
    params: institutionParams,
    responses: {
      200: {
        description: 'Keys, newest first',
        schema: z.strictObject({
          custody: z.enum(['keystore', 'elsewhere']),
          token: z.strictObject(place).nullable().meta({ description: 'Token that new keys are made on' }),
          dataAsOf: z.string().nullable(),
          keys: z.array(keySchema),
        }),
      },
    },
    handler: async ({ params }) => ({ body: await keyCustody.keys(params.institutionCode) }),
  });

  defineRoute(app, {
    ...tenant,
    method: 'get',
    path: `${base}/keys/:keyName/compromise-preview`,
    summary: 'What would follow if this key were in other hands since an instant; changes nothing',
    access: READERS,
    params: keyParams,
    query: sinceQuery,
    responses: { 200: { description: 'Consequences', schema: previewSchema } },
    handler: async ({ params, query }) => ({
      body: await keyCustody.preview(params.institutionCode, params.keyName, query.since),
    }),
  });

  defineRoute(app, {
    ...tenant,
    method: 'get',
    path: `${base}/keys/:keyName/certificates.csv`,
    summary: 'Every certificate this key signed and what is to be done with it if the key was lost; no names',
    access: READERS,
    params: keyParams,
    query: sinceQuery,
    responses: { 200: { description: 'CSV', type: 'text/csv; charset=utf-8' } },
    handler: async ({ params: { institutionCode, keyName }, query, principal }) => {
      const rows = await keyCustody.list(institutionCode, keyName, query.since, principal?.keyId ?? '');
      return {
        type: 'text/csv; charset=utf-8',
        headers: { 'Content-Disposition': `attachment; filename="${keyName}-certificates.csv"` },
        stream: () => rows,
      };
    },
  });

  defineRoute(app, {
    ...tenant,
    method: 'get',
    path: `${base}/key-ceremonies`,
    summary: 'Key ceremonies, newest first',
    access: READERS,
    params: institutionParams,
    responses: {
      200: { description: 'At most 200', schema: z.strictObject({ ceremonies: z.array(ceremonySchema) }) },
    },
    handler: async ({ params }) => ({ body: { ceremonies: await keyCeremonies.list(params.institutionCode) } }),
  });

  defineRoute(app, {
    ...tenant,
    method: 'post',
    path: `${base}/key-ceremonies`,
    summary: 'Propose to make, activate, retire or report a key; another custodian confirms within two hours',
    access: DOERS,
    params: institutionParams,
    body: proposalSchema,
    responses: { 201: { description: 'Proposed', schema: ceremonySchema } },
    handler: async ({ params, body, principal }) => ({
      status: 201,
      body: await keyCeremonies.propose(params.institutionCode, body, principal?.keyId ?? ''),
    }),
  });

  defineRoute(app, {
    ...tenant,
    method: 'get',
    path: `${base}/key-ceremonies/:ceremonyId`,
    summary: 'One key ceremony',
    access: READERS,
    params: ceremonyParams,
    responses: { 200: { description: 'Ceremony', schema: ceremonySchema } },
    handler: async ({ params }) => ({ body: await keyCeremonies.get(params.institutionCode, params.ceremonyId) }),
  });

  defineRoute(app, {
    ...tenant,
    method: 'get',
    path: `${base}/key-ceremonies/:ceremonyId/record`,
    summary:
      'Signed record of one that is done, for the authority: who, when, which key, and its notice of a compromise',
    access: READERS,
    params: ceremonyParams,
    responses: { 200: { description: 'JSON with `record` and the compact JWS `jws` that signs it', type: 'application/json' } }, // prettier-ignore
    handler: async ({ params: { institutionCode, ceremonyId } }) => ({
      content: await keyCeremonies.record(institutionCode, ceremonyId),
      type: 'application/json',
      headers: { 'Content-Disposition': `attachment; filename="key-ceremony-${ceremonyId}.json"` },
    }),
  });

  defineRoute(app, {
    ...tenant,
    method: 'post',
    path: `${base}/key-ceremonies/:ceremonyId/confirm`,
    summary: 'Agree, as another person than who proposed it; it is done at once. Goes on with one that was interrupted',
    access: DOERS,
    params: ceremonyParams,
    body: confirmationSchema,
    responses: { 200: { description: 'Done', schema: ceremonySchema } },
    handler: async ({ params, body: { fingerprint }, principal }) => ({
      body: await keyCeremonies.confirm(params.institutionCode, params.ceremonyId, {
        actor: principal?.keyId ?? '',
        ...(fingerprint === undefined ? {} : { fingerprint }),
      }),
    }),
  });

  defineRoute(app, {
    ...tenant,
    method: 'post',
    path: `${base}/key-ceremonies/:ceremonyId/cancel`,
    summary: 'Take a proposal back, or do not agree with it',
    access: DOERS,
    params: ceremonyParams,
    responses: { 200: { description: 'Cancelled', schema: ceremonySchema } },
    handler: async ({ params, principal }) => ({
      body: await keyCeremonies.cancel(params.institutionCode, params.ceremonyId, principal?.keyId ?? ''),
    }),
  });
}

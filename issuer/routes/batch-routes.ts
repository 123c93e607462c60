import canonicalize from 'canonicalize';
import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import {
  claimIdempotencyKey,
  defineRoute,
  findIdempotencyKey,
  problemSchema,
  requestError,
  toProblem,
  type Principal,
  type Reply,
  type Role,
  type ServiceApp,
} from '../../server/index.js';
import { problemText, SHEET_LIMITS, SheetError } from '../batch/sheet/index.js';
import { BATCH_OPERATIONS, type BatchOperation, type BatchProgress } from '../batch/types.js';
import { STATUS_REASONS } from '../change-status.js';
import { fingerprintOf } from '../result-keys.js';
import type { IssuerService } from '../service.js';
import { BATCH_READERS, batchParams, batchSchema, language } from './batch-schemas.js';
import { institutionParams, PRINTABLE } from './params.js';
import { sheetUpload, withSheet, type UploadedSheet } from './upload-sheet.js';

const uploadFields = z.strictObject({
  operation: z.enum(BATCH_OPERATIONS).exclude(['void-session']),
  /** For status changes whose row names none. */
  reason: z.enum(STATUS_REASONS).optional(),
  /** Ask for a second person even where the institution does not. */
  approval: z.enum(['true', 'false']).optional(),
});

const voidSchema = z
  .strictObject({
    assessmentId: z.string().min(1).max(40).regex(PRINTABLE, 'must hold no control character'),
    reason: z.enum(STATUS_REASONS).optional(),
    approval: z.boolean().optional(),
  })
  .meta({ id: 'VoidSession' });

const secondPersonSchema = z
  .strictObject({
    code: z
      .enum(['APPROVAL_BY_SAME_PERSON', 'APPROVER_NOT_INDEPENDENT'])
      .optional()
      .meta({ description: 'Why not, else absent' }),
    cautions: z.array(z.enum(['SAME_NAME'])),
  })
  .meta({ id: 'SecondPerson' });

/** Beside the main thing all that is wrong with the file, in the language asked for. */
const refusedSheetSchema = problemSchema.extend({
  problems: z.array(z.looseObject({ code: z.string(), text: z.string() })).optional(),
});

/** Half an hour: 200 MiB over a slow line. */
const UPLOAD_MS = 1_800_000;
const MOST_PROBLEMS = 100;

/** Who may start, approve, pause and end batches that issue certificates, and batches that take them back. */
const MAY_START: Record<'issue' | 'change', readonly Role[]> = {
  issue: ['clerk', 'approver'],
  change: ['approver', 'officer'],
};

/** Taking sheets in, and what a batch goes through until it is done. */
export function batchRoutes(app: ServiceApp, service: IssuerService): void {
  const path = '/institutions/:institutionCode/batches';
  const tenantParam = 'institutionCode';
  const changed = { 200: { description: 'How it stands now', schema: batchSchema } };

  defineRoute(app, {
    method: 'post',
    path,
    summary: 'Upload a sheet (XLSX or CSV) for a dry run: every row is checked, nothing is issued',
    access: ['clerk', 'approver', 'officer'],
    tenantParam,
    params: institutionParams,
    query: z.strictObject({ lang: language }),
    idempotencyKey: 'required',
    bodyTimeoutMs: UPLOAD_MS,
    middleware: [sheetUpload({ fileBytes: SHEET_LIMITS.fileBytes, atOnce: 4, each: 3 })],
    otherBodies: { 'multipart/form-data': z.strictObject({ file: z.string(), ...uploadFields.shape }) },
    responses: {
      201: { description: 'The batch, with how many rows are good and wrong', schema: batchSchema },
      200: { description: 'The batch this Idempotency-Key made before', schema: batchSchema },
      422: { description: 'The sheet cannot be read', type: 'application/problem+json', schema: refusedSheetSchema },
    },
    handler: ({ params, query, principal, idempotencyKey, request, requestId }) =>
      withSheet(request, async (sheet) => {
        try {
          return await upload(service, { institution: params.institutionCode, principal, idempotencyKey, sheet });
        } catch (error) {
          if (error instanceof SheetError) return refusedSheet(error, query.lang, requestId);
          throw error;
        }
      }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/void-session`,
    summary: 'List all certificates of one assessment to be revoked at once; done when confirmed',
    access: MAY_START.change as readonly [Role, ...Role[]],
    tenantParam,
    params: institutionParams,
    body: voidSchema,
    responses: { 201: { description: 'The batch, to be confirmed', schema: batchSchema } },
    handler: async ({ params, body, principal }) => {
      const { assessmentId, reason, approval } = body;
      const batch = await service.batches.voidSession({
        institution: params.institutionCode,
        ...actorOf(principal),
        assessmentId,
        ...(reason === undefined ? {} : { reason }),
        ...(approval === undefined ? {} : { approval }),
      });
      return created(service, params.institutionCode, batch);
    },
  });

  defineRoute(app, {
    method: 'get',
    path,
    summary: 'Batches of the institution, newest first, at most 1,000',
    access: BATCH_READERS,
    tenantParam,
    params: institutionParams,
    responses: { 200: { description: 'Batches', schema: z.strictObject({ batches: z.array(batchSchema) }) } },
    handler: async ({ params }) => ({ body: { batches: await service.batches.list(params.institutionCode) } }),
  });

  defineRoute(app, {
    method: 'get',
    path: `${path}/:batchId`,
    summary: 'A batch and how far it is',
    access: BATCH_READERS,
    tenantParam,
    params: batchParams,
    responses: { 200: { description: 'Batch', schema: batchSchema } },
    handler: async ({ params }) => ({ body: await service.batches.get(params.institutionCode, params.batchId) }),
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/:batchId/same-sheet`,
    summary: 'Is this file the one the batch was made from? What its signed record says of the file is a keyed digest',
    access: ['clerk', 'approver', 'officer'],
    tenantParam,
    params: batchParams,
    body: z
      .strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex') })
      .meta({ id: 'SameSheet' }),
    responses: { 200: { description: 'The answer, audited', schema: z.strictObject({ same: z.boolean() }) } },
    handler: async ({ params: { institutionCode, batchId }, body, principal }) => {
      const { actor } = actorOf(principal);
      return { body: { same: await service.batches.isSheet(institutionCode, batchId, { ...body, actor }) } };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/:batchId/confirm`,
    summary:
      'Go on with a checked batch: all rows, or the good ones only; a second person approves where that is asked for',
    access: ['clerk', 'approver', 'officer'],
    tenantParam,
    params: batchParams,
    body: z.strictObject({ rows: z.enum(['all', 'good']) }).meta({ id: 'ConfirmBatch' }),
    responses: changed,
    handler: async ({ params: { institutionCode, batchId }, body, principal }) => {
      const { operation } = await service.batches.get(institutionCode, batchId);
      requireStarter(principal, operation);
      const { actor } = actorOf(principal);
      return { body: await service.batches.confirm(institutionCode, batchId, { actor, rows: body.rows }) };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/:batchId/send-back`,
    summary: 'The second person does not agree, and says why',
    access: ['approver', 'officer'],
    tenantParam,
    params: batchParams,
    body: z.strictObject({ note: z.string().trim().min(1).max(500) }).meta({ id: 'SendBack' }),
    responses: changed,
    handler: async ({ params: { institutionCode, batchId }, body: { note }, principal }) => {
      const { operation } = await service.batches.get(institutionCode, batchId);
      requireStarter(principal, operation);
      const { actor } = actorOf(principal);
      return { body: await service.batches.sendBack(institutionCode, batchId, { actor, note }) };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: `${path}/:batchId/second-person`,
    summary: 'May the caller be the second person of this batch, and what deserves a look?',
    access: ['approver', 'officer'],
    tenantParam,
    params: batchParams,
    responses: { 200: { description: 'The answer', schema: secondPersonSchema } },
    handler: async ({ params: { institutionCode, batchId }, principal }) => {
      const { actor } = actorOf(principal);
      return { body: await service.batches.secondPerson(institutionCode, batchId, { actor }) };
    },
  });

  for (const [action, summary, access] of [
    ['approve', 'The second person agrees, and the batch runs', ['approver', 'officer']],
    ['pause', 'Begin nothing new', ['clerk', 'approver', 'officer']],
    ['resume', 'Go on', ['clerk', 'approver', 'officer']],
    ['cancel', 'End it; what was done stays done', ['clerk', 'approver', 'officer']],
  ] as const)
    defineRoute(app, {
      method: 'post',
      path: `${path}/:batchId/${action}`,
      summary,
      access,
      tenantParam,
      params: batchParams,
      responses: changed,
      handler: async ({ params: { institutionCode, batchId }, principal }) => {
        const { operation } = await service.batches.get(institutionCode, batchId);
        requireStarter(principal, operation);
        const { actor } = actorOf(principal);
        return { body: await service.batches[action](institutionCode, batchId, { actor }) };
      },
    });
}

interface Upload {
  institution: string;
  principal: Principal | undefined;
  idempotencyKey: string;
  sheet: UploadedSheet;
}

async function upload(
  service: IssuerService,
  { institution, principal, idempotencyKey, sheet }: Upload,
): Promise<Reply> {
  const parsed = uploadFields.safeParse(sheet.fields);
  if (!parsed.success) throw requestError(parsed.error);
  const { operation, reason, approval } = parsed.data;
  const { database, clock, keystore } = service.effects;
  const claim = {
    tenant: institution,
    key: idempotencyKey,
    operation: 'batch.upload',
    fingerprint: await fingerprintOf(
      keystore,
      canonicalize({ operation, reason, approval, sha256: sheet.sha256 }) ?? '',
    ),
  };
  const before = await findIdempotencyKey(database.knex, claim);
  if (before?.subject !== undefined) return { body: await service.batches.get(institution, before.subject) };
  const actor = actorOf(principal);
  const batch = await service.batches.upload({
    institution,
    ...actor,
    operation,
    file: { path: sheet.path, name: sheet.name },
    ...(reason === undefined ? {} : { reason }),
    ...(approval === undefined ? {} : { approval: approval === 'true' }),
  });
  const bound = await database.write((transaction) =>
    claimIdempotencyKey(transaction, { ...claim, subject: batch.id, now: clock() }),
  );
  if (bound.state === 'new' || bound.subject === undefined) return created(service, institution, batch);
  // The same request came twice at once; one batch is enough.
  await service.batches.cancel(institution, batch.id, actor);
  return { body: await service.batches.get(institution, bound.subject) };
}

function created({ effects }: IssuerService, institution: string, batch: BatchProgress): Reply {
  const location = `${effects.baseUrl}/institutions/${institution}/batches/${batch.id}`;
  return { status: 201, body: batch, headers: { Location: location } };
}

/** Problem Details with everything that is wrong with the file, not only the first thing. */
function refusedSheet(error: SheetError, lang: 'zh-CN' | 'en', requestId: string): Reply {
  const problem = toProblem(error, requestId);
  const problems = error.problems.slice(0, MOST_PROBLEMS).map((one) => ({ ...one, text: problemText(one, lang) }));
  return { status: problem.status, type: 'application/problem+json', body: { ...problem, problems } };
}

function actorOf(principal: Principal | undefined): { actor: string; roles: readonly Role[] } {
  return { actor: principal?.keyId ?? '', roles: principal?.roles ?? [] };
}

function requireStarter(principal: Principal | undefined, operation: BatchOperation): void {
  const needed = MAY_START[operation === 'issue' || operation === 'correct' ? 'issue' : 'change'];
  if (!needed.some((role) => principal?.roles.includes(role)))
    throw new YizhengError('ROLE_MISSING', `This needs one of the roles: ${needed.join(', ')}.`, { status: 403 });
}

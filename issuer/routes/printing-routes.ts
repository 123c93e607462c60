import { z } from 'zod';
import { appendAudit, defineRoute, type ServiceApp } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { MAX_PICTURE_BYTES } from '../files/picture-limit.js';
import { printLayoutSchema } from '../printing/layout-schema.js';
import { recordOfBatchRow, sampleRecord } from '../printing/preview-record.js';
import { RUN_CERTIFICATES } from '../printing/print-runs.js';
import type { IssuerService } from '../service.js';
import { batchParams } from './batch-schemas.js';
import { certificateParams, institutionParams, MAX_CERTIFICATE_ID } from './params.js';

const READERS = ['clerk', 'approver', 'officer', 'auditor', 'admin'] as const;
const PRINTERS = ['clerk', 'approver'] as const;

/** A picture as base64 (RFC 4648 §4). */
const picture = z
  .string()
  .max(Math.ceil(MAX_PICTURE_BYTES / 3) * 4)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64');
const PICTURE_LIMITS = { maxBytes: Math.ceil(MAX_PICTURE_BYTES / 3) * 4 + 1000, maxDepth: 2, maxNodes: 10 };

const chosenSchema = z
  .strictObject({ layout: printLayoutSchema, hasSeal: z.boolean() })
  .meta({ id: 'InstitutionPrintLayout' });

const runSchema = z
  .strictObject({
    id: z.string(),
    perSheet: z.union([z.literal(1), z.literal(2)]),
    certificates: z.int(),
    serials: z.strictObject({ first: z.string(), last: z.string() }).optional(),
    files: z.int(),
    madeBy: z.string(),
    madeAt: z.string(),
  })
  .meta({ id: 'PrintRun' });

const newRunSchema = z
  .strictObject({
    /** Ids of certificates in the order they are to be printed. */
    certificates: z.array(z.string().min(1).max(MAX_CERTIFICATE_ID)).min(1).max(RUN_CERTIFICATES).optional(),
    /** All certificates of a batch that are in force. */
    batch: z.string().min(1).max(40).optional(),
    perSheet: z.union([z.literal(1), z.literal(2)]).default(1),
    numbered: z.boolean().default(true),
  })
  .refine(({ certificates, batch }) => (certificates === undefined) !== (batch === undefined), {
    path: ['certificates'],
    message: 'give either certificates or a batch',
  })
  .meta({ id: 'NewPrintRun' });

const runParams = z.strictObject({ ...institutionParams.shape, runId: z.string().regex(/^[0-9a-f]{24}$/) });

/** An institution's paper: layout and seal, previews, a photo, print runs. */
export function printingRoutes(app: ServiceApp, service: IssuerService): void {
  const { institutions, files, printLayouts, printRuns, effects } = service;
  const base = '/institutions/:institutionCode';
  const common = { tenantParam: 'institutionCode', params: institutionParams } as const;
  const png = { 200: { description: 'PNG picture', type: 'image/png' } };
  const note = (
    tenant: string,
    actor: string,
    action: string,
    subject: string,
    detail?: JsonObject,
  ): Promise<unknown> =>
    effects.database.write((transaction) =>
      appendAudit(transaction, { tenant, actor, action, subject, ...(detail && { detail }) }, effects.clock()),
    );

  defineRoute(app, {
    ...common,
    method: 'get',
    path: `${base}/print-layout`,
    summary: 'What the institution chose about its paper',
    access: READERS,
    responses: { 200: { description: 'Layout', schema: chosenSchema } },
    handler: async ({ params }) => {
      await institutions.get(params.institutionCode);
      return { body: await printLayouts.of(params.institutionCode) };
    },
  });

  defineRoute(app, {
    ...common,
    method: 'put',
    path: `${base}/print-layout`,
    summary: 'Choose colours, query sites and the prefix of serials',
    access: ['admin'],
    body: printLayoutSchema,
    responses: { 200: { description: 'Layout', schema: chosenSchema } },
    handler: async ({ params, body, principal }) => {
      await printLayouts.choose(await institutions.get(params.institutionCode), body, principal?.keyId ?? '');
      return { body: await printLayouts.of(params.institutionCode) };
    },
  });

  defineRoute(app, {
    ...common,
    method: 'get',
    path: `${base}/print-layout/preview.png`,
    summary: 'How a certificate of the institution prints, with a made-up holder and without QR',
    access: READERS,
    responses: png,
    handler: async ({ params }) => {
      const institution = await institutions.get(params.institutionCode);
      return { content: await files.preview(sampleRecord(institution, effects.clock())), type: 'image/png' };
    },
  });

  defineRoute(app, {
    ...common,
    method: 'get',
    path: `${base}/print-layout/seal.png`,
    summary: 'The picture of the seal',
    access: READERS,
    responses: png,
    handler: async ({ params }) => {
      const content = await printLayouts.seal(params.institutionCode);
      if (!content) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
      return { content, type: 'image/png' };
    },
  });

  defineRoute(app, {
    ...common,
    method: 'put',
    path: `${base}/print-layout/seal`,
    summary: 'Set the picture of the seal (PNG or JPEG); it proves nothing, what counts is the signature',
    access: ['admin'],
    body: z.strictObject({ picture }).meta({ id: 'SealPicture' }),
    bodyLimits: PICTURE_LIMITS,
    responses: { 204: { description: 'Set' } },
    handler: async ({ params, body, principal }) => {
      const institution = await institutions.get(params.institutionCode);
      const seal = await files.sealPicture(bytesOf(body.picture));
      await printLayouts.setSeal(institution, seal, principal?.keyId ?? '');
      return { status: 204 };
    },
  });

  defineRoute(app, {
    ...common,
    method: 'delete',
    path: `${base}/print-layout/seal`,
    summary: 'Print without a seal',
    access: ['admin'],
    responses: { 204: { description: 'Gone' } },
    handler: async ({ params, principal }) => {
      await printLayouts.setSeal(await institutions.get(params.institutionCode), undefined, principal?.keyId ?? '');
      return { status: 204 };
    },
  });

  defineRoute(app, {
    ...common,
    method: 'get',
    path: `${base}/batches/:batchId/rows/:row/preview.png`,
    summary: 'How a row of a batch will print, before it is issued',
    access: ['clerk', 'approver', 'officer', 'auditor'],
    params: z.strictObject({ ...batchParams.shape, row: z.coerce.number().int().min(1).max(9_999_999) }),
    responses: png,
    handler: async ({ params, principal }) => {
      const { institutionCode: code, batchId: batch, row } = params;
      await service.batches.get(code, batch);
      const record = await recordOfBatchRow(effects.database.knex, await institutions.get(code), {
        batch,
        row,
        now: effects.clock(),
      });
      const content = await files.preview(record);
      await note(code, principal?.keyId ?? '', 'batch.preview', batch, { row });
      return { content, type: 'image/png' };
    },
  });

  defineRoute(app, {
    ...common,
    method: 'post',
    path: `${base}/certificates/:certificateId/certificate.pdf`,
    summary: 'The printed certificate with a photo of its holder, which is kept nowhere',
    access: PRINTERS,
    params: certificateParams,
    body: z.strictObject({ photo: picture }).meta({ id: 'HolderPhoto' }),
    bodyLimits: PICTURE_LIMITS,
    responses: { 200: { description: 'PDF/A-3, its own QR read back and verified', type: 'application/pdf' } },
    handler: async ({ params, body, principal }) => {
      const certificate = await service.certificate(params.institutionCode, params.certificateId);
      const content = await files.pdf(certificate, bytesOf(body.photo));
      await note(params.institutionCode, principal?.keyId ?? '', 'print.photo', certificate.id);
      return { content, type: 'application/pdf' };
    },
  });

  defineRoute(app, {
    ...common,
    method: 'post',
    path: `${base}/print-runs`,
    summary: 'Plan a print run: which certificates, how many on a sheet, numbered or not',
    access: PRINTERS,
    body: newRunSchema,
    bodyLimits: { maxBytes: RUN_CERTIFICATES * (MAX_CERTIFICATE_ID + 4) + 1000, maxDepth: 3, maxNodes: 1100 },
    responses: { 201: { description: 'Planned', schema: runSchema } },
    handler: async ({ params, body, principal }) => {
      const institution = await institutions.get(params.institutionCode);
      const { certificates = [], batch, perSheet, numbered } = body;
      if (batch !== undefined) await service.batches.get(institution.code, batch);
      const source = batch === undefined ? { certificates } : { batch };
      const run = await printRuns.create(institution, { source, perSheet, numbered }, principal?.keyId ?? '');
      return { status: 201, body: run };
    },
  });

  defineRoute(app, {
    ...common,
    method: 'get',
    path: `${base}/print-runs`,
    summary: 'Print runs, newest first',
    access: READERS,
    responses: {
      200: {
        description: 'The newest 200',
        schema: z.strictObject({ runs: z.array(runSchema) }).meta({ id: 'PrintRuns' }),
      },
    },
    handler: async ({ params }) => ({ body: { runs: await printRuns.list(params.institutionCode, 200) } }),
  });

  defineRoute(app, {
    ...common,
    method: 'get',
    path: `${base}/print-runs/:runId/:file.pdf`,
    summary: 'One file of a print run, every QR read back from its sheet and verified',
    access: PRINTERS,
    params: z.strictObject({ ...runParams.shape, file: z.coerce.number().int().min(1).max(RUN_CERTIFICATES) }),
    responses: { 200: { description: 'A4, or A3 with two beside each other', type: 'application/pdf' } },
    handler: async ({ params, principal }) => {
      const { institutionCode: code, runId, file } = params;
      const institution = await institutions.get(code);
      const run = await printRuns.get(code, runId);
      const content = await files.runFile(institution.did, {
        title: `${runId} ${file}/${run.files}`,
        at: new Date(run.madeAt),
        perSheet: run.perSheet,
        certificates: await printRuns.certificates(code, runId, file),
      });
      await note(code, principal?.keyId ?? '', 'print.run-file', runId, { file });
      return { content, type: 'application/pdf' };
    },
  });
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

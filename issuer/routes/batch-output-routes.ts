import { z } from 'zod';
import { YizhengError } from '../../shared/errors.js';
import { appendAudit, defineRoute, type Principal, type Reply, type ServiceApp } from '../../server/index.js';
import { batchCertificates, countCertificates } from '../batch/output/batch-certificates.js';
import { BATCH_FILES, batchFiles, MOST_CERTIFICATES } from '../batch/output/batch-files.js';
import { progressEvents } from '../batch/output/progress-events.js';
import { allProblems, resultLines } from '../batch/output/result-lines.js';
import { Slots } from '../batch/output/slots.js';
import { zipStream, type ZipFile } from '../batch/output/zip-stream.js';
import { problemText, writeProblemSheet, writeResultSheet, writeTemplate } from '../batch/sheet/index.js';
import { BATCH_OPERATIONS } from '../batch/types.js';
import type { IssuerService } from '../service.js';
import {
  BATCH_READERS,
  batchParams,
  language,
  page,
  problemSchema,
  readyRowSchema,
  resultRowSchema,
  rowRange,
} from './batch-schemas.js';
import { institutionParams } from './params.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const TYPES = { xlsx: XLSX, csv: 'text/csv; charset=utf-8' } as const;
const FORMATS = ['xlsx', 'csv'] as const;
const RECORD_TYPE = 'application/jwt';

const zipQuery = z.strictObject({
  ...rowRange,
  lang: language,
  files: z
    .string()
    .default('pdf,qr')
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(BATCH_FILES)).min(1))
    .meta({ description: `Comma-separated: ${BATCH_FILES.join(', ')}; "pdf,qr" unless told` }),
});

/** What comes out of a batch: problems, progress, results, files, the signed record; and the templates that go in. */
export function batchOutputRoutes(app: ServiceApp, service: IssuerService): void {
  const { batches, accreditations, institutions, effects } = service;
  const { knex } = effects.database;
  const institutionPath = '/institutions/:institutionCode';
  const path = `${institutionPath}/batches/:batchId`;
  const common = { method: 'get', access: BATCH_READERS, tenantParam: 'institutionCode' } as const;
  const listeners = new Slots({ all: 200, each: 40 });
  const archives = new Slots({ all: 8, each: 3 });
  const audit = (
    principal: Principal | undefined,
    { institutionCode, batchId }: { institutionCode: string; batchId: string },
    what: string,
    rows: Record<string, number | undefined> = {},
  ): Promise<unknown> => {
    const part = Object.entries(rows).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    return effects.database.write((transaction) =>
      appendAudit(
        transaction,
        {
          tenant: institutionCode,
          actor: principal?.keyId ?? '',
          action: 'batch.read',
          subject: batchId,
          detail: { what, ...Object.fromEntries(part) },
        },
        effects.clock(),
      ),
    );
  };

  for (const format of FORMATS)
    defineRoute(app, {
      ...common,
      path: `${institutionPath}/batch-templates/:operation.${format}`,
      summary: `The sheet to fill in (${format}), with what this institution may certify`,
      params: z.strictObject({
        ...institutionParams.shape,
        operation: z.enum(BATCH_OPERATIONS).exclude(['void-session']),
      }),
      query: z.strictObject({ lang: language }),
      responses: { 200: { description: 'Template', type: TYPES[format] } },
      handler: async ({ params: { institutionCode, operation }, query }) => {
        const institution = await institutions.get(institutionCode);
        const view = await accreditations.view(institution.authority);
        const now = effects.clock();
        return sheet(`template-${operation}`, format, () =>
          writeTemplate({ format, operation, institution, view, now, language: query.lang }),
        );
      },
    });

  defineRoute(app, {
    ...common,
    path: `${path}/problems`,
    summary:
      'Wrong cells by row and column, each with a sentence; with notices=true what deserves a look and is not wrong',
    params: batchParams,
    query: z.strictObject({ ...page, lang: language, notices: z.enum(['true', 'false']).default('false') }),
    responses: {
      200: {
        description: 'One page',
        schema: z.strictObject({ problems: z.array(problemSchema), next: z.string().optional() }),
      },
    },
    handler: async ({ params, query: { after, limit, lang, notices }, principal }) => {
      const read = notices === 'true' ? 'notices' : 'problems';
      const found = await batches[read](params.institutionCode, params.batchId, { after, limit });
      await audit(principal, params, read, { after });
      const last = found.length === limit ? found.at(-1) : undefined;
      return {
        body: {
          problems: found.map(({ sequence: _, ...problem }) => ({ ...problem, text: problemText(problem, lang) })),
          ...(last && { next: String(last.sequence) }),
        },
      };
    },
  });

  for (const format of FORMATS)
    defineRoute(app, {
      ...common,
      path: `${path}/problems.${format}`,
      summary: `All wrong cells as a sheet (${format})`,
      params: batchParams,
      query: z.strictObject({ lang: language }),
      responses: { 200: { description: 'Sheet of problems', type: TYPES[format] } },
      handler: async ({ params, query, principal }) => {
        const { institutionCode: institution, batchId: batch } = params;
        await batches.get(institution, batch);
        await audit(principal, params, `problems.${format}`);
        return sheet(`problems-${batch}`, format, () =>
          writeProblemSheet(allProblems({ batches, institution, batch }), { format, language: query.lang }),
        );
      },
    });

  defineRoute(app, {
    ...common,
    path: `${path}/rows`,
    summary: 'What became of each row',
    params: batchParams,
    query: z.strictObject(page),
    responses: {
      200: {
        description: 'One page',
        schema: z.strictObject({ rows: z.array(resultRowSchema), next: z.string().optional() }),
      },
    },
    handler: async ({ params, query: { after, limit }, principal }) => {
      const rows = await batches.rows(params.institutionCode, params.batchId, { after, limit });
      await audit(principal, params, 'rows', { after });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return { body: { rows, ...(last && { next: String(last.row) }) } };
    },
  });

  defineRoute(app, {
    ...common,
    path: `${path}/ready`,
    summary: 'What would be done: rows that wait, with what a correction changes',
    params: batchParams,
    query: z.strictObject(page),
    responses: {
      200: {
        description: 'One page',
        schema: z.strictObject({ rows: z.array(readyRowSchema), next: z.string().optional() }),
      },
    },
    handler: async ({ params, query: { after, limit }, principal }) => {
      const rows = await batches.waiting(params.institutionCode, params.batchId, { after, limit });
      await audit(principal, params, 'ready', { after });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return { body: { rows, ...(last && { next: String(last.row) }) } };
    },
  });

  defineRoute(app, {
    ...common,
    path: `${path}/progress`,
    summary: 'Progress as server-sent events: "progress" with a batch, "end" when nothing more will happen',
    params: batchParams,
    responses: { 200: { description: 'Events', type: 'text/event-stream' } },
    handler: async ({ params: { institutionCode, batchId }, request }) => {
      await batches.get(institutionCode, batchId);
      listeners.take(request, institutionCode);
      return {
        type: 'text/event-stream',
        headers: { 'X-Accel-Buffering': 'no' },
        stream: (signal) =>
          progressEvents({
            subscribe: (listener) => batches.subscribe(batchId, listener),
            signal,
            closing: () => app.closing,
          }),
      };
    },
  });

  for (const format of FORMATS)
    defineRoute(app, {
      ...common,
      path: `${path}/result.${format}`,
      summary: `Result sheet (${format}): each row with its certificate or what was wrong with it`,
      params: batchParams,
      query: z.strictObject({ ...rowRange, lang: language }),
      responses: { 200: { description: 'Result sheet', type: TYPES[format] } },
      handler: async ({ params, query: { lang, ...range }, principal }) => {
        const { institutionCode: institution, batchId: batch } = params;
        await batches.get(institution, batch);
        await audit(principal, params, `result.${format}`, range);
        return sheet(`result-${batch}`, format, () =>
          writeResultSheet(resultLines({ batches, knex, institution, batch, ...range }), { format, language: lang }),
        );
      },
    });

  defineRoute(app, {
    ...common,
    path: `${path}/result.zip`,
    summary: 'PDF and QR picture of each certificate, result sheet and record, made while it is sent',
    params: batchParams,
    query: zipQuery,
    responses: { 200: { description: 'ZIP archive', type: 'application/zip' } },
    handler: async ({ params, query, request, principal }) => {
      const { institutionCode: institution, batchId: batch } = params;
      const { lang, files: wanted, from, to } = query;
      const { state, finishedAt, uploadedAt } = await batches.get(institution, batch);
      const chosen = { institution, batch, from, to };
      const certificates = await countCertificates(knex, chosen);
      refuseTooMany(certificates, wanted.includes('pdf'));
      const record = state === 'done' ? await batches.record(institution, batch) : undefined;
      archives.take(request, institution);
      await audit(principal, params, 'result.zip', { from, to });
      async function* contents(): AsyncGenerator<ZipFile> {
        const lines = resultLines({ batches, knex, institution, batch, from, to });
        const results = writeResultSheet(lines, { format: 'xlsx', language: lang });
        yield { name: lang === 'en' ? 'results.xlsx' : '办理结果.xlsx', content: results, deflate: false };
        if (record !== undefined) yield { name: 'batch-record.jwt', content: Buffer.from(record), deflate: true };
        yield* batchFiles(batchCertificates(knex, chosen), new Set(wanted), service.files);
      }
      return {
        type: 'application/zip',
        headers: { ...attachment(`batch-${batch}.zip`), 'Yizheng-Certificates': String(certificates) },
        stream: () => zipStream(contents(), new Date(finishedAt ?? uploadedAt)),
      };
    },
  });

  defineRoute(app, {
    ...common,
    path: `${path}/record`,
    summary: 'Signed record of a batch that is done (compact JWS of the institution)',
    params: batchParams,
    responses: { 200: { description: 'Record', type: RECORD_TYPE } },
    handler: async ({ params: { institutionCode, batchId } }) => ({
      content: await batches.record(institutionCode, batchId),
      type: RECORD_TYPE,
      headers: attachment(`batch-record-${batchId}.jwt`),
    }),
  });
}

function sheet(name: string, format: keyof typeof TYPES, write: () => AsyncIterable<Uint8Array>): Reply {
  return { type: TYPES[format], headers: attachment(`${name}.${format}`), stream: write };
}

function attachment(name: string): Record<string, string> {
  return { 'Content-Disposition': `attachment; filename="${name}"` };
}

function refuseTooMany(certificates: number, withPdf: boolean): void {
  const most = withPdf ? MOST_CERTIFICATES.withPdf : MOST_CERTIFICATES.withoutPdf;
  if (certificates > most)
    throw new YizhengError(
      'BATCH_ZIP_TOO_LARGE',
      `These are ${certificates} certificates, and one archive${withPdf ? ' with PDFs' : ''} holds ${most}: ask for a part of the rows (from, to)${withPdf ? ', or leave out pdf' : ''}.`,
      { status: 422, at: 'query/from' },
    );
}

import { z } from 'zod';
import { assessmentSchema } from '../../../shared/certificate/record.js';
import { defineRoute, toProblem, type Reply, type ServiceApp } from '../../../server/index.js';
import { problemText, SheetError } from '../../batch/sheet/index.js';
import { writeCsv } from '../../batch/sheet/write-csv.js';
import { language } from '../../routes/batch-schemas.js';
import { institutionParams } from '../../routes/params.js';
import { sheetUpload, withSheet, type UploadedSheet } from '../../routes/upload-sheet.js';
import type { IssuerService } from '../../service.js';
import { candidateSchema } from '../candidate-input.js';
import { CANDIDATE_COLUMNS, SESSION_SHEET_LIMITS } from '../candidate-sheet.js';
import { MOST_SEATS } from '../plan-schema.js';
import { resultLines } from '../result-lines.js';
import { resultSchema } from '../result-input.js';
import { actorOf } from './actor-of.js';
import {
  candidateAnswer,
  SESSION_CLERKS,
  SESSION_READERS,
  sessionParams,
  sheetProblems,
  shownProblems,
} from './schemas.js';

const CSV = 'text/csv; charset=utf-8';
const withLanguage = z.strictObject({ lang: language });
const addressOf = ({ institutionCode, sessionId }: z.infer<typeof sessionParams>) => ({
  institution: institutionCode,
  id: sessionId,
});

/** Candidates of assessment sessions and their results. */
export function candidateRoutes(app: ServiceApp, service: IssuerService): void {
  const { candidates, results } = service.sessions;
  const one = '/institutions/:institutionCode/assessment-sessions/:sessionId';
  const tenantParam = 'institutionCode';

  defineRoute(app, {
    method: 'get',
    path: '/institutions/:institutionCode/candidate-template.csv',
    summary: 'An empty list of candidates',
    access: SESSION_CLERKS,
    tenantParam,
    params: institutionParams,
    query: withLanguage,
    responses: { 200: { description: 'CSV', type: CSV } },
    handler: ({ query }) => ({
      stream: () =>
        writeCsv([
          CANDIDATE_COLUMNS.map(
            ({ zh, en, need }) => `${need === 'always' ? '*' : ''}${query.lang === 'en' ? en : zh}`,
          ),
        ]),
      type: CSV,
      headers: { 'Content-Disposition': 'attachment; filename="candidates.csv"' },
    }),
  });

  defineRoute(app, {
    method: 'get',
    path: `${one}/candidates`,
    summary: 'Candidates with their results, in order; that somebody read them is audited',
    access: SESSION_READERS,
    tenantParam,
    params: sessionParams,
    query: z.strictObject({
      after: z.coerce.number().int().min(0).max(9_999_999).default(0),
      limit: z.coerce.number().int().min(1).max(1000).default(500),
    }),
    responses: {
      200: {
        description: 'Candidates; document numbers only by their last four',
        schema: z.strictObject({ candidates: z.array(candidateAnswer), next: z.int().optional() }),
      },
    },
    handler: async ({ params, query, principal }) => {
      const found = await candidates.list(addressOf(params), { ...query, limit: query.limit + 1 }, actorOf(principal));
      const shown = found.slice(0, query.limit);
      const last = shown.at(-1)?.candidate;
      return { body: { candidates: shown, ...(found.length > query.limit && last !== undefined && { next: last }) } };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: `${one}/candidates`,
    summary: 'Enter one candidate',
    access: SESSION_CLERKS,
    tenantParam,
    params: sessionParams,
    body: candidateSchema,
    responses: { 201: { description: 'Entered', schema: z.strictObject({ candidate: z.int() }) } },
    handler: async ({ params, body, principal }) => ({
      status: 201,
      body: { candidate: await candidates.add(addressOf(params), body, actorOf(principal)) },
    }),
  });

  defineRoute(app, {
    method: 'delete',
    path: `${one}/candidates/:candidate`,
    summary: 'Strike a candidate off',
    access: SESSION_CLERKS,
    tenantParam,
    params: z.strictObject({ ...sessionParams.shape, candidate: z.coerce.number().int().min(1).max(9_999_999) }),
    responses: { 204: { description: 'Struck off' } },
    handler: async ({ params: { candidate, ...params }, principal }) => {
      await candidates.remove(addressOf(params), candidate, actorOf(principal));
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'put',
    path: `${one}/results`,
    summary: 'Enter results, each as a whole; all of them or none',
    access: SESSION_CLERKS,
    tenantParam,
    params: sessionParams,
    body: z.strictObject({ results: z.array(resultSchema).min(1).max(500) }).meta({ id: 'ExamResults' }),
    responses: {
      200: { description: 'How they stand now', schema: z.strictObject({ candidates: z.array(candidateAnswer) }) },
    },
    handler: async ({ params, body, principal }) => ({
      body: { candidates: await results.enter(addressOf(params), body.results, actorOf(principal)) },
    }),
  });

  defineRoute(app, {
    method: 'put',
    path: `${one}/numbers`,
    summary: 'Set the certificate numbers an authority gave, of kinds without a numbering rule',
    access: SESSION_CLERKS,
    tenantParam,
    params: sessionParams,
    body: z
      .strictObject({
        numbers: z
          .array(z.strictObject({ candidate: z.int().min(1), number: assessmentSchema.shape.id.nullable() }))
          .min(1)
          .max(1000),
      })
      .meta({ id: 'ExamCertificateNumbers' }),
    responses: { 204: { description: 'Set' } },
    handler: async ({ params, body, principal }) => {
      await results.setNumbers(addressOf(params), body.numbers, actorOf(principal));
      return { status: 204 };
    },
  });

  defineRoute(app, {
    method: 'get',
    path: `${one}/results.csv`,
    summary: 'Candidates with their results as a sheet: to be filled in and sent back, or for the file; audited',
    access: SESSION_READERS,
    tenantParam,
    params: sessionParams,
    query: withLanguage,
    responses: { 200: { description: 'CSV', type: CSV } },
    handler: async ({ params, query, principal }) => {
      const who = actorOf(principal);
      const session = await service.sessions.views.get(addressOf(params), who);
      const found = await candidates.list(addressOf(params), { after: 0, limit: MOST_SEATS }, who);
      return {
        stream: () => writeCsv(resultLines(session, found, query.lang)),
        type: CSV,
        headers: { 'Content-Disposition': 'attachment; filename="results.csv"' },
      };
    },
  });

  for (const [name, summary, run] of [
    [
      'candidates',
      'Enter the candidates of a sheet (XLSX or CSV): all of them, or none where a row is wrong',
      candidates.addSheet.bind(candidates),
    ],
    [
      'results',
      'Enter the results of a sheet (XLSX or CSV): all of them, or none where a row is wrong',
      results.enterSheet.bind(results),
    ],
  ] as const)
    defineRoute(app, {
      method: 'post',
      path: `${one}/${name}/sheet`,
      summary,
      access: SESSION_CLERKS,
      tenantParam,
      params: sessionParams,
      query: withLanguage,
      middleware: [sheetUpload({ fileBytes: SESSION_SHEET_LIMITS.fileBytes, atOnce: 4, each: 2 })],
      otherBodies: { 'multipart/form-data': z.strictObject({ file: z.string() }) },
      responses: {
        200: {
          description: 'How many rows were taken in; none where `problems` holds any',
          schema: z.strictObject({ rows: z.int(), wrong: z.int(), problems: sheetProblems }),
        },
      },
      handler: ({ params, query, principal, request, requestId }) =>
        withSheet(request, (sheet) =>
          taken(sheet, requestId, query.lang, (file) => run(addressOf(params), file, actorOf(principal))),
        ),
    });
}

type Taken = Awaited<ReturnType<IssuerService['sessions']['candidates']['addSheet']>>;
type Entered = Awaited<ReturnType<IssuerService['sessions']['results']['enterSheet']>>;

async function taken(
  { path, name }: UploadedSheet,
  requestId: string,
  lang: 'zh-CN' | 'en',
  run: (file: { path: string; name: string }) => Promise<Taken | Entered>,
): Promise<Reply> {
  try {
    const done = await run({ path, name });
    const rows = 'added' in done ? done.added : done.entered;
    const wrong = new Set(done.problems.map(({ row }) => row)).size;
    return { body: { rows, wrong, problems: shownProblems(done.problems, lang) } };
  } catch (error) {
    if (!(error instanceof SheetError)) throw error;
    const problem = toProblem(error, requestId);
    const [first] = error.problems;
    const detail = first ? problemText(first, lang) : problem.detail;
    return { status: problem.status, type: 'application/problem+json', body: { ...problem, detail } };
  }
}

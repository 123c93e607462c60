import { z } from 'zod';
import { defineRoute, type Reply, type ServiceApp } from '../../../server/index.js';
import { batchSchema, language } from '../../routes/batch-schemas.js';
import { institutionParams } from '../../routes/params.js';
import type { IssuerService } from '../../service.js';
import { lineSchema, planSchema } from '../plan-schema.js';
import { actorOf } from './actor-of.js';
import {
  detailSchema,
  fitSchema,
  SESSION_CLERKS,
  SESSION_DECIDERS,
  SESSION_READERS,
  sessionParams,
  sessionSchema,
  shownFit,
} from './schemas.js';

const withLanguage = z.strictObject({ lang: language });
const note = z.string().trim().min(1).max(500);

/** Planning assessment sessions, confirming plans, handing in, ending. */
export function sessionRoutes(app: ServiceApp, service: IssuerService): void {
  const { sessions } = service;
  const path = '/institutions/:institutionCode/assessment-sessions';
  const one = `${path}/:sessionId`;
  const tenantParam = 'institutionCode';
  const now = { 200: { description: 'How it stands now', schema: detailSchema } };
  const detail = async (
    { institutionCode, sessionId }: z.infer<typeof sessionParams>,
    who: ReturnType<typeof actorOf>,
    lang: 'zh-CN' | 'en',
  ): Promise<Reply> => {
    const { fit, ...found } = await sessions.views.get({ institution: institutionCode, id: sessionId }, who);
    return { body: { ...found, ...(fit && { fit: shownFit(fit, lang) }) } };
  };

  defineRoute(app, {
    method: 'get',
    path,
    summary: 'Assessment sessions of the institution, the latest day first',
    access: SESSION_READERS,
    tenantParam,
    params: institutionParams,
    query: z.strictObject({
      after: z
        .string()
        .max(60)
        .regex(/^\d{4}-\d{2}-\d{2} \S/)
        .optional()
        .meta({ description: '`next` of the page before' }),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    responses: {
      200: {
        description: 'Sessions',
        schema: z.strictObject({ sessions: z.array(sessionSchema), next: z.string().optional() }),
      },
    },
    handler: async ({ params, query }) => ({ body: await sessions.views.list(params.institutionCode, query) }),
  });

  defineRoute(app, {
    method: 'post',
    path,
    summary: 'Plan a session; what the accreditation does not cover is said, and cannot be opened',
    access: SESSION_CLERKS,
    tenantParam,
    params: institutionParams,
    query: withLanguage,
    body: planSchema,
    responses: { 201: { description: 'Planned', schema: detailSchema } },
    handler: async ({ params, query, body, principal }) => {
      const who = actorOf(principal);
      await sessions.plans.create(params.institutionCode, body, who);
      return { ...(await detail({ ...params, sessionId: body.id }, who, query.lang)), status: 201 };
    },
  });

  defineRoute(app, {
    method: 'post',
    path: `${path}/check`,
    summary: 'Would the accreditation cover this plan? Nothing is stored',
    access: SESSION_CLERKS,
    tenantParam,
    params: institutionParams,
    query: withLanguage,
    body: planSchema,
    responses: { 200: { description: 'Answer', schema: fitSchema } },
    handler: async ({ params, query, body }) => ({
      body: shownFit(await sessions.plans.check(params.institutionCode, body), query.lang),
    }),
  });

  defineRoute(app, {
    method: 'get',
    path: one,
    summary: 'A session with its plan and who takes part; that somebody read it is audited',
    access: SESSION_READERS,
    tenantParam,
    params: sessionParams,
    query: withLanguage,
    responses: { 200: { description: 'Session', schema: detailSchema } },
    handler: ({ params, query, principal }) => detail(params, actorOf(principal), query.lang),
  });

  const version = z.int().min(1);
  defineRoute(app, {
    method: 'put',
    path: one,
    summary: 'Change a plan, until a result is entered; it must be confirmed again',
    access: SESSION_CLERKS,
    tenantParam,
    params: sessionParams,
    query: withLanguage,
    body: z.strictObject({ plan: planSchema, version }).meta({ id: 'ChangeExamSession' }),
    responses: now,
    handler: async ({ params, query, body, principal }) => {
      const who = actorOf(principal);
      const address = { institution: params.institutionCode, id: params.sessionId };
      await sessions.plans.edit(address, body.plan, body.version, who);
      return detail(params, who, query.lang);
    },
  });

  defineRoute(app, {
    method: 'put',
    path: `${one}/line`,
    summary: 'Change what a partner of a joint examination certifies, until a result is entered',
    access: SESSION_CLERKS,
    tenantParam,
    params: sessionParams,
    query: withLanguage,
    body: z.strictObject({ line: lineSchema, version }).meta({ id: 'ChangeExamSessionLine' }),
    responses: now,
    handler: async ({ params, query, body, principal }) => {
      const who = actorOf(principal);
      const address = { institution: params.institutionCode, id: params.sessionId };
      await sessions.plans.editLine(address, body.line, body.version, who);
      return detail(params, who, query.lang);
    },
  });

  for (const [action, summary, access, run] of [
    [
      'open',
      'Confirm a plan: by a second person, where the institution asks for one',
      ['clerk', 'approver', 'officer'],
      sessions.plans.open.bind(sessions.plans),
    ],
    ['complete', 'The results are complete', SESSION_CLERKS, sessions.results.complete.bind(sessions.results)],
    [
      'reopen',
      'Open the results again, while nobody handed them in',
      SESSION_CLERKS,
      sessions.results.reopen.bind(sessions.results),
    ],
    [
      'archive',
      'Close the file: the document numbers of the candidates are deleted',
      SESSION_DECIDERS,
      sessions.plans.archive.bind(sessions.plans),
    ],
  ] as const)
    defineRoute(app, {
      method: 'post',
      path: `${one}/${action}`,
      summary,
      access,
      tenantParam,
      params: sessionParams,
      query: withLanguage,
      responses: now,
      handler: async ({ params, query, principal }) => {
        const who = actorOf(principal);
        await run({ institution: params.institutionCode, id: params.sessionId }, who);
        return detail(params, who, query.lang);
      },
    });

  for (const [action, summary, run] of [
    ['send-back', 'Do not confirm a plan, and say why', sessions.plans.sendBack.bind(sessions.plans)],
    ['void', 'Call a session off while nothing of it is certified', sessions.plans.void.bind(sessions.plans)],
  ] as const)
    defineRoute(app, {
      method: 'post',
      path: `${one}/${action}`,
      summary,
      access: SESSION_DECIDERS,
      tenantParam,
      params: sessionParams,
      query: withLanguage,
      body: z.strictObject({ note }).meta({ id: action === 'void' ? 'VoidExamSession' : 'SendExamSessionBack' }),
      responses: now,
      handler: async ({ params, query, body, principal }) => {
        const who = actorOf(principal);
        await run({ institution: params.institutionCode, id: params.sessionId }, body.note, who);
        return detail(params, who, query.lang);
      },
    });

  defineRoute(app, {
    method: 'post',
    path: `${one}/hand-in`,
    summary: 'Hand those who passed in as a batch, to be confirmed and approved like any other',
    access: SESSION_CLERKS,
    tenantParam,
    params: sessionParams,
    responses: { 201: { description: 'The batch, with how many rows are good and wrong', schema: batchSchema } },
    handler: async ({ params: { institutionCode, sessionId }, principal }) => {
      const batch = await sessions.handIn({ institution: institutionCode, id: sessionId }, actorOf(principal));
      const location = `${service.effects.baseUrl}/institutions/${institutionCode}/batches/${batch.id}`;
      return { status: 201, body: batch, headers: { Location: location } };
    },
  });
}

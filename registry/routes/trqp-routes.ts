import { z } from 'zod';
import { defineRoute, toProblem, type Reply, type ServiceApp } from '../../server/index.js';
import { levelSchema } from '../../shared/certificate/record.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { YizhengError } from '../../shared/errors.js';
import type { ApplicationTables } from '../../shared/trust/application/decide-application.js';
import { rfc3339 } from '../../shared/trust/time.js';
import type { RegistryEffects } from '../effects.js';
import { dataStale } from '../registry-views.js';
import type { RegistryService } from '../service.js';
import {
  answerAuthorization,
  answerRecognition,
  RECOGNITION_ACTIONS,
  type EntityAnswer,
  type EntityQuestion,
} from '../trqp/answer-query.js';
import { decideCredential } from '../trqp/decide-credential.js';
import { notInFuture, readTrqpQuery, trqpQuery, type TrqpQuery } from '../trqp/query.js';
import { parseResource } from '../trqp/resource.js';
import { limitInFlight } from '../in-flight.js';
import { anyObject } from './params.js';

/** Questions answered at once; each works on the one thread that also serves the feeds. */
const MOST_IN_FLIGHT = 4;

const answerMembers = {
  authority_id: z.string(),
  entity_id: z.string(),
  action: z.string(),
  resource: z.string(),
  time_requested: z.string().optional(),
  time_evaluated: z.string(),
  message: z.string(),
  outcome: z.string(),
  reasons: z.array(z.strictObject({ code: z.string(), ref: z.string().optional() })),
  treatment: z.array(z.string()),
  path: z.array(z.string()),
  data_as_of: z.string().optional(),
};
const authorizationSchema = z
  .strictObject({ ...answerMembers, authorized: z.boolean() })
  .meta({ id: 'TrqpAuthorization' });
const recognitionSchema = z.strictObject({ ...answerMembers, recognized: z.boolean() }).meta({ id: 'TrqpRecognition' });

const decisionBody = z
  .strictObject({
    credential: z.record(z.string(), z.unknown()).optional(),
    qr: z.string().min(1).max(8000).optional(),
    anchor: z.string().max(200).regex(/^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/), // prettier-ignore
    wanted: z
      .strictObject({
        kind: z.enum(KIND_IDS).optional(),
        item: z.string().min(1).max(60).optional(),
        occupation: z.string().regex(/^[1-8](?:-\d{2}){3}$/).optional(), // prettier-ignore
        level: levelSchema.optional(),
      })
      .optional(),
    region: z.string().regex(/^\d{6}$/).optional(), // prettier-ignore
    time: z.iso.datetime({ offset: true }).optional(),
    language: z.enum(['zh-CN', 'en']).optional(),
  })
  .refine((body) => (body.credential === undefined) !== (body.qr === undefined), {
    error: 'needs exactly one of credential and qr',
    path: ['credential'],
  });

/**
 * Trust Registry Query Protocol v2 (`POST /authorization`, `POST /recognition`, TRUST §1.2 and §4) and the decision about one credential
 * (`POST /decision`), for other authorities' systems. Answered from the bundle of the authority asked for, evaluated on kept history.
 * “Could not find out” is 503 Problem Details `registry-data-stale`, never `false`. At most {@link MOST_IN_FLIGHT} are answered at once,
 * the next gets 503 `REGISTRY_BUSY` with `Retry-After`.
 * @param tables what applicants are spared; without them `/decision` answers from statements alone
 */
export function trqpRoutes(
  app: ServiceApp,
  service: RegistryService,
  effects: Pick<RegistryEffects, 'database' | 'clock'>,
  tables?: ApplicationTables,
): void {
  const { views } = service;
  const now = (): string => rfc3339(effects.clock().getTime());
  const bounded = limitInFlight(MOST_IN_FLIGHT);

  const questionOf = (query: TrqpQuery): EntityQuestion => {
    notInFuture(query.context?.time, effects.clock(), '/context/time');
    notInFuture(query.context?.issued_at, effects.clock(), '/context/issued_at');
    return {
      anchor: query.authority_id,
      entity: query.entity_id,
      qualification: parseResource(query.resource),
      time: query.context?.time,
      issuedAt: query.context?.issued_at,
      region: query.context?.region,
      now: now(),
    };
  };
  const reply = (
    query: TrqpQuery,
    name: 'authorized' | 'recognized',
    { granted, decision, message }: EntityAnswer,
    requestId: string,
  ): Reply => {
    if (decision.outcome === 'undetermined') return stale(message, requestId);
    const { authority_id, entity_id, action, resource, context } = query;
    return {
      body: {
        authority_id,
        entity_id,
        action,
        resource,
        [name]: granted,
        ...(context?.time !== undefined && { time_requested: context.time }),
        time_evaluated: now(),
        message,
        outcome: decision.outcome,
        reasons: decision.reasons,
        treatment: decision.treatment,
        path: decision.path,
        ...(decision.dataAsOf !== null && { data_as_of: decision.dataAsOf }),
      },
    };
  };
  const viewFor = (did: string, requestId: string) =>
    views.viewOf(did).catch((error: unknown) => {
      if (error instanceof YizhengError && error.code === 'REGISTRY_DATA_STALE') return stale(error.message, requestId);
      throw error;
    });

  defineRoute(app, {
    method: 'post',
    path: '/authorization',
    summary: 'TRQP v2: may the entity issue this qualification, by the word of the authority?',
    access: 'public',
    body: trqpQuery,
    readBody: readTrqpQuery,
    responses: { 200: { description: 'Yes or no', schema: authorizationSchema } },
    handler: async ({ body, requestId }) => {
      if (body.action !== 'issue') throw actionUnknown(['issue']);
      const question = questionOf(body);
      return bounded(async () => {
        const view = await viewFor(body.authority_id, requestId);
        return 'feeds' in view ? reply(body, 'authorized', answerAuthorization(view, question), requestId) : view;
      });
    },
  });
  defineRoute(app, {
    method: 'post',
    path: '/recognition',
    summary: 'TRQP v2: does the authority recognise this qualification of the entity, with this treatment?',
    access: 'public',
    body: trqpQuery,
    readBody: readTrqpQuery,
    responses: { 200: { description: 'Yes or no', schema: recognitionSchema } },
    handler: async ({ body, requestId }) => {
      const action = RECOGNITION_ACTIONS.find((item) => item === body.action);
      if (action === undefined) throw actionUnknown(RECOGNITION_ACTIONS);
      const question = questionOf(body);
      return bounded(async () => {
        const view = await viewFor(body.authority_id, requestId);
        return 'feeds' in view ? reply(body, 'recognized', answerRecognition(view, question, action), requestId) : view;
      });
    },
  });
  defineRoute(app, {
    method: 'post',
    path: '/decision',
    summary:
      'Given a credential and a wanted qualification: is it recognised, what is exempted, what must still be done?',
    access: 'public',
    body: decisionBody,
    responses: { 200: { description: 'The decision', schema: anyObject } },
    handler: async ({ body, requestId }) => {
      notInFuture(body.time, effects.clock(), '/time');
      const { credential, qr, anchor, time, wanted, region, language = 'zh-CN' } = body;
      const question = {
        credential: qr === undefined ? { json: JSON.stringify(credential) } : { qr },
        anchor,
        now: now(),
        time,
        wanted,
        region,
        language,
      };
      return bounded(async () => {
        const view = await viewFor(body.anchor, requestId);
        return 'feeds' in view ? { body: await decideCredential(question, view, tables) } : view;
      });
    },
  });
}

function actionUnknown(known: readonly string[]): YizhengError {
  return new YizhengError('ACTION_UNKNOWN', `The action is not known here; known are: ${known.join(', ')}.`, {
    at: '/action',
    status: 404,
  });
}

/** Problem Details with the type that TRUST §4 names. */
function stale(message: string, requestId: string): Reply {
  const problem = toProblem(dataStale(message), requestId);
  return {
    status: 503,
    type: 'application/problem+json',
    headers: { 'Retry-After': '60' },
    body: { ...problem, type: 'https://yizheng.example/problems/registry-data-stale' },
  };
}

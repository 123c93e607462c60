import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { YizhengError } from '../shared/errors.js';
import { parseJson, type JsonLimits } from '../shared/json/parse-json.js';
import { allowBodyTime } from './body-deadline.js';
import { allowOtherOrigins, answerPreflight } from './cross-origin.js';
import { IDEMPOTENCY_HEADER, parseIdempotencyKey } from './idempotency.js';
import { idempotencyHeader, problemSchema } from './openapi.js';
import { HOST_TENANT, type Principal, type Role } from './roles.js';
import { requestIdOf } from './request-id.js';
import type { ServiceApp } from './service-app.js';

/** Largest JSON body, in bytes. */
export const MAX_BODY_BYTES = 200_000;

const BODY_LIMITS: JsonLimits = { maxBytes: MAX_BODY_BYTES, maxDepth: 24, maxNodes: 5000 };

/** What a handler gets: everything checked. */
export interface Call<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  /** Who sent it; for public routes undefined. */
  principal: Principal | undefined;
  /**
   * The `Idempotency-Key`, on routes that declare it `required`.
   * @throws YizhengError when read: `IDEMPOTENCY_KEY_MISSING`, `IDEMPOTENCY_KEY_INVALID`
   */
  readonly idempotencyKey: string;
  requestId: string;
  /** A request header, by lower-case or upper-case name. */
  header: (name: string) => string | undefined;
  request: Request;
}

/** What a handler gives back. `body` is written as JSON, `content` as it is, `stream` as fast as the client reads. */
export interface Reply {
  /** Default 200. */
  status?: number;
  /** Several values only for `Set-Cookie`. */
  headers?: Record<string, string | string[]>;
  body?: unknown;
  content?: Uint8Array | string;
  /** Asked for the next piece when the last one is sent. The signal says that the client is gone. */
  stream?: (signal: AbortSignal) => AsyncIterable<Uint8Array | string>;
  /** Media type; needed for `content` and `stream`, default `application/json` for `body`. */
  type?: string;
}

/** One documented answer of a route. */
export interface ResponseDocument {
  description: string;
  /** Schema of a JSON answer. */
  schema?: z.ZodType;
  /** Media type, default `application/json` when there is a schema. */
  type?: string;
}

/** A route: the one place access, validation and its OpenAPI entry come from. */
export interface RouteDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'delete';
  /** Express path, e.g. `/institutions/:institutionCode/certificates`. */
  path: string;
  summary: string;
  /** `public`, `account` (any person who is signed in), or the roles of which the caller's key or account must hold one. */
  access: 'public' | 'account' | readonly [Role, ...Role[]];
  /**
   * Path parameter that names the tenant: the key must be of that tenant or of the host, else 404 (not 403: what other tenants
   * have is not told). Without it a route that is not public takes host keys only.
   */
  tenantParam?: string;
  params?: P;
  query?: Q;
  /** Schema of the JSON body. */
  body?: B;
  /** Reads the body instead of `body`, where its errors need codes of their own; `body` then only documents it. */
  readBody?: (value: unknown) => z.infer<B>;
  /** Limits of the JSON body where the default (200 kB, 24 deep, 5,000 nodes) is not right. */
  bodyLimits?: JsonLimits;
  /** Longest the request may take to arrive, in milliseconds, where 15 seconds are not right: uploads of large files. */
  bodyTimeoutMs?: number;
  /** The request is, or may be, named by an `Idempotency-Key`; stands in the OpenAPI document. */
  idempotencyKey?: 'required' | 'optional';
  /**
   * Pages of other origins may call it and read every answer, errors included (Fetch standard, CORS); preflights are answered. Nothing
   * here knows cookies, so nothing is given away that the caller's own token does not open.
   */
  crossOrigin?: boolean;
  /** Express middleware before the handler, for bodies that are not JSON (multipart). */
  middleware?: RequestHandler[];
  /** Request media types for the OpenAPI document when `middleware` reads the body. */
  otherBodies?: Record<string, z.ZodType>;
  responses: Record<number, ResponseDocument>;
  handler: (call: Call<z.infer<P>, z.infer<Q>, z.infer<B>>) => Promise<Reply> | Reply;
}

/**
 * Adds a route to a service. Access is checked before the body is read.
 *
 * Errors of the border: `API_KEY_MISSING`, `API_KEY_INVALID`, `SESSION_MISSING`, `SESSION_EXPIRED` (401), `CSRF`, `SECOND_FACTOR_NEEDED`,
 * `ROLE_MISSING` (403), `NOT_FOUND` (another tenant, 404),
 * `CONTENT_TYPE` (415), `BODY_TOO_LARGE` (413), the `JSON_*` codes of `parseJson`, `FIELD_UNKNOWN` and `REQUEST_INVALID` (422).
 */
export function defineRoute<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(app: ServiceApp, route: RouteDefinition<P, Q, B>): void {
  if (route.access !== 'public' && !app.options.authenticate && !app.options.authenticateSession)
    throw new TypeError(`${route.path}: a route with roles needs createApp({authenticate})`);
  documentRoute(app, route);
  const { access } = route;
  const handlers: RequestHandler[] = [];
  if (route.crossOrigin) {
    handlers.push(allowOtherOrigins);
    app.router.options(route.path, answerPreflight(route.method));
  }
  const principals = new WeakMap<Request, Principal>();
  if (access !== 'public')
    handlers.push(async (request, _response, next) => {
      principals.set(request, await authorise(app, route.tenantParam, access, request));
      next();
    });
  const { refuseTenant } = app.options;
  if (refuseTenant)
    handlers.push(async (request, _response, next) => {
      await refuseTenant(request, route.method === 'get');
      next();
    });
  const { bodyTimeoutMs } = route;
  if (bodyTimeoutMs !== undefined) {
    app.longestBodyMs = Math.max(app.longestBodyMs, bodyTimeoutMs);
    handlers.push((request, _response, next) => {
      allowBodyTime(request, bodyTimeoutMs);
      next();
    });
  }
  if (route.body)
    handlers.push(
      requireJson,
      express.raw({ type: () => true, limit: route.bodyLimits?.maxBytes ?? MAX_BODY_BYTES, inflate: false }),
    );
  handlers.push(...(route.middleware ?? []));
  handlers.push(async (request, response) => {
    const reply = await route.handler({
      params: check(route.params, request.params, 'path') as z.infer<P>,
      query: check(route.query, request.query, 'query') as z.infer<Q>,
      body: readBody(route, request),
      principal: principals.get(request),
      get idempotencyKey() {
        if (route.idempotencyKey !== 'required') throw new TypeError(`${route.path} requires no Idempotency-Key`);
        return parseIdempotencyKey(request.get(IDEMPOTENCY_HEADER));
      },
      requestId: requestIdOf(request),
      header: (name) => request.get(name),
      request,
    });
    await send(response, reply, access === 'public' && route.method === 'get');
  });
  app.router[route.method](route.path, ...handlers);
}

function readBody<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  route: RouteDefinition<P, Q, B>,
  request: Request,
): z.infer<B> {
  if (!route.body) return undefined as z.infer<B>;
  const value = readJson(request, route.bodyLimits);
  return route.readBody ? route.readBody(value) : (check(route.body, value, '') as z.infer<B>);
}

async function authorise(
  app: ServiceApp,
  tenantParam: string | undefined,
  access: 'account' | readonly Role[],
  request: Request,
): Promise<Principal> {
  const tenant = tenantParam === undefined ? HOST_TENANT : String(request.params[tenantParam]);
  const { authenticate, authenticateSession } = app.options;
  const authorization = request.get('authorization');
  const session =
    authorization === undefined
      ? await authenticateSession?.(request, access === 'account' ? undefined : tenant)
      : undefined;
  if (access === 'account') {
    if (session) return session;
    throw new YizhengError('SESSION_MISSING', 'Sign in first.', { status: 401 });
  }
  const principal = session ?? (await authenticate?.(authorization));
  if (!principal) throw new YizhengError('API_KEY_MISSING', 'Send an API key.', { status: 401 });
  if (principal.tenant !== HOST_TENANT && principal.tenant !== tenant)
    throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
  if (!access.some((role) => principal.roles.includes(role)))
    throw new YizhengError('ROLE_MISSING', `This needs one of the roles: ${access.join(', ')}.`, { status: 403 });
  return principal;
}

const requireJson: RequestHandler = (request, _response, next) => {
  const type = request.get('content-type') ?? '';
  if (!/^application\/(?:json|[a-z0-9.-]+\+json)\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type))
    throw new YizhengError('CONTENT_TYPE', 'Send the body as application/json in UTF-8.', {
      status: 415,
      at: 'Content-Type',
    });
  next();
};

function readJson(request: Request, limits: JsonLimits = BODY_LIMITS): unknown {
  const raw: unknown = request.body;
  if (!Buffer.isBuffer(raw) || raw.length === 0)
    throw new YizhengError('BODY_MISSING', 'The request has no body; send a JSON object.');
  return parseJson(raw, limits);
}

function check(schema: z.ZodType | undefined, value: unknown, place: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw requestError(parsed.error, place);
}

/**
 * Turns what zod found into a typed error that names the first wrong member and never its value.
 * @param place prefix of the pointer: '' for the body, `path` or `query`
 * @returns `FIELD_UNKNOWN` or `REQUEST_INVALID`, 422
 */
export function requestError(error: z.ZodError, place = ''): YizhengError {
  const issue = error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0]?.slice(0, 60) : undefined;
  const path = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])];
  const at = `${place}/${path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
  return unknown === undefined
    ? new YizhengError('REQUEST_INVALID', `${at}: ${issue?.message ?? 'is not valid'}`, { at, status: 422 })
    : new YizhengError('FIELD_UNKNOWN', `${at}: this member is not known; remove it.`, { at, status: 422 });
}

async function send(response: Response, reply: Reply, publicRead: boolean): Promise<void> {
  response.status(reply.status ?? 200);
  if (publicRead) {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  } else response.setHeader('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.content !== undefined) {
    response.setHeader('Content-Type', reply.type ?? 'application/octet-stream');
    response.send(Buffer.from(reply.content));
  } else if (reply.body !== undefined) {
    response.setHeader('Content-Type', reply.type ?? 'application/json');
    response.send(Buffer.from(JSON.stringify(reply.body)));
  } else if (reply.stream && response.req.method !== 'HEAD') {
    response.setHeader('Content-Type', reply.type ?? 'application/octet-stream');
    await sendStream(response, reply.stream);
  } else response.end();
}

/** A stream that fails is cut off, not ended, so that nobody takes its beginning for the whole. */
async function sendStream(response: Response, stream: NonNullable<Reply['stream']>): Promise<void> {
  if (response.closed) return;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    await pipeline(Readable.from(stream(gone.signal), { objectMode: false, highWaterMark: STREAM_BYTES }), response);
  } catch (error) {
    if (!gone.signal.aborted || !isClientGone(error)) throw error;
  }
}

const STREAM_BYTES = 64 * 1024;

function isClientGone(error: unknown): boolean {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE' || name === 'AbortError';
}

function documentRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  app: ServiceApp,
  route: RouteDefinition<P, Q, B>,
): void {
  const problem = { description: 'Problem', content: { 'application/problem+json': { schema: problemSchema } } };
  const bodies = { ...(route.body ? { 'application/json': route.body } : {}), ...route.otherBodies };
  const operation: ZodOpenApiOperationObject = {
    summary: route.summary,
    ...(route.access === 'public'
      ? { security: [] }
      : route.access === 'account'
        ? { security: [{ session: [] }], description: 'Whoever is signed in' }
        : { security: [{ apiKey: [] }, { session: [] }], description: `Roles: ${route.access.join(', ')}` }),
    requestParams: {
      ...(route.params ? { path: route.params as unknown as z.ZodObject } : {}),
      ...(route.query ? { query: route.query as unknown as z.ZodObject } : {}),
      ...(route.idempotencyKey === undefined
        ? {}
        : { header: route.idempotencyKey === 'required' ? idempotencyHeader : idempotencyHeader.partial() }),
    },
    ...(Object.keys(bodies).length === 0
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(Object.entries(bodies).map(([type, schema]) => [type, { schema }])),
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            ...(answer.schema || answer.type
              ? { content: { [answer.type ?? 'application/json']: answer.schema ? { schema: answer.schema } : {} } }
              : {}),
          },
        ]),
      ),
      default: problem,
    },
  };
  const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}');
  app.paths[path] = { ...app.paths[path], [route.method]: operation };
  app.routes.push({
    method: route.method,
    path: route.path,
    access: route.access,
    ...(route.tenantParam === undefined ? {} : { tenantParam: route.tenantParam }),
  });
}

import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type Request, type Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { YizhengError } from '../shared/errors.js';
import { BODY_MS, bodyDeadline } from './body-deadline.js';
import { safeError } from './logger.js';
import { openApiDocument } from './openapi.js';
import { toProblem } from './problem.js';
import { requestIdOf } from './request-id.js';
import type { Principal } from './roles.js';

/** How a service is put together. */
export interface AppOptions {
  /** Name of the service, e.g. `issuer`. */
  name: string;
  version: string;
  logger: Logger;
  /** `info.title` and `info.description` of the OpenAPI document. */
  title?: string;
  description?: string;
  /** Reads who sends a request; needed by routes that are not public. */
  authenticate?: (authorization: string | undefined) => Promise<Principal>;
  /**
   * Reads which signed-in person a browser's request comes from, where it has a session cookie and no API key.
   * @param tenant whose route it is; undefined for routes of whoever is signed in
   */
  authenticateSession?: (request: Request, tenant: string | undefined) => Promise<Principal | undefined>;
  /**
   * Refuses requests about a tenant that cannot be served, e.g. one that moved away; asked once it is known that the caller may ask.
   * @param reading the request changes nothing
   */
  refuseTenant?: (request: Request, reading: boolean) => Promise<void>;
  /** Resolves when the service can do its work; `/health/ready` answers 503 with the code of what it throws. */
  ready?: () => Promise<void>;
  /** Requests one address may send in a minute; default 600. */
  requestsPerMinute?: number;
  /**
   * Proxies of one's own in front of the service; "one address" is then the one the outermost of them saw (`X-Forwarded-For`).
   * Default 0: the address of the connection, whatever a header says.
   */
  trustedProxyHops?: number;
  /** Content-Security-Policy directives beside the closed default of an API, for services that also serve pages. */
  contentSecurityPolicy?: Record<string, string[]>;
}

/** A service in the making: routes are added by `defineRoute`. */
export interface ServiceApp {
  readonly express: Express;
  readonly router: Router;
  /** Paths of the files of an app, which any number of people behind one address may load: asking for them is not counted. */
  readonly pageFiles: Set<string>;
  readonly options: AppOptions;
  /** OpenAPI paths of the routes defined so far. */
  readonly paths: ZodOpenApiPathsObject;
  /** Method and path of every route with who may use it, for tests that walk all of them. */
  readonly routes: {
    method: string;
    path: string;
    access: 'public' | 'account' | readonly string[];
    tenantParam?: string;
  }[];
  /** Set while the service shuts down; readiness turns red. */
  closing: boolean;
  /** Longest any route lets a request take to arrive, in milliseconds. */
  longestBodyMs: number;
}

/**
 * Makes the Express application every service stands on.
 *
 * What it adds: closed security headers (helmet), a request id, one log line a request without address parameters, query or body,
 * a rate limit, `/health/live`, `/health/ready`, `/openapi.json`, and Problem Details (RFC 9457) for every error.
 */
export function createApp(options: AppOptions): ServiceApp {
  const app: ServiceApp = {
    express: express(),
    router: express.Router({ caseSensitive: true }),
    pageFiles: new Set(),
    options,
    paths: {},
    routes: [],
    closing: false,
    longestBodyMs: BODY_MS,
  };
  const http = app.express;
  http.disable('x-powered-by');
  http.set('query parser', 'simple');
  http.set('etag', 'strong');
  http.set('trust proxy', options.trustedProxyHops ?? 0);
  http.use((request, response, next) => {
    request.id = randomUUID();
    response.setHeader('X-Request-Id', request.id);
    next();
  });
  http.use(requestLog(options.logger));
  http.use(bodyDeadline);
  http.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
          ...options.contentSecurityPolicy,
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  http.get('/health/live', (_request, response) => {
    response.json({ status: 'live' });
  });
  http.get('/health/ready', async (_request, response) => {
    if (app.closing) throw new YizhengError('SERVICE_CLOSING', 'The service is shutting down.', { status: 503 });
    await options.ready?.();
    response.json({ status: 'ready' });
  });
  http.use(
    rateLimit({
      windowMs: 60_000,
      limit: options.requestsPerMinute ?? 600,
      standardHeaders: 'draft-7',
      legacyHeaders: false,
      skip: ({ method, path }) => method === 'GET' && app.pageFiles.has(path),
      // It would write to the console about each header a stranger makes up.
      validate: { xForwardedForHeader: false },
      handler: (_request, _response, next) =>
        next(new YizhengError('RATE_LIMITED', 'Too many requests from this address; wait a minute.', { status: 429 })),
    }),
  );
  let document: { paths: number; json: object } | undefined;
  http.get('/openapi.json', (_request, response) => {
    if (document?.paths !== app.routes.length) document = { paths: app.routes.length, json: openApiDocument(app) };
    response.json(document.json);
  });
  http.use(app.router);
  http.use(() => {
    throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
  });
  http.use(errorHandler(options.logger));
  return app;
}

function requestLog(logger: Logger) {
  const facts = (request: Request) => ({
    requestId: request.id,
    method: request.method,
    route: (request.route as { path?: string } | undefined)?.path ?? 'none',
  });
  return pinoHttp<Request>({
    logger,
    quietReqLogger: true,
    quietResLogger: true,
    wrapSerializers: false,
    serializers: { req: () => undefined, res: () => undefined, err: safeError },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'info'),
    customSuccessObject: (request: Request, response, value: { responseTime: number }) => ({
      ...facts(request),
      status: response.statusCode,
      ms: value.responseTime,
    }),
    customErrorObject: (request: Request, response, _error, value: { responseTime: number }) => ({
      ...facts(request),
      status: response.statusCode,
      ms: value.responseTime,
    }),
  });
}

function errorHandler(logger: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    if (response.headersSent) {
      logger.error({ requestId: request.id, error: safeError(error) }, 'an answer broke off');
      response.destroy();
      return;
    }
    const problem = toProblem(error, requestIdOf(request));
    if (problem.status >= 500) logger.error({ requestId: request.id, code: problem.code, error: safeError(error) });
    else logger.info({ requestId: request.id, code: problem.code, at: problem.at });
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    if (problem.status === 503 || problem.status === 429) response.setHeader('Retry-After', '5');
    response
      .status(problem.status)
      .setHeader('Content-Type', 'application/problem+json')
      .setHeader('Cache-Control', 'no-store')
      .send(Buffer.from(JSON.stringify(problem)));
  };
}

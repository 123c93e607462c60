import {
  accountRoutes,
  openIdentityProvider,
  sessionPrincipal,
  type IdentityProviderSettings,
} from '../server/accounts/index.js';
import {
  addConsolePages,
  APP_SECURITY_POLICY,
  authenticateApiKey,
  createApp,
  refuseMoved,
  type ServiceApp,
} from '../server/index.js';
import { didWebOf, didWebUrl } from '../shared/did/did-web-url.js';
import { YizhengError } from '../shared/errors.js';
import type { ApplicationTables } from '../shared/trust/application/decide-application.js';
import { applicationRoutes } from './applications/index.js';
import { assessmentSessionRoutes } from './assessment-sessions/routes/index.js';
import type { BatchWorkerOptions } from './batch/worker.js';
import type { IssuerEffects } from './effects.js';
import { keyCustodyRoutes } from './key-custody/index.js';
import { metadataRoutes, offerRoutes, protocolRoutes } from './openid4vci/index.js';
import { accreditationRoutes } from './routes/accreditation-routes.js';
import { apiKeyRoutes } from './routes/api-key-routes.js';
import { batchOutputRoutes } from './routes/batch-output-routes.js';
import { batchRoutes } from './routes/batch-routes.js';
import { certificateRoutes } from './routes/certificate-routes.js';
import { institutionRoutes } from './routes/institution-routes.js';
import { institutionParams } from './routes/params.js';
import { printingRoutes } from './routes/printing-routes.js';
import { searchRoutes } from './routes/search-routes.js';
import { openBadgeRoutes } from './routes/open-badge-routes.js';
import { statusRoutes } from './routes/status-routes.js';
import { vcApiRoutes } from './routes/vc-api-routes.js';
import { vcApiTenantRoutes } from './routes/vc-api-tenant-routes.js';
import { IssuerService } from './service.js';
import { supervisionRoutes } from './supervision/routes/supervision-routes.js';
import { keepUp } from './upkeep.js';

/** The issuing service, ready to listen. */
export interface Issuer {
  app: ServiceApp;
  service: IssuerService;
  /**
   * Completes what was reserved before the last stop or crash, then begins the periodic work (lists, bundles, leftovers) and goes on
   * with running batches.
   * Call it before listening. What can neither be signed nor given up is logged; readiness answers `RESERVED_NOT_COMPLETED`, and
   * the institution issues nothing new, until it is completed.
   */
  start(): Promise<void>;
  /** Ends the periodic work and waits for what is being signed, batches included. The database stays open. */
  stop(): Promise<void>;
}

const UPKEEP_MS = 60_000;
const BUNDLE_EVERY = 60;

/**
 * Makes the issuing service of one host with its institutions.
 * @param effects everything with a side effect
 * @param options `requestsPerMinute` of one address, which is the one behind `trustedProxyHops` proxies; `batches`: how this process works
 *   on batches; `walletUrl`: web wallet that links to offers open; `refusedTokensPerMinute`: refused Token Requests of one address, 30
 *   unless given; `console`: also serve the console at `/`; `identityProvider`:
 *   whose word is taken for who people are; `applicationTables`: what applicants are spared
 * @throws YizhengError `BASE_URL_INVALID` when no did:web leads back to `baseUrl`; `OIDC_CONFIGURATION`
 */
export function createIssuer(
  effects: IssuerEffects,
  options: {
    requestsPerMinute?: number;
    refusedTokensPerMinute?: number;
    trustedProxyHops?: number;
    batches?: BatchWorkerOptions;
    walletUrl?: string | undefined;
    console?: boolean;
    identityProvider?: IdentityProviderSettings | undefined;
    applicationTables?: ApplicationTables;
  } = {},
): Issuer {
  if (didWebUrl(didWebOf(effects.baseUrl)) !== effects.baseUrl)
    throw new YizhengError(
      'BASE_URL_INVALID',
      'The base address must be https (http for localhost only), in lower case, without a slash at its end.',
      { status: 500 },
    );
  const provider = options.identityProvider && openIdentityProvider(options.identityProvider, effects);
  const service = new IssuerService(effects, options);
  const app = createApp({
    name: 'issuer',
    version: '1.0.0',
    title: 'Yizheng issuer',
    description: 'Issues skill certificates as W3C Verifiable Credentials.',
    logger: effects.logger,
    ...(options.console && { contentSecurityPolicy: APP_SECURITY_POLICY }),
    ready: async () => {
      await effects.database.check();
      service.issuing.refuseWhileWaiting();
    },
    authenticate: (authorization) => authenticateApiKey(effects.database.knex, authorization, effects.clock()),
    authenticateSession: (request, tenant) => sessionPrincipal(effects, request, tenant),
    refuseTenant: async (request, reading) => {
      const { institutionCode } = request.params;
      if (typeof institutionCode === 'string') await refuseMoved(effects.database.knex, institutionCode, { reading });
    },
    ...(options.requestsPerMinute === undefined ? {} : { requestsPerMinute: options.requestsPerMinute }),
    ...(options.trustedProxyHops === undefined ? {} : { trustedProxyHops: options.trustedProxyHops }),
  });
  institutionRoutes(app, service);
  accreditationRoutes(app, service);
  certificateRoutes(app, service);
  openBadgeRoutes(app, service);
  searchRoutes(app, service);
  metadataRoutes(app, service);
  statusRoutes(app, service);
  vcApiRoutes(app, service);
  vcApiTenantRoutes(app, service);
  apiKeyRoutes(app, service);
  accountRoutes(
    app,
    effects,
    {
      path: '/institutions/:institutionCode',
      param: 'institutionCode',
      params: institutionParams,
      assertExists: async (code) => {
        await service.institutions.get(code);
      },
    },
    provider,
  );
  batchRoutes(app, service);
  batchOutputRoutes(app, service);
  printingRoutes(app, service);
  assessmentSessionRoutes(app, service);
  keyCustodyRoutes(app, service);
  applicationRoutes(app, service);
  offerRoutes(app, service);
  supervisionRoutes(app, service);
  protocolRoutes(app, service, options);

  if (options.console) addConsolePages(app, 'issuer', provider);

  let timer: NodeJS.Timeout | undefined;
  let upkeep: Promise<void> = Promise.resolve();
  let round = 0;
  return {
    app,
    service,
    async start() {
      if (await service.issuing.hasReserved()) {
        // What is reserved may need news of the authority, and this service has been away.
        await service.accreditations.refresh(await service.institutions.staying({ working: true }));
        const { issued, voided } = await service.issuing.completeReserved();
        effects.logger.info({ issued, voided }, 'completed what was reserved before the last stop');
      }
      timer = setInterval(() => {
        upkeep = upkeep.then(() => keepUp(service, round++ % BUNDLE_EVERY === 0));
      }, UPKEEP_MS);
      timer.unref();
      service.worker.start();
    },
    async stop() {
      clearInterval(timer);
      await service.worker.stop();
      await upkeep;
      await service.issuing.settled();
      await service.files.close();
    },
  };
}

import type { ApplicationTables } from '../shared/trust/application/decide-application.js';
import {
  accountRoutes,
  openIdentityProvider,
  sessionPrincipal,
  type AccountEffects,
  type IdentityProviderSettings,
} from '../server/accounts/index.js';
import {
  addConsolePages,
  APP_SECURITY_POLICY,
  authenticateApiKey,
  createApp,
  type ServiceApp,
} from '../server/index.js';
import { didWebOf, didWebUrl } from '../shared/did/did-web-url.js';
import { YizhengError } from '../shared/errors.js';
import type { RegistryEffects } from './effects.js';
import { UPDATE_EVERY_MS } from './periods.js';
import { applicationRoutes } from './routes/application-routes.js';
import { authorityRoutes } from './routes/authority-routes.js';
import { feedRoutes } from './routes/feed-routes.js';
import { overviewRoutes } from './routes/overview-routes.js';
import { authorityParams } from './routes/params.js';
import { previewRoutes } from './routes/preview-routes.js';
import { proposalRoutes } from './routes/proposal-routes.js';
import { reviewRoutes } from './routes/review-routes.js';
import { statementRoutes } from './routes/statement-routes.js';
import { trqpRoutes } from './routes/trqp-routes.js';
import { RegistryService } from './service.js';

/** The registry service, ready to listen. */
export interface Registry {
  app: ServiceApp;
  service: RegistryService;
  /** What the accounts of the people who work here stand on. */
  accounts: AccountEffects;
  /** Begins the periodic update of everything published here. */
  start(): void;
  /** Ends the periodic update and waits for the running one. The database stays open. */
  stop(): Promise<void>;
}

/**
 * Makes the registry service of one host with its authorities.
 * @param effects everything with a side effect
 * @param options `requestsPerMinute` of one address, which is the one behind `trustedProxyHops` proxies; `applicationTables`: what
 *   applicants are spared, for `POST /decision`; `console`: also serve the console, in which the authority's people work, at `/`;
 *   `identityProvider`: whose word is taken for who they are
 * @throws YizhengError `BASE_URL_INVALID` when no did:web leads back to `baseUrl`; `OIDC_CONFIGURATION`
 */
export function createRegistry(
  effects: RegistryEffects,
  options: {
    requestsPerMinute?: number;
    trustedProxyHops?: number;
    applicationTables?: ApplicationTables;
    console?: boolean;
    identityProvider?: IdentityProviderSettings | undefined;
  } = {},
): Registry {
  if (didWebUrl(didWebOf(effects.baseUrl)) !== effects.baseUrl)
    throw new YizhengError(
      'BASE_URL_INVALID',
      'The base address must be https (http for localhost only), in lower case, without a slash at its end.',
      { status: 500 },
    );
  const provider = options.identityProvider && openIdentityProvider(options.identityProvider, effects);
  const service = new RegistryService(effects);
  const app = createApp({
    name: 'registry',
    version: '1.0.0',
    title: 'Yizheng registry',
    description: 'Says whom an authority accredits and recognises, as signed static files.',
    logger: effects.logger,
    ...(options.console && { contentSecurityPolicy: APP_SECURITY_POLICY }),
    ready: () => effects.database.check(),
    authenticate: (authorization) => authenticateApiKey(effects.database.knex, authorization, effects.clock()),
    authenticateSession: (request, tenant) => sessionPrincipal(effects, request, tenant),
    ...(options.requestsPerMinute === undefined ? {} : { requestsPerMinute: options.requestsPerMinute }),
    ...(options.trustedProxyHops === undefined ? {} : { trustedProxyHops: options.trustedProxyHops }),
  });
  authorityRoutes(app, service);
  statementRoutes(app, service);
  proposalRoutes(app, service);
  previewRoutes(app, service);
  overviewRoutes(app, service);
  applicationRoutes(app, service);
  reviewRoutes(app, service);
  accountRoutes(
    app,
    effects,
    {
      path: '/authorities/:slug',
      param: 'slug',
      params: authorityParams,
      assertExists: async (slug) => {
        await service.authorities.get(slug);
      },
    },
    provider,
  );
  feedRoutes(app, service);
  trqpRoutes(app, service, effects, options.applicationTables);

  if (options.console) addConsolePages(app, 'registry', provider);

  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  return {
    app,
    service,
    accounts: effects,
    start() {
      timer ??= setInterval(() => {
        running = running.then(() => service.refresh());
      }, UPDATE_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await running;
    },
  };
}

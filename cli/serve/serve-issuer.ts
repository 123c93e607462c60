import { createIssuer, issuerMigrations, IssuerService } from '../../issuer/index.js';
import { listen } from '../../server/index.js';
import type { CliContext } from '../context.js';
import { identityProviderOf } from './identity-provider.js';
import { openService } from './open-service.js';
import type { Settings } from './settings.js';
import { untilSignal } from './until-signal.js';

/** Runs the issuing service until it is asked to stop; then lets running requests end and what is being signed be stored. */
export async function serveIssuer(settings: Settings<'issuer'>, context: Pick<CliContext, 'now'>): Promise<void> {
  const identityProvider = await identityProviderOf(settings);
  const open = await openService('issuer', settings, issuerMigrations, context);
  try {
    const { baseUrl, verifierUrl, walletUrl, requestsPerMinute, trustedProxies: trustedProxyHops } = settings;
    const issuer = createIssuer(
      { ...open, baseUrl, verifierUrl },
      { requestsPerMinute, trustedProxyHops, walletUrl, console: true, identityProvider },
    );
    await issuer.start();
    try {
      const listener = await listen(issuer.app, settings);
      const stop = untilSignal();
      open.logger.info({ url: listener.url, baseUrl }, 'listening');
      open.logger.info({ signal: await stop }, 'stopping');
      await listener.close();
    } finally {
      await issuer.stop();
    }
  } finally {
    await open.database.close();
  }
}

/** Works on batches beside the issuing services on the same database, without listening, until asked to stop. */
export async function serveIssuerWorker(
  settings: Settings<'issuer-worker'>,
  context: Pick<CliContext, 'now'>,
): Promise<void> {
  const open = await openService('issuer-worker', settings, issuerMigrations, context);
  try {
    const { baseUrl, verifierUrl, threads } = settings;
    const service = new IssuerService(
      { ...open, baseUrl, verifierUrl },
      { batches: threads === undefined ? {} : { threads } },
    );
    const stop = untilSignal();
    service.worker.start();
    open.logger.info({ baseUrl }, 'working');
    open.logger.info({ signal: await stop }, 'stopping');
    await service.worker.stop();
  } finally {
    await open.database.close();
  }
}

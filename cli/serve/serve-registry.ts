import { createRegistry, registryMigrations } from '../../registry/index.js';
import { listen } from '../../server/index.js';
import type { CliContext } from '../context.js';
import { identityProviderOf } from './identity-provider.js';
import { openService } from './open-service.js';
import type { Settings } from './settings.js';
import { untilSignal } from './until-signal.js';

/** Runs the registry of one or several authorities until it is asked to stop; then lets running requests end. */
export async function serveRegistry(settings: Settings<'registry'>, context: Pick<CliContext, 'now'>): Promise<void> {
  const identityProvider = await identityProviderOf(settings);
  const open = await openService('registry', settings, registryMigrations, context);
  try {
    const { baseUrl, requestsPerMinute, trustedProxies: trustedProxyHops } = settings;
    const registry = createRegistry(
      { ...open, baseUrl },
      { requestsPerMinute, trustedProxyHops, console: true, identityProvider },
    );
    const listener = await listen(registry.app, settings);
    const stop = untilSignal();
    registry.start();
    open.logger.info({ url: listener.url, baseUrl }, 'listening');
    open.logger.info({ signal: await stop }, 'stopping');
    await listener.close();
    await registry.stop();
  } finally {
    await open.database.close();
  }
}

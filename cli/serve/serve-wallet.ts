import { createLogger, listen } from '../../server/index.js';
import { createWallet } from '../../wallet/index.js';
import type { Settings } from './settings.js';
import { untilSignal } from './until-signal.js';

/** Runs the host of the workers' wallet until it is asked to stop. */
export async function serveWallet(settings: Settings<'wallet'>): Promise<void> {
  const { verifierUrl, requestsPerMinute, trustedProxies: trustedProxyHops } = settings;
  const logger = createLogger({ name: 'wallet', level: settings.logLevel });
  const app = createWallet({ verifierUrl, logger, version: '1.0.0', requestsPerMinute, trustedProxyHops });
  const listener = await listen(app, settings);
  const stop = untilSignal();
  logger.info({ url: listener.url, verifierUrl }, 'listening');
  logger.info({ signal: await stop }, 'stopping');
  await listener.close();
}

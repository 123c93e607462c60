import { createWallet } from '../../wallet/index.js';
import { listenAt, type OpenAlliance } from './open-alliance.js';

/** Starts the host of the demo's wallet; it is closed with the alliance. */
export async function startWallet({ addresses, logger, closers }: OpenAlliance, port: number): Promise<void> {
  const app = createWallet({ verifierUrl: `${addresses.verifier}/`, logger, version: '1.0.0' });
  await listenAt(app, port, closers);
}

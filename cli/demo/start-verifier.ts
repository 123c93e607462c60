import { join } from 'node:path';
import { createVerifier, type Verifier } from '../../verifier/index.js';
import { openRequestClient } from '../../verifier/openid4vp/index.js';
import type { CliContext } from '../context.js';
import { listenAt, type OpenAlliance } from './open-alliance.js';
import type { SeededAuthority } from './seed-alliance.js';

/** Starts the verifier of the demo with all three authorities as anchors; it is closed with the alliance. */
export async function startVerifier(
  alliance: OpenAlliance,
  authorities: readonly SeededAuthority[],
  { directory, port }: { directory: string; port: number },
  { now }: Pick<CliContext, 'now'>,
): Promise<Verifier> {
  const { addresses, fetch, logger, closers, keystore } = alliance;
  const verifier = await createVerifier({
    anchors: authorities.map(({ did, root, bundleUrl }) => ({ did, root, bundle: bundleUrl })),
    directory: join(directory, 'verifier'),
    clock: now,
    logger,
    version: '1.0.0',
    fetch,
    ownHosts: [new URL(addresses.verifier).host],
    openid4vp: {
      baseUrl: addresses.verifier,
      walletUrl: addresses.wallet,
      name: '示例用人单位',
      custody: keystore,
      client: await openRequestClient(keystore, { baseUrl: addresses.verifier, now: now() }),
    },
  });
  closers.push(() => verifier.close());
  await listenAt(verifier.app, port, closers);
  return verifier;
}

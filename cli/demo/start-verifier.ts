import { join } from 'node:path';
import { createVerifier, type Verifier } from '../../verifier/index.js';
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
  const { addresses, fetch, logger, closers } = alliance;
  const verifier = await createVerifier({
    anchors: authorities.map(({ did, root, bundleUrl }) => ({ did, root, bundle: bundleUrl })),
    directory: join(directory, 'verifier'),
    clock: now,
    logger,
    version: '1.0.0',
    fetch,
    ownHosts: [new URL(addresses.verifier).host],
  });
  closers.push(() => verifier.close());
  await listenAt(verifier.app, port, closers);
  return verifier;
}

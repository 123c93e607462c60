import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, type Listener } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { createVerifier, type Verifier, type VerifierOptions } from '../../verifier/index.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { memoryLogger } from '../server/helpers.js';
import { NOW, sampleFeed, STRANGER } from './sample-bundle.js';

export interface RunningVerifier extends Verifier {
  url: string;
  directory: string;
  lines: string[];
  stop(): Promise<void>;
}

/** A verifier under two anchors: the authority that accredited the sample issuer, and a stranger. */
export async function startVerifier(options: Partial<VerifierOptions> = {}): Promise<RunningVerifier> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'yizheng-verifier-')));
  const { logger, lines } = memoryLogger();
  const home = await sampleFeed();
  const stranger = await sampleFeed(STRANGER, { keyByte: 32 });
  const verifier = await createVerifier({
    anchors: [
      { did: AUTHORITY, root: home.pin },
      { did: STRANGER, root: stranger.pin },
    ],
    directory,
    clock: () => new Date(NOW),
    logger,
    version: '0.0.0',
    ownHosts: ['verify.example'],
    requestsPerMinute: 100_000,
    limits: { jsonMs: 20_000, fileMs: 60_000 },
    authenticate: (authorization) =>
      authorization === 'Bearer officer' || authorization === 'Bearer clerk'
        ? Promise.resolve({
            keyId: 'k',
            tenant: '*',
            roles: [authorization === 'Bearer officer' ? 'officer' : 'clerk'],
          })
        : Promise.reject(new YizhengError('API_KEY_INVALID', 'The API key is unknown.', { status: 401 })),
    ...options,
  });
  const listener: Listener = await listen(verifier.app, { port: 0 });
  return {
    ...verifier,
    url: listener.url,
    directory,
    lines,
    stop: async () => {
      await listener.close();
      await verifier.close();
      if (options.directory === undefined) await rm(directory, { recursive: true });
    },
  };
}

/** The same, knowing both bundles. */
export async function startInformedVerifier(options: Partial<VerifierOptions> = {}): Promise<RunningVerifier> {
  const running = await startVerifier(options);
  await running.trust.importBundle(AUTHORITY, (await sampleFeed()).bundle);
  await running.trust.importBundle(STRANGER, (await sampleFeed(STRANGER, { keyByte: 32 })).bundle);
  return running;
}

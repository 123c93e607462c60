import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import pino from 'pino';
import { createIssuer, issuerMigrations, type Issuer } from '../../issuer/index.js';
import { Keystore } from '../../keys/keystore.js';
import { readPassphrase } from '../../keys/read-passphrase.js';
import { writeSecretFile } from '../../keys/secret-file.js';
import { createRegistry, registryMigrations, type Registry } from '../../registry/index.js';
import { loadDemoStatements } from '../../registry/demo-data/load-demo-statements.js';
import { createLogger, listen, openDatabase } from '../../server/index.js';
import { createSafeFetch, type SafeFetch } from '../../server/safe-fetch.js';
import { errorCode, YizhengError } from '../../shared/errors.js';
import type { CliContext } from '../context.js';

/** Issuer and registry of the demo, listening. */
export interface OpenAlliance {
  issuer: Issuer;
  registry: Registry;
  fetch: SafeFetch;
  logger: Logger;
  keystore: Keystore;
  addresses: { issuer: string; registry: string; verifier: string; wallet: string };
  /** What {@link OpenAlliance.close} ends, last first. */
  closers: (() => Promise<unknown>)[];
  close(): Promise<void>;
}

/**
 * Opens keystore and databases in a folder (made when missing) and starts issuer and registry on two ports in a row; the third is
 * for the verifier, the fourth for the wallet.
 * @throws YizhengError `DEMO_PORT_CHANGED`, `PORT_TAKEN` (503), and those of keystore and database
 */
export async function openAlliance(
  { directory, port }: { directory: string; port: number },
  { now }: Pick<CliContext, 'now'>,
): Promise<OpenAlliance> {
  await keepPort(directory, port);
  const keystore = await openKeystore(directory, now());
  const destination = pino.destination({ dest: join(directory, 'services.log'), append: true, sync: true });
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.reverse()) await end();
    destination.end();
  };
  const addresses = {
    issuer: `http://localhost:${port}`,
    registry: `http://localhost:${port + 1}`,
    verifier: `http://localhost:${port + 2}`,
    wallet: `http://localhost:${port + 3}`,
  };
  const fetch = createSafeFetch({ allowLoopback: true, maxBytes: 64 * 1024 * 1024 });
  const effects = { keystore, clock: now, randomBytes: (length: number) => new Uint8Array(randomBytes(length)), fetch };
  const database = async (name: string, migrations: Parameters<typeof openDatabase>[0]['migrations']) => {
    const opened = await openDatabase({ url: `sqlite:${join(directory, `${name}.sqlite`)}`, migrations });
    closers.push(() => opened.close());
    return opened;
  };
  try {
    const registry = createRegistry(
      {
        ...effects,
        database: await database('registry', registryMigrations),
        baseUrl: addresses.registry,
        logger: createLogger({ name: 'registry', destination }),
      },
      { applicationTables: await applicationTables(), console: true },
    );
    const issuer = createIssuer(
      {
        ...effects,
        database: await database('issuer', issuerMigrations),
        baseUrl: addresses.issuer,
        verifierUrl: `${addresses.verifier}/`,
        logger: createLogger({ name: 'issuer', destination }),
      },
      { walletUrl: `${addresses.wallet}/`, console: true, applicationTables: await applicationTables() },
    );
    await issuer.start();
    closers.push(() => issuer.stop());
    await listenAt(registry.app, port + 1, closers);
    await listenAt(issuer.app, port, closers);
    registry.start();
    closers.push(() => registry.stop());
    return {
      issuer,
      registry,
      fetch,
      logger: createLogger({ name: 'verifier', destination }),
      keystore,
      addresses,
      closers,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What applicants are spared under the four-ministry notice (M16), from the readable demo data; unconfirmed rows are off. */
async function applicationTables() {
  const { tables } = await loadDemoStatements(fileURLToPath(new URL('../../../registry/demo-data', import.meta.url)), {
    publicKeyOf: () => UNUSED_KEY,
  });
  return { rules: tables['application-rule'], issuingRegions: tables['issuing-regions'] };
}

/** Any well-formed Multikey: only tables are taken from the files here, no statement that names a key. */
const UNUSED_KEY = 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';

/** The DIDs of the demo name its ports, so its folder belongs to the ports it was made with. */
async function keepPort(directory: string, port: number): Promise<void> {
  const file = join(directory, 'port');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known === undefined) await writeFile(file, String(port));
  else if (known !== String(port))
    throw new YizhengError(
      'DEMO_PORT_CHANGED',
      `This folder was set up for port ${known}: use --port ${known}, or another --data.`,
      { at: '--port' },
    );
}

/** Listens, with a plain word when the port is in use; what it opened is closed by the last of `closers`. */
export async function listenAt(
  app: Parameters<typeof listen>[0],
  port: number,
  closers: (() => Promise<unknown>)[],
): Promise<void> {
  try {
    const listener = await listen(app, { port });
    closers.push(() => listener.close());
  } catch (cause) {
    if (errorCode(cause) !== 'PORT_TAKEN') throw cause;
    throw new YizhengError('PORT_TAKEN', `Port ${port} is in use; stop what uses it, or choose others with --port.`, {
      at: '--port',
      status: 503,
      cause,
    });
  }
}

/** The demo makes its own pass-phrase, in a file only its owner can read; a real house keeps it apart (docs/operating.md). */
async function openKeystore(directory: string, now: Date): Promise<Keystore> {
  const passphraseFile = join(directory, 'passphrase');
  const keystoreFile = join(directory, 'keystore.json');
  if (!(await exists(passphraseFile)))
    await writeSecretFile(passphraseFile, new TextEncoder().encode(randomBytes(24).toString('base64url')), 'create');
  const passphrase = await readPassphrase({ file: passphraseFile });
  return (await exists(keystoreFile))
    ? Keystore.open(keystoreFile, passphrase)
    : Keystore.create(keystoreFile, passphrase, { now });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

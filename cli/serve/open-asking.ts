import { readFile } from 'node:fs/promises';
import { Keystore } from '../../keys/keystore.js';
import { readPassphrase } from '../../keys/read-passphrase.js';
import { readPemSigner } from '../../keys/pem-signer.js';
import { authenticateApiKey, checkAuditClock, openDatabase, type Database } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import {
  openRequestClient,
  verifierMigrations,
  x509SanDnsClient,
  type ClientIdentifier,
  type OpenId4VpOptions,
} from '../../verifier/openid4vp/index.js';
import type { VerifierOptions } from '../../verifier/index.js';
import type { CliContext } from '../context.js';
import { databaseUrlOf, type Settings } from './settings.js';

/** What a verifier that asks for certificates is started with. */
export interface OpenAsking {
  options: Pick<VerifierOptions, 'openid4vp' | 'authenticate'>;
  close(): Promise<void>;
}

/**
 * Opens what asking needs: nothing for guests and unsigned requests; a keystore to sign them; a certificate with its key to sign them in
 * the name of a host; a database for API keys, the audit log and several processes.
 * @throws YizhengError `SETTING_MISSING`, `KEYSTORE_*`, `PASSPHRASE_*`, `DATABASE_*`, `KEY_FILE`, `REQUEST_CERTIFICATE`, `CLOCK_WENT_BACK`
 */
export async function openAsking(
  settings: Settings<'verifier'>,
  { now }: Pick<CliContext, 'now'>,
): Promise<OpenAsking> {
  const { asking, baseUrl, walletUrl, name } = settings;
  if (asking === 'off') return { options: {}, close: () => Promise.resolve() };
  const keystore = await openKeystore(settings, now());
  const client = await openClient(settings, keystore, now);
  if (settings.databaseUrlFile !== undefined && !keystore) throw missing('--keystore / YIZHENG_KEYSTORE');
  // Without a keystore a DATABASE_URL in the environment is another service's.
  const database = keystore && (await openVerifierDatabase(settings, now()));
  if (asking === 'keys' && !database) throw missing('DATABASE_URL / --database-url-file, --keystore');
  const openid4vp: OpenId4VpOptions = {
    baseUrl,
    guests: { allowed: asking === 'guests' },
    ...(client && { client }),
    ...(keystore && { custody: keystore }),
    ...(database && { database }),
    ...(walletUrl !== undefined && { walletUrl }),
    ...(name !== undefined && { name }),
  };
  return {
    options: {
      openid4vp,
      ...(database && {
        authenticate: (authorization: string | undefined) => authenticateApiKey(database.knex, authorization, now()),
      }),
    },
    close: async () => database?.close(),
  };
}

async function openKeystore(settings: Settings<'verifier'>, now: Date): Promise<Keystore | undefined> {
  const { keystore: file, passphraseFile, passphraseFd, init } = settings;
  if (file === undefined) return undefined;
  const passphrase = await readPassphrase({ file: passphraseFile, fd: passphraseFd });
  return init ? Keystore.create(file, passphrase, { now }) : Keystore.open(file, passphrase);
}

async function openClient(
  { baseUrl, requestCertificate, requestKey }: Settings<'verifier'>,
  keystore: Keystore | undefined,
  now: () => Date,
): Promise<ClientIdentifier | undefined> {
  if (requestCertificate === undefined) return keystore && openRequestClient(keystore, { baseUrl, now: now() });
  if (requestKey === undefined) throw missing('--request-key / YIZHENG_REQUEST_KEY');
  const chain = await readFile(requestCertificate, 'utf8').catch((cause: unknown) => {
    throw new YizhengError('REQUEST_CERTIFICATE', `The file ${requestCertificate} cannot be read.`, {
      at: requestCertificate,
      cause,
    });
  });
  const signer = await readPemSigner(requestKey, `x509:${new URL(baseUrl).hostname}`);
  return x509SanDnsClient({ baseUrl, chain, signer, clock: now });
}

async function openVerifierDatabase(settings: Settings<'verifier'>, now: Date): Promise<Database | undefined> {
  if (settings.databaseUrl === undefined && settings.databaseUrlFile === undefined) return undefined;
  const database = await openDatabase({ url: await databaseUrlOf(settings), migrations: verifierMigrations });
  try {
    await checkAuditClock(database.knex, now);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function missing(setting: string): YizhengError {
  return new YizhengError('SETTING_MISSING', `These settings are missing: ${setting}.`, { at: setting });
}

import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { Keystore } from '../../keys/keystore.js';
import { readPassphrase } from '../../keys/read-passphrase.js';
import { checkAuditClock, createLogger, openDatabase, type Database, type Migration } from '../../server/index.js';
import { createSafeFetch, type SafeFetch } from '../../server/safe-fetch.js';
import type { CliContext } from '../context.js';
import { openToken } from './open-token.js';
import { databaseUrlOf, type Settings } from './settings.js';

/** Largest document fetched from others: a bundle. */
const MAX_FETCH_BYTES = 64 * 1024 * 1024;

/** What issuer, worker and registry have in common, opened. */
export interface OpenService {
  database: Database;
  keystore: Keystore;
  fetch: SafeFetch;
  clock: () => Date;
  randomBytes: (length: number) => Uint8Array;
  logger: Logger;
}

/**
 * Opens keystore, token and database and checks what must be right before the first signature: the keystore's mode and pass-phrase, that
 * the token holds every key said to lie on it, the database's durability, and a clock not behind what was written down before.
 * @throws YizhengError `KEYSTORE_*`, `TOKEN_*`, `PASSPHRASE_*`, `DATABASE_*`, `STORAGE_*`, `CLOCK_WENT_BACK`
 */
export async function openService(
  name: string,
  settings: Settings<'registry' | 'issuer-worker' | 'status-export' | 'tenant'>,
  migrations: readonly Migration[],
  { now }: Pick<CliContext, 'now'>,
): Promise<OpenService> {
  const passphrase = await readPassphrase({ file: settings.passphraseFile, fd: settings.passphraseFd });
  const token = await openToken(settings);
  const keystore = settings.init
    ? await Keystore.create(settings.keystore, passphrase, { now: now(), token })
    : await Keystore.open(settings.keystore, passphrase, { token });
  const database = await openDatabase({ url: await databaseUrlOf(settings), migrations });
  try {
    await checkAuditClock(database.knex, now());
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    database,
    keystore,
    fetch: createSafeFetch({ allowLoopback: isLocal(settings.baseUrl), maxBytes: MAX_FETCH_BYTES }),
    clock: now,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    logger: createLogger({ name, level: settings.logLevel }),
  };
}

/** Whether an address is of this machine, as when trying things out; only then may others be asked there. */
export function isLocal(baseUrl: string): boolean {
  return ['localhost', '127.0.0.1'].includes(new URL(baseUrl).hostname);
}

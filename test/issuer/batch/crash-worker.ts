/**
 * The issuer's batch worker as a process of its own, for tests that kill it. Arguments: keystore folder, database URL, lease in
 * milliseconds. It opens the keystore, waits for a line on standard input, opens the database, starts, and prints a line for every
 * chunk it stored.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createIssuer, issuerMigrations } from '../../../issuer/index.js';
import { Keystore } from '../../../keys/keystore.js';
import { createLogger, openDatabase } from '../../../server/index.js';
import { BASE_URL, PASSPHRASE, VERIFIER_URL } from '../world.js';

const [folder = '', url = '', lease = ''] = process.argv.slice(2);
const keystore = await Keystore.open(join(folder, 'keys.json'), PASSPHRASE);
await once(process.stdin, 'data');
process.stdin.pause();
const issuer = createIssuer(
  {
    database: await openDatabase({ url, migrations: issuerMigrations }),
    keystore,
    baseUrl: BASE_URL,
    verifierUrl: VERIFIER_URL,
    fetch: () => Promise.reject(new Error('no network in tests')),
    clock: () => new Date(),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    logger: createLogger({ name: 'issuer', level: 'silent' }),
  },
  { batches: { threads: 1, leaseMs: Number(lease), pollMs: 50, retryMs: 50 } },
);
issuer.service.worker.onProgress((batch) => process.stdout.write(`${batch}\n`));
await issuer.start();
process.stdout.write('started\n');
// Nothing else keeps the process alive until it is killed.
setInterval(() => undefined, 60_000);

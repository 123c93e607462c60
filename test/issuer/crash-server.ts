/**
 * The issuer as a process of its own, for tests that kill it. Arguments: folder, port, signer log, database URL. It opens the keystore there, waits
 * for a line on standard input, opens the database, starts, listens, and prints `ready`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIssuer, issuerMigrations, type IssuerKeystore } from '../../issuer/index.js';
import { Keystore } from '../../keys/keystore.js';
import { createLogger, listen, openDatabase } from '../../server/index.js';
import { BASE_URL, PASSPHRASE, VERIFIER_URL } from './world.js';

const [folder = '', port = '', signerLog = '', databaseUrl = ''] = process.argv.slice(2);
const keystore = await Keystore.open(join(folder, 'keys.json'), PASSPHRASE);
await once(process.stdin, 'data');
process.stdin.pause();
const database = await openDatabase({ url: databaseUrl, migrations: issuerMigrations });

const logged: IssuerKeystore = {
  refresh: () => keystore.refresh(),
  list: (filter) => keystore.list(filter),
  activeKey: (controller, purpose) => keystore.activeKey(controller, purpose),
  createKey: (request) => keystore.createKey(request),
  createDidKey: (request) => keystore.createDidKey(request),
  hmac: (purpose, data) => keystore.hmac(purpose, data),
  hmacAll: (purpose, data) => keystore.hmacAll(purpose, data),
  hmacPacked: (purpose, texts) => keystore.hmacPacked(purpose, texts),
  sign: (keyId, bytes) => keystore.sign(keyId, bytes),
  signer: (keyId) => {
    const signer = keystore.signer(keyId);
    return {
      ...signer,
      sign: (input) => {
        appendFileSync(signerLog, `${createHash('sha256').update(input.data).digest('hex')}\n`);
        return signer.sign(input);
      },
    };
  },
};

const issuer = createIssuer(
  {
    database,
    keystore: logged,
    baseUrl: BASE_URL,
    verifierUrl: VERIFIER_URL,
    fetch: () => Promise.reject(new Error('no network in tests')),
    clock: () => new Date(),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    logger: createLogger({ name: 'issuer', level: 'silent' }),
  },
  { requestsPerMinute: 1_000_000 },
);
await issuer.start();
await listen(issuer.app, { port: Number(port) });
process.stdout.write('ready\n');

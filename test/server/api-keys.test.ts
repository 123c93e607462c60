import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { authenticateApiKey, createApiKey, revokeApiKey } from '../../server/index.js';
import { describeOnEachDatabase } from '../database/fresh-database.js';
import { effects, temporaryDatabase } from './helpers.js';

describeOnEachDatabase('API keys', (kind) => {
  let open: Awaited<ReturnType<typeof temporaryDatabase>>;
  const now = new Date('2026-11-21T09:00:00Z');
  const make = (expiresAt = '2027-11-21T00:00:00Z') =>
    createApiKey(
      open.database.knex,
      { tenant: 'S000051000001', roles: ['clerk', 'auditor'], label: 'desk 1', expiresAt },
      { ...effects, now },
    );
  const use = (secret: string, at = now) => authenticateApiKey(open.database.knex, `Bearer ${secret}`, at);

  beforeEach(async () => {
    open = await temporaryDatabase([], kind);
  });
  afterEach(() => open.remove());

  it('gives the tenant and roles of a key', async () => {
    const key = await make();
    assert.deepEqual(await use(key.secret), {
      keyId: key.id,
      tenant: 'S000051000001',
      roles: ['clerk', 'auditor'],
    });
    assert.equal(key.secret.length, 'yz_'.length + 16 + 1 + 43);
  });

  it('never stores the secret', async () => {
    const key = await make();
    let bytes: string;
    if (kind === 'sqlite') {
      await open.database.knex.raw('PRAGMA wal_checkpoint(TRUNCATE)');
      bytes = await readFile(open.file, 'latin1');
    } else bytes = JSON.stringify([await open.database.knex('api_keys'), await open.database.knex('audit_log')]);
    assert.ok(bytes.includes(key.id));
    assert.ok(!bytes.includes(key.secret.slice(20)));
  });

  it('answers the same to an unknown, wrong, expired and revoked key (API_KEY_INVALID)', async () => {
    const key = await make();
    const last = key.secret.at(-1) === 'A' ? 'B' : 'A';
    const refused = { code: 'API_KEY_INVALID', status: 401, message: 'The API key is unknown, expired or revoked.' };
    await assert.rejects(use(`yz_${'0'.repeat(16)}_${'A'.repeat(43)}`), refused);
    await assert.rejects(use(key.secret.slice(0, -2) + last + last), refused);
    await assert.rejects(use('nonsense'), refused);
    await assert.rejects(use(key.secret, new Date('2027-11-21T00:00:00Z')), refused);
    assert.equal(await revokeApiKey(open.database.knex, { id: key.id, tenant: 'S000050000001', now }), false);
    assert.ok(await use(key.secret));
    assert.equal(await revokeApiKey(open.database.knex, { id: key.id, tenant: 'S000051000001', now }), true);
    await assert.rejects(use(key.secret), refused);
    await assert.rejects(authenticateApiKey(open.database.knex, undefined, now), { code: 'API_KEY_MISSING' });
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adoptInto } from '../../keys/adopt-keys.js';
import { Keystore } from '../../keys/keystore.js';

const DID = 'did:web:issuer.example:institutions:S000051000001';
const OTHER = 'did:web:issuer.example:institutions:S000051000002';
const PASSPHRASE = 'correct horse battery staple';
const NOW = '2026-11-21T00:00:00Z';

describe('keys of one DID in another keystore', function () {
  this.timeout(60_000);
  let folder: string;
  let from: Keystore;
  let to: Keystore;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yizheng-adopt-'));
    from = await Keystore.create(join(folder, 'from.json'), PASSPHRASE, { now: '2026-01-01T00:00:00Z' });
    to = await Keystore.create(join(folder, 'to.json'), 'another passphrase', { now: NOW });
    for (const controller of [DID, OTHER])
      await from.createKey({ controller, purpose: 'assertion', now: '2026-01-01T00:00:00Z' });
    await from.rotate(DID, 'assertion', '2026-06-01T00:00:00Z');
    await from.prepareNext({ controller: DID, purpose: 'assertion', now: NOW });
  });
  after(() => rm(folder, { recursive: true }));

  it('bring their history, the next key and their signatures along, and nobody else’s', async () => {
    const before = from.list({ controller: DID });
    assert.deepEqual(await to.adoptKeys(DID, from), before);
    assert.deepEqual(await to.adoptKeys(DID, from), before, 'as often as one likes');
    assert.deepEqual(to.list({ controller: OTHER }), []);
    const bytes = new TextEncoder().encode('a certificate');
    const { id } = from.activeKey(DID, 'assertion');
    assert.deepEqual(await to.sign(id, bytes), await from.sign(id, bytes));
    const again = await Keystore.open(join(folder, 'to.json'), 'another passphrase');
    const { active } = await again.activateNext(DID, 'assertion', '2026-11-22T00:00:00Z');
    assert.equal((await again.sign(active.id, bytes)).length, 64);
    assert.ok(!(await readFile(join(folder, 'to.json'), 'utf8')).includes('PRIVATE'));
  });

  it('are refused where another key has their place, or none is there', async () => {
    const taken = await Keystore.create(join(folder, 'taken.json'), PASSPHRASE, { now: NOW });
    await taken.createKey({ controller: DID, purpose: 'assertion', now: NOW });
    await assert.rejects(taken.adoptKeys(DID, from), { code: 'KEY_ID_TAKEN' });
    await assert.rejects(to.adoptKeys('did:web:nobody.example', from), { code: 'KEY_NOT_FOUND' });
  });

  it('are refused while one of them cannot be copied, as on a token', () => {
    const key = {
      id: `${DID}#key-9`,
      controller: DID,
      purpose: 'assertion',
      publicKeyMultibase: 'z6Mk',
      validFrom: NOW,
    } as const;
    const reseal = (): never => assert.fail('there is nothing to seal');
    assert.throws(() => adoptInto([], [key], { controller: DID, reseal }), { code: 'KEY_NOT_MOVABLE' });
    const ended = { ...key, validUntil: NOW };
    assert.equal(
      adoptInto([], [ended], { controller: DID, reseal }),
      key.id,
      'of one that ended there is nothing to copy',
    );
  });

  it('sign nowhere but there once they are erased here, where their public side stays', async () => {
    const { id } = from.activeKey(DID, 'assertion');
    await from.erasePrivateKeys(DID);
    await assert.rejects(from.sign(id, new Uint8Array(1)), { code: 'KEY_NOT_ACTIVE' });
    assert.equal(from.list({ controller: DID }).length, 3);
    const again = await Keystore.open(join(folder, 'from.json'), PASSPHRASE);
    await assert.rejects(again.sign(id, new Uint8Array(1)), { code: 'KEY_NOT_ACTIVE' });
    assert.equal((await again.sign(again.activeKey(OTHER, 'assertion').id, new Uint8Array(1))).length, 64);
  });
});

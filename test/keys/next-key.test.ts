import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { didDocument } from '../../keys/did-document.js';
import { Keystore } from '../../keys/keystore.js';
import { errorCode } from '../../shared/errors.js';

const PASSPHRASE = '正确的口令 correct horse';
const DID = 'did:web:issuer.example';
const MORNING = '2026-11-21T08:00:00Z';
const NOON = '2026-11-21T12:00:00.250Z';
const BYTES = new TextEncoder().encode('what is signed');
const withCode = (code: string) => (error: unknown) => errorCode(error) === code;

describe('keystore: the key that comes next', () => {
  let directory: string;
  let path: string;
  let keystore: Keystore;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yizheng-next-key-'));
    path = join(directory, 'keystore.json');
    keystore = await Keystore.create(path, PASSPHRASE, { now: MORNING });
  });
  afterEach(() => rm(directory, { recursive: true }));
  const prepare = (now = MORNING) => keystore.prepareNext({ controller: DID, purpose: 'assertion', now });

  it('is published but signs nothing, while the active key goes on', async () => {
    const active = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    const next = await prepare(NOON);
    assert.equal(next.state, 'next');
    assert.equal(next.id, `${DID}#key-2`);
    assert.equal(keystore.activeKey(DID, 'assertion').id, active.id);
    await assert.rejects(keystore.sign(next.id, BYTES), withCode('KEY_NOT_ACTIVE'));
    assert.throws(() => keystore.signer(next.id), withCode('KEY_NOT_ACTIVE'));
    assert.deepEqual(didDocument(DID, keystore.list())['assertionMethod'], [active.id, next.id]);
  });

  it('takes over in one write, after opening the file again too', async () => {
    const old = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    const next = await prepare();
    const reopened = await Keystore.open(path, PASSPHRASE);
    const { retired, active } = await reopened.activateNext(DID, 'assertion', NOON);
    assert.deepEqual(retired, { ...old, validUntil: '2026-11-21T12:00:01Z', state: 'retired' });
    assert.deepEqual(active, { ...next, validFrom: '2026-11-21T12:00:00Z', state: 'active' });
    assert.equal(active.createdAt, MORNING);
    assert.equal((await reopened.sign(active.id, BYTES)).length, 64);
    await keystore.refresh();
    await assert.rejects(keystore.sign(old.id, BYTES), withCode('KEY_NOT_ACTIVE'));
    assert.deepEqual((await Keystore.open(path, PASSPHRASE)).list(), [retired, active]);
  });

  it('is one at a time, and nobody rotates past it', async () => {
    await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    await assert.rejects(keystore.activateNext(DID, 'assertion', NOON), withCode('KEY_NOT_FOUND'));
    const next = await prepare(NOON);
    await assert.rejects(prepare(NOON), withCode('KEY_NEXT_EXISTS'));
    await assert.rejects(keystore.rotate(DID, 'assertion', NOON), withCode('KEY_NEXT_EXISTS'));
    await assert.rejects(keystore.activateNext(DID, 'assertion', MORNING), withCode('KEY_INTERVAL'));
    const gone = await keystore.retire(next.id, NOON);
    assert.equal(gone.state, 'retired');
    assert.notEqual((await prepare(NOON)).id, next.id, 'its id is never used again');
  });

  it('takes the place of a compromised key, and can itself be known to be in other hands', async () => {
    const old = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    await keystore.compromise(old.id, MORNING, NOON);
    const first = await prepare(NOON);
    assert.equal((await keystore.compromise(first.id, NOON, NOON)).state, 'compromised');
    await assert.rejects(keystore.activateNext(DID, 'assertion', NOON), withCode('KEY_NOT_FOUND'));
    const second = await prepare(NOON);
    const { active, retired } = await keystore.activateNext(DID, 'assertion', NOON);
    assert.equal(active.id, second.id);
    assert.equal(retired, undefined);
  });

  it('is neither for root keys nor for a did:key', async () => {
    const request = { controller: DID, purpose: 'registry-root', now: MORNING } as const;
    await assert.rejects(keystore.prepareNext(request), withCode('KEY_AMBIGUOUS'));
    const { controller } = await keystore.createDidKey({ purpose: 'vc-api', algorithm: 'P-256', now: MORNING });
    const own = { controller, purpose: 'vc-api', algorithm: 'P-256', now: MORNING } as const;
    await assert.rejects(keystore.prepareNext(own), withCode('KEY_IS_IDENTITY'));
  });
});

import assert from 'node:assert/strict';
import { createDecipheriv, createHmac, createPublicKey, verify } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import canonicalize from 'canonicalize';
import type { KeyInfo } from '../../keys/custody.js';
import { Keystore } from '../../keys/keystore.js';
import { writeSecretFile } from '../../keys/secret-file.js';
import { deriveMasterKey, deriveSubkey, seal, unseal, type KdfParameters } from '../../keys/sealing.js';
import { YizhengError } from '../../shared/errors.js';

const PASSPHRASE = '正确的口令 correct horse';
const DID = 'did:web:issuer.example';
const MORNING = '2026-11-21T08:00:00Z';
const NOON = '2026-11-21T12:00:00.250Z';
const BYTES = new TextEncoder().encode('what is signed');

interface StoredFile {
  type: string;
  version: number;
  content: {
    kdf: KdfParameters;
    keys: Record<string, unknown>[];
    [member: string]: unknown;
  };
  mac: string;
}

function verifies(key: KeyInfo, signature: Uint8Array, bytes = BYTES): boolean {
  const publicKey = createPublicKey({ key: { ...key.publicKeyJwk }, format: 'jwk' });
  if (key.algorithm === 'Ed25519') return verify(null, bytes, publicKey, signature);
  const hash = key.algorithm === 'P-256' ? 'sha256' : 'sha384';
  return verify(hash, bytes, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

function withCode(code: string) {
  return (error: unknown) => error instanceof YizhengError && error.code === code;
}

describe('keystore', () => {
  let directory: string;
  let path: string;
  let keystore: Keystore;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yizheng-keys-'));
    path = join(directory, 'keystore.json');
    keystore = await Keystore.create(path, PASSPHRASE, { now: MORNING });
  });
  afterEach(() => rm(directory, { recursive: true }));

  const readStored = async (): Promise<StoredFile> => JSON.parse(await readFile(path, 'utf8')) as StoredFile;
  const tamper = async (change: (file: StoredFile) => void): Promise<void> => {
    const file = await readStored();
    change(file);
    await writeFile(path, JSON.stringify(file));
  };
  /** What somebody who knows the passphrase could write: the authentication code fits again. */
  const rewriteWithPassphrase = async (change: (file: StoredFile) => void): Promise<void> => {
    const file = await readStored();
    change(file);
    const master = await deriveMasterKey(PASSPHRASE, file.content.kdf);
    const mac = createHmac('sha256', deriveSubkey(master, 'authentication')).update(canonicalize(file.content)!);
    await writeFile(path, JSON.stringify({ ...file, mac: mac.digest('base64') }));
  };

  it('signs with a key made before, after opening it again', async () => {
    const made = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    assert.equal(made.id, `${DID}#key-1`);
    assert.equal(made.validFrom, MORNING);
    assert.equal(made.state, 'active');
    const again = await Keystore.open(path, PASSPHRASE);
    assert.deepEqual(again.list(), [made]);
    const signature = await again.sign(made.id, BYTES);
    assert.equal(signature.length, 64);
    assert.ok(verifies(made, signature));
    assert.ok(!verifies(made, signature, new TextEncoder().encode('something else')));
    assert.deepEqual(await keystore.signer(made.id).sign({ data: BYTES }), signature);
  });

  it('opens with the same passphrase typed in decomposed Unicode', async () => {
    const other = join(directory, 'nfd.json');
    await Keystore.create(other, 'passé composé', { now: MORNING });
    await Keystore.open(other, 'passe\u0301 compose\u0301');
  });

  it('never overwrites a keystore', async () => {
    await assert.rejects(Keystore.create(path, PASSPHRASE, { now: MORNING }), withCode('KEYSTORE_EXISTS'));
    await Keystore.open(path, PASSPHRASE);
  });

  it('is written for its owner only and leaves no temporary file or lock', async () => {
    await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(directory), ['keystore.json']);
  });

  it('refuses a file that group or others can read, also while running', async () => {
    const key = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    for (const mode of [0o640, 0o604, 0o620]) {
      await chmod(path, mode);
      await assert.rejects(Keystore.open(path, PASSPHRASE), withCode('KEYSTORE_MODE'));
    }
    await assert.rejects(keystore.rotate(DID, 'assertion', NOON), withCode('KEYSTORE_MODE'));
    await chmod(path, 0o600);
    assert.ok(verifies(key, await keystore.sign(key.id, BYTES)));
  });

  it('tells a wrong passphrase, a missing file, a foreign file and another version apart', async () => {
    await assert.rejects(Keystore.open(path, `${PASSPHRASE}!`), withCode('KEYSTORE_PASSPHRASE_WRONG'));
    await assert.rejects(Keystore.open(join(directory, 'none'), PASSPHRASE), withCode('KEYSTORE_NOT_FOUND'));
    await assert.rejects(Keystore.create(join(directory, 'n', 'k'), PASSPHRASE, { now: MORNING }), withCode('KEYSTORE_UNWRITABLE')); // prettier-ignore
    await assert.rejects(Keystore.create(join(directory, 'short'), '1234567', { now: MORNING }), withCode('PASSPHRASE_TOO_SHORT')); // prettier-ignore
    await tamper((file) => (file.version = 2));
    await assert.rejects(Keystore.open(path, PASSPHRASE), withCode('KEYSTORE_VERSION'));
    for (const text of ['', '{', '[]', '{"type":"Other"}', '{"type":"YizhengKeystore","version":1}']) {
      await writeFile(path, text);
      await assert.rejects(Keystore.open(path, PASSPHRASE), withCode('KEYSTORE_TAMPERED'));
    }
  });

  it('notices a change of any public fact, secret or parameter @slow', async () => {
    await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    await keystore.rotate(DID, 'assertion', NOON);
    const original = await readFile(path);
    const changes: [string, (file: StoredFile) => void][] = [
      ['end of an interval', (file) => delete file.content.keys[0]!['validUntil']],
      ['start of an interval', (file) => (file.content.keys[1]!['validFrom'] = '2020-01-01T00:00:00Z')],
      ['purpose', (file) => (file.content.keys[1]!['purpose'] = 'registry')],
      ['public key', (file) => (file.content.keys[1]!['publicKeyMultibase'] = file.content.keys[0]!['publicKeyMultibase'])], // prettier-ignore
      ['dropped key', (file) => file.content.keys.pop()],
      ['order of keys', (file) => file.content.keys.reverse()],
      ['creation time', (file) => (file.content['createdAt'] = '2020-01-01T00:00:00Z')],
      ['unknown member', (file) => (file.content['extra'] = 1)],
      ['cheap N', (file) => (file.content.kdf.N = 2 ** 14)],
      ['odd N', (file) => (file.content.kdf.N = 2 ** 17 + 1)],
      ['endless N', (file) => (file.content.kdf.N = 2 ** 24)],
      ['endless p', (file) => (file.content.kdf.p = 1000)],
      ['short salt', (file) => (file.content.kdf.salt = 'AAAA')],
      ['authentication code', (file) => (file.mac = Buffer.alloc(32).toString('base64'))],
      ['short authentication code', (file) => (file.mac = 'AAAA')],
    ];
    for (const [what, change] of changes) {
      await writeFile(path, original);
      await tamper(change);
      await assert.rejects(Keystore.open(path, PASSPHRASE), withCode('KEYSTORE_TAMPERED'), what);
    }
    await writeFile(path, original);
    await tamper((file) => (file.content.kdf.p = 2));
    await assert.rejects(Keystore.open(path, PASSPHRASE), withCode('KEYSTORE_PASSPHRASE_WRONG'));
    await writeFile(path, original);
    await Keystore.open(path, PASSPHRASE);
  });

  it('binds each sealed key to its id, controller and purpose, even for one who can forge the outer code @slow', async () => {
    await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    await keystore.createKey({ controller: DID, purpose: 'audit', now: MORNING });
    const original = await readFile(path);
    await rewriteWithPassphrase(() => undefined);
    await Keystore.open(path, PASSPHRASE);
    const swaps: ((keys: Record<string, unknown>[]) => void)[] = [
      ([first, second]) => ([first!['privateKey'], second!['privateKey']] = [second!['privateKey'], first!['privateKey']]), // prettier-ignore
      ([first]) => (first!['purpose'] = 'registry'),
      ([first]) => (first!['id'] = `${DID}#key-9`),
      ([first, second]) => (first!['publicKeyMultibase'] = second!['publicKeyMultibase']),
    ];
    for (const swap of swaps) {
      await writeFile(path, original);
      await rewriteWithPassphrase((file) => swap(file.content.keys));
      await assert.rejects(Keystore.open(path, PASSPHRASE), withCode('KEYSTORE_TAMPERED'));
    }
  });

  it('refuses shortened tags and any flipped bit of a sealed secret (SECURITY F11)', () => {
    const key = new Uint8Array(32).fill(7);
    const sealed = seal(key, 'context', BYTES);
    assert.deepEqual(new Uint8Array(unseal(key, 'context', sealed)), BYTES);
    if (process.versions.node.startsWith('20.')) {
      const bare = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'));
      bare.setAAD(Buffer.from('context'));
      bare.setAuthTag(Buffer.from(sealed.tag, 'base64').subarray(0, 4));
      bare.update(Buffer.from(sealed.ciphertext, 'base64'));
      assert.doesNotThrow(() => bare.final());
    }
    for (const bytes of [0, 4, 8, 12, 15]) {
      const tag = Buffer.from(sealed.tag, 'base64').subarray(0, bytes).toString('base64');
      assert.throws(() => unseal(key, 'context', { ...sealed, tag }), withCode('KEYSTORE_TAMPERED'));
    }
    for (const member of ['iv', 'tag', 'ciphertext'] as const) {
      const bytes = Buffer.from(sealed[member], 'base64');
      bytes[0]! ^= 1;
      const changed = { ...sealed, [member]: bytes.toString('base64') };
      assert.throws(() => unseal(key, 'context', changed), withCode('KEYSTORE_TAMPERED'));
    }
    assert.throws(() => unseal(key, 'other context', sealed), withCode('KEYSTORE_TAMPERED'));
  });

  it('rotates in one step, keeps every interval, and erases the old private key', async () => {
    const first = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    const signature = await keystore.sign(first.id, BYTES);
    const signer = keystore.signer(first.id);
    const { retired, active } = await keystore.rotate(DID, 'assertion', NOON);
    assert.deepEqual(retired, { ...first, validUntil: '2026-11-21T12:00:01Z', state: 'retired' });
    assert.equal(active.id, `${DID}#key-2`);
    assert.equal(active.validFrom, '2026-11-21T12:00:00Z');
    assert.notEqual(active.publicKeyMultibase, first.publicKeyMultibase);
    assert.equal(keystore.activeKey(DID, 'assertion').id, active.id);
    await assert.rejects(keystore.sign(first.id, BYTES), withCode('KEY_NOT_ACTIVE'));
    await assert.rejects(signer.sign({ data: BYTES }), withCode('KEY_NOT_ACTIVE'));
    assert.throws(() => keystore.signer(first.id), withCode('KEY_NOT_ACTIVE'));
    assert.ok(verifies(retired, signature));
    const file = await readStored();
    assert.deepEqual(
      file.content.keys.map((key) => 'privateKey' in key),
      [false, true],
    );
  });

  it('keeps proof.created of both keys inside their intervals in the second of the rotation', async () => {
    await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    const { retired, active } = await keystore.rotate(DID, 'assertion', NOON);
    const created = '2026-11-21T12:00:00Z';
    assert.ok(created < retired.validUntil! && created >= active.validFrom);
  });

  it('marks a compromised key, and remembers the earliest instant', async () => {
    const key = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    const lost = await keystore.compromise(key.id, '2026-11-21T10:00:00Z', NOON);
    assert.equal(lost.state, 'compromised');
    assert.equal(lost.compromisedSince, '2026-11-21T10:00:00Z');
    assert.equal(lost.validUntil, '2026-11-21T12:00:01Z');
    await assert.rejects(keystore.sign(key.id, BYTES), withCode('KEY_NOT_ACTIVE'));
    assert.throws(() => keystore.activeKey(DID, 'assertion'), withCode('KEY_NOT_FOUND'));
    await assert.rejects(keystore.retire(key.id, NOON), withCode('KEY_NOT_ACTIVE'));
    const later = await keystore.compromise(key.id, '2026-11-21T11:00:00Z', NOON);
    assert.equal(later.compromisedSince, '2026-11-21T10:00:00Z');
    const earlier = await keystore.compromise(key.id, '2026-11-21T09:00:00+00:00', '2026-11-22T00:00:00Z');
    assert.equal(earlier.compromisedSince, '2026-11-21T09:00:00Z');
    assert.equal(earlier.validUntil, '2026-11-21T12:00:01Z');
  });

  it('refuses what would blur the history', async () => {
    const key = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING, fragment: 'main' });
    assert.equal(key.id, `${DID}#main`);
    const make = (controller: string, purpose: 'assertion' | 'audit', fragment?: string, now = MORNING) =>
      keystore.createKey({ controller, purpose, now, ...(fragment === undefined ? {} : { fragment }) });
    await assert.rejects(make(DID, 'assertion'), withCode('KEY_EXISTS'));
    await assert.rejects(make(DID, 'audit', 'main'), withCode('KEY_ID_TAKEN'));
    await assert.rejects(make(DID, 'audit', 'a b'), withCode('KEY_FRAGMENT'));
    await assert.rejects(make('https://issuer.example', 'audit'), withCode('KEY_CONTROLLER'));
    for (const now of ['2026-11-21', '2026-11-21T08:00:00', 'yesterday'])
      await assert.rejects(make(DID, 'audit', undefined, now), withCode('KEY_INSTANT'));
    await assert.rejects(keystore.retire(key.id, '2026-11-20T00:00:00Z'), withCode('KEY_INTERVAL'));
    await assert.rejects(keystore.compromise(key.id, NOON, MORNING), withCode('KEY_INTERVAL'));
    await assert.rejects(keystore.sign(`${DID}#none`, BYTES), withCode('KEY_NOT_FOUND'));
    assert.deepEqual(keystore.list(), [key]);
    await keystore.retire(key.id, NOON);
    await assert.rejects(make(DID, 'assertion', 'main'), withCode('KEY_ID_TAKEN'));
  });

  it('holds several root keys of one authority, for a threshold, and one key of every other purpose', async () => {
    const made: KeyInfo[] = [];
    for (let n = 0; n < 3; n++)
      made.push(await keystore.createKey({ controller: DID, purpose: 'registry-root', now: MORNING }));
    assert.deepEqual(keystore.list({ purpose: 'registry-root', state: 'active' }), made);
    for (const key of made) assert.ok(verifies(key, await keystore.sign(key.id, BYTES)));
    assert.throws(() => keystore.activeKey(DID, 'registry-root'), withCode('KEY_AMBIGUOUS'));
    await assert.rejects(keystore.rotate(DID, 'registry-root', NOON), withCode('KEY_AMBIGUOUS'));
    await keystore.createKey({ controller: DID, purpose: 'freshness', now: MORNING });
    await assert.rejects(
      keystore.createKey({ controller: DID, purpose: 'freshness', now: MORNING }),
      withCode('KEY_EXISTS'),
    );
  });

  it('holds P-256 and P-384 keys for VC-API identities only, with raw signatures, through rotation and re-opening', async () => {
    for (const [algorithm, start, length] of [
      ['P-256', 'zDn', 64],
      ['P-384', 'z82', 96],
    ] as const) {
      const controller = `${DID}:${algorithm}`;
      const first = await keystore.createKey({ controller, purpose: 'vc-api', algorithm, now: MORNING });
      assert.equal(first.algorithm, algorithm);
      assert.ok(first.publicKeyMultibase.startsWith(start));
      const { active } = await keystore.rotate(controller, 'vc-api', NOON);
      assert.equal(active.algorithm, algorithm, 'the successor is of the same kind');
      const reopened = await Keystore.open(path, PASSPHRASE);
      const signature = await reopened.signer(active.id).sign({ data: BYTES });
      assert.equal(reopened.signer(active.id).algorithm, algorithm);
      assert.equal(signature.length, length);
      assert.ok(verifies(active, signature));
      await assert.rejects(
        keystore.createKey({ controller: `${DID}:other`, purpose: 'assertion', algorithm, now: MORNING }),
        withCode('KEY_ALGORITHM'),
      );
    }
  });

  it('makes a did:key whose only key is itself and which cannot be given another', async () => {
    for (const algorithm of ['Ed25519', 'P-256', 'P-384'] as const) {
      const key = await keystore.createDidKey({ purpose: 'vc-api', algorithm, now: MORNING });
      assert.equal(key.controller, `did:key:${key.publicKeyMultibase}`);
      assert.equal(key.id, `${key.controller}#${key.publicKeyMultibase}`);
      assert.ok(verifies(key, await keystore.sign(key.id, BYTES)));
      await assert.rejects(keystore.rotate(key.controller, 'vc-api', NOON), withCode('KEY_IS_IDENTITY'));
    }
    await assert.rejects(
      keystore.createDidKey({ purpose: 'assertion', algorithm: 'P-256', now: MORNING }),
      withCode('KEY_ALGORITHM'),
    );
  });

  it('loses nothing when two processes write at once, and sees what the other did', async () => {
    const other = await Keystore.open(path, PASSPHRASE);
    const dids = Array.from({ length: 12 }, (_, n) => `${DID}:${n}`);
    await Promise.all(
      dids.map((controller, n) =>
        (n % 2 === 0 ? keystore : other).createKey({ controller, purpose: 'assertion', now: MORNING }),
      ),
    );
    await Promise.all([keystore.refresh(), other.refresh()]);
    for (const store of [keystore, other, await Keystore.open(path, PASSPHRASE)]) {
      assert.deepEqual(store.list().map((key) => key.controller).sort(), [...dids].sort()); // prettier-ignore
      for (const key of store.list()) assert.ok(verifies(key, await store.sign(key.id, BYTES)));
    }
  });

  it('after a refresh, names the keys another process made, retired or reported compromised', async () => {
    const first = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    const service = await Keystore.open(path, PASSPHRASE);
    const { active } = await keystore.rotate(DID, 'assertion', NOON);
    assert.equal(service.activeKey(DID, 'assertion').id, first.id, 'it answers from memory until then');
    await service.refresh();
    assert.equal(service.activeKey(DID, 'assertion').id, active.id);
    await keystore.compromise(active.id, NOON, NOON);
    await service.refresh();
    assert.deepEqual(
      service.list().map(({ state }) => state),
      ['retired', 'compromised'],
    );
    assert.throws(() => service.activeKey(DID, 'assertion'), withCode('KEY_NOT_FOUND'));
  });

  it('stops signing within a second after another process reports a key compromised', async () => {
    const key = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    const other = await Keystore.open(path, PASSPHRASE);
    await other.compromise(key.id, MORNING, NOON);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await assert.rejects(keystore.sign(key.id, BYTES), withCode('KEY_NOT_ACTIVE'));
  });

  it('breaks the lock of a dead process and of a forgotten one, and waits for a living one', async () => {
    const lock = `${path}.lock`;
    await writeFile(lock, `4194304 abc ${hostname()}`);
    await keystore.createKey({ controller: `${DID}:dead`, purpose: 'assertion', now: MORNING });
    await writeFile(lock, '1 abc another-machine');
    await utimes(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    await keystore.createKey({ controller: `${DID}:forgotten`, purpose: 'assertion', now: MORNING });
    await writeFile(lock, '1 abc another-machine');
    let done = false;
    const waiting = keystore.createKey({ controller: `${DID}:living`, purpose: 'assertion', now: MORNING });
    void waiting.then(() => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(done, false);
    await rm(lock);
    await waiting;
    assert.equal(keystore.list().length, 3);
  });

  it('keeps the old file, and no trace of the new one, when a write is abandoned', async () => {
    const before = await readFile(path);
    const abandoned = writeSecretFile(path, BYTES, 'replace', () => Promise.reject(new Error('power gone')));
    await assert.rejects(abandoned, /power gone/);
    assert.deepEqual(await readFile(path), before);
    assert.deepEqual(await readdir(directory), ['keystore.json']);
  });

  it('digests duplicates with a secret: same for the same purpose after reopening, different for another', async () => {
    const number = new TextEncoder().encode('110101199003070000');
    const digest = await keystore.hmac('id-number', number);
    assert.equal(digest.length, 32);
    assert.deepEqual(await (await Keystore.open(path, PASSPHRASE)).hmac('id-number', number), digest);
    assert.notDeepEqual(await keystore.hmac('other', number), digest);
    assert.deepEqual(await keystore.hmacAll('id-number', [number, new Uint8Array(), number]), [
      digest,
      await keystore.hmac('id-number', new Uint8Array()),
      digest,
    ]);
    const packed = await keystore.hmacPacked('id-number', {
      bytes: Buffer.concat([number, number]),
      ends: [number.length, number.length, 2 * number.length],
    });
    assert.deepEqual(packed, Buffer.concat(await keystore.hmacAll('id-number', [number, new Uint8Array(), number])));
    const foreign = await Keystore.create(join(directory, 'foreign.json'), PASSPHRASE, { now: MORNING });
    assert.notDeepEqual(await foreign.hmac('id-number', number), digest);
  });

  it('shows no secret when printed, serialised, or in any error', async () => {
    const key = await keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING });
    const printed = [keystore, keystore.signer(key.id), keystore.list()].flatMap((value) => [
      inspect(value, { depth: 20, showHidden: true }),
      JSON.stringify(value),
    ]);
    const failures = [
      () => Keystore.open(path, 'wrong passphrase'),
      () => keystore.sign('did:web:x#key-1', BYTES),
      () => keystore.createKey({ controller: DID, purpose: 'assertion', now: MORNING }),
      () => keystore.sign(key.id, 'not bytes' as unknown as Uint8Array).then(() => Promise.reject(new Error())),
      async () => {
        await tamper((file) => (file.content['createdAt'] = '2020-01-01T00:00:00Z'));
        await keystore.rotate(DID, 'assertion', NOON);
      },
      () => Keystore.open(path, PASSPHRASE),
    ];
    for (const fail of failures)
      await fail().then(
        () => assert.fail('should have failed'),
        (error: unknown) => printed.push(inspect(error, { depth: 20, showHidden: true })),
      );
    const { content } = await readStored();
    const { privateKey } = content.keys[0] as { privateKey: { iv: string; tag: string; ciphertext: string } };
    const master = await deriveMasterKey(PASSPHRASE, content.kdf);
    const context = ['YizhengKeystore', 1, 'scrypt', 131072, 8, 1, content.kdf.salt, 'private key', key.id, DID, 'assertion']; // prettier-ignore
    const seed = unseal(deriveSubkey(master, 'sealing'), JSON.stringify(context), privateKey).subarray(-32);
    const secrets = [PASSPHRASE, 'wrong passphrase', privateKey.ciphertext];
    for (const encoding of ['hex', 'base64', 'base64url'] as const) secrets.push(seed.toString(encoding));
    secrets.push([...seed.subarray(0, 6)].join(', '), master.toString('hex'), master.toString('hex').match(/../g)!.slice(0, 6).join(' ')); // prettier-ignore
    for (const text of [...printed, await readFile(path, 'utf8')].slice(0, -1))
      for (const secret of secrets) assert.ok(!text.includes(secret), `${secret.length} characters of a secret in: ${text.slice(0, 80)}`); // prettier-ignore
    assert.ok(!(await readFile(path, 'utf8')).includes(seed.toString('base64')));
  });

  it('holds its KDF at N = 2^17, r = 8, p = 1 with a salt of its own', async () => {
    const { content } = await readStored();
    assert.deepEqual({ ...content.kdf, salt: '' }, { name: 'scrypt', N: 131072, r: 8, p: 1, salt: '' });
    const foreign = join(directory, 'foreign.json');
    await Keystore.create(foreign, PASSPHRASE, { now: MORNING });
    const other = JSON.parse(await readFile(foreign, 'utf8')) as StoredFile;
    assert.notEqual(other.content.kdf.salt, content.kdf.salt);
  });
});

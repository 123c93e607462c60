import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign as opensslSign } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keystore } from '../../keys/keystore.js';
import { createSigningPool, type SigningPool } from '../../keys/signing-pool.js';
import { nodeProofPrimitives } from '../../keys/signing-primitives.js';
import { loadNativeEd25519, openssl } from '../../keys/signing/native-ed25519.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { buildCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { compiledEddsaRdfc2022 } from '../../shared/proof/compiled-eddsa-rdfc-2022.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { libraryVerifies } from '../proof/plain-library.js';

const created = '2026-11-20T08:30:00Z';
const now = '2026-11-20T08:00:00Z';
const passphrase = 'correct horse battery';

describe('the signing pool', () => {
  let folder: string;
  let path: string;
  let keystore: Keystore;
  let pool: SigningPool;
  let keyId: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yizheng-signing-'));
    path = join(folder, 'keys.json');
    keystore = await Keystore.create(path, passphrase, { now });
    keyId = (await keystore.createKey({ controller: ISSUER, purpose: 'assertion', now })).id;
    pool = createSigningPool({ keystore, keyId, threads: 2 });
  });
  after(async () => {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  });

  const records = (count: number): CertificateRecord[] =>
    Array.from({ length: count }, (_, i) =>
      sampleRecord(KIND_IDS[i % KIND_IDS.length], { status: { list: 1, index: i }, revision: (i % 255) + 1 }),
    );

  it('signs certificates of every kind, in order, to the bytes of the general path', async () => {
    const batch = records(600);
    const texts = await pool.sign(batch, created);
    assert.equal(texts.length, batch.length);
    const signer = keystore.signer(keyId);
    for (const [i, record] of batch.entries()) {
      assert.ok(texts[i]?.startsWith(JSON.stringify(buildCredential(record)).slice(0, -1)), `place ${String(i)}`);
      if (i % 20 !== i % 200) continue;
      const expected = await eddsaRdfc2022.sign(buildCredential(record), { signer, created });
      assert.equal(texts[i], JSON.stringify(expected));
    }
  });

  it('makes certificates that @digitalbazaar/vc and our compiled suite with native primitives verify', async () => {
    const [key] = keystore.list();
    assert.ok(key);
    const suite = compiledEddsaRdfc2022(await nodeProofPrimitives());
    for (const text of await pool.sign(records(10), created)) {
      const signed = JSON.parse(text) as { proof: object };
      assert.equal(await libraryVerifies(signed, [key]), true);
      assert.equal(await suite.verifySignature(signed, key), true);
      assert.equal(await suite.verifySignature({ ...signed, proof: { ...signed.proof, created: now } }, key), false);
    }
  });

  it('keeps batches apart that are signed at the same time', async () => {
    const batches = await Promise.all([
      pool.sign(records(300), created),
      pool.sign(records(5), created),
      pool.sign([], created),
    ]);
    assert.deepEqual(
      batches.map((texts) => texts.length),
      [300, 5, 0],
    );
    assert.equal(batches[0][4], batches[1][4]);
  });

  it('refuses a wrong time, a key it does not have, and names the record that cannot be signed', async () => {
    await assert.rejects(pool.sign(records(1), '2026-11-20T16:30:00+08:00'), { code: 'PROOF_CREATED_FORMAT' });
    assert.throws(() => createSigningPool({ keystore, keyId: `${ISSUER}#key-9` }), { code: 'KEY_NOT_FOUND' });
    const batch = records(200);
    batch[150]!.holder.name = '张\ud800';
    await assert.rejects(pool.sign(batch, created), { code: 'JSON_LONE_SURROGATE', at: 'record 151' });
    const strange = { ...sampleRecord(), revision: (() => 1) as unknown as number };
    const onlyStrange = Array.from({ length: 2000 }, () => strange);
    await assert.rejects(pool.sign(onlyStrange, created), { code: 'RECORD_INVALID' });
    assert.equal((await pool.sign(records(1), created)).length, 1);
  });

  it('lets everything else of the process go before it', async function () {
    if (process.platform !== 'linux' || getPriority(0) > 0) this.skip();
    const before = threadsThatGiveWay();
    const own = createSigningPool({ keystore, keyId, threads: 2 });
    await own.sign(records(300), created);
    assert.equal(threadsThatGiveWay() - before, 2);
    await own.close();
    assert.equal(getPriority(0), 0, 'the thread that stores does not give way');
  });

  it('ends after the work it was given, and takes no more', async () => {
    const short = createSigningPool({ keystore, keyId, threads: 1 });
    const last = short.sign(records(300), created);
    await keystore.refresh();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([last, short.close()]);
    assert.equal((await last).length, 300);
    await assert.rejects(short.sign(records(1), created), { code: 'SIGNING_POOL_CLOSED' });
  });

  it('stops signing when another process retires the key', async () => {
    const other = await Keystore.open(path, passphrase);
    await other.retire(keyId, created);
    await assert.rejects(pool.sign(records(1), created), { code: 'KEY_NOT_ACTIVE' });
  });
});

describe('native Ed25519', () => {
  const message = Buffer.from('一证');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url');

  it('signs the same bytes by libsodium as by OpenSSL, and both verify them', async () => {
    const native = await loadNativeEd25519();
    const signature = native.signerOf(privateKey)(message);
    assert.deepEqual(Buffer.from(signature), opensslSign(null, message, privateKey));
    assert.equal(publicKey.asymmetricKeyType, 'ed25519');
    for (const { verify } of [native, openssl]) {
      assert.equal(verify(signature, message, raw), true);
      assert.equal(verify(signature, Buffer.from('二证'), raw), false);
      assert.equal(verify(signature.subarray(1), message, raw), false);
    }
  });

  it('accepts and refuses what the Wycheproof vectors say (corpus 01)', async function () {
    const vectors = '../shared/corpus/01-wycheproof-ed25519.json';
    if (!existsSync(vectors)) this.skip();
    const { cases } = JSON.parse(readFileSync(vectors, 'utf8')) as {
      cases: { name: string; input: { publicKeyHex: string; msgHex: string; sigHex: string }; expected: string }[];
    };
    const native = await loadNativeEd25519();
    const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
    for (const { name, input, expected } of cases)
      for (const { library, verify } of [native, openssl])
        assert.equal(
          verify(bytes(input.sigHex), bytes(input.msgHex), bytes(input.publicKeyHex)),
          expected === 'accept',
          `${library}: ${name}`,
        );
  });

  it('gives private keys to files of keys/ only', () => {
    const reaching = /privateKeyIn|signing\/thread|signing\/native-ed25519/;
    for (const folder of ['shared', 'server', 'issuer', 'registry', 'verifier', 'cli'])
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (name.endsWith('.ts')) assert.doesNotMatch(readFileSync(join(folder, name), 'utf8'), reaching, name);
    assert.match(readFileSync('keys/signing-pool.ts', 'utf8'), reaching);
  });
});

/** Threads of this process with a niceness above that of the one that asks (proc(5), stat, the 19th value). */
function threadsThatGiveWay(): number {
  const niceness = readdirSync('/proc/self/task').map((id) => {
    const text = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16]);
  });
  return niceness.filter((nice) => nice > getPriority(0)).length;
}

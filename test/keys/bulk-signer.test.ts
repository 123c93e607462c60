import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createBulkSigner,
  type BulkSigner,
  type CertificateJob,
  type MadeCertificates,
} from '../../keys/bulk-signer.js';
import { digestAt, jsonAt, textAt } from '../../keys/made-certificates.js';
import { giveBack } from '../../keys/signing/packer-room.js';
import type { Custody } from '../../keys/custody.js';
import { Keystore } from '../../keys/keystore.js';
import { decodeQrText, encodeQr } from '../../shared/carrier/qr-text.js';
import { buildCredential } from '../../shared/certificate/credential.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { verifyWithSecondImplementation } from '../../shared/proof/second-implementation.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { plansOf } from './plans.js';

const created = '2026-11-20T08:30:00Z';
const verifierUrl = 'https://verify.example/';

function planOf(records: readonly CertificateRecord[]): CertificateJob {
  const under: CertificateRecord[] = [];
  const certificates = records.map((record) => {
    const { certificateNumber, revision, issuer, authority, accreditation, issuedOn, status, ...draft } = record;
    under.push({ issuer, authority, accreditation } as CertificateRecord);
    return {
      draft: JSON.stringify(draft),
      number: certificateNumber,
      revision,
      issuedOn,
      under: under.length - 1,
      list: status.list,
      index: status.index,
    };
  });
  return { created, verifierUrl, under, certificates: plansOf(certificates) };
}

/** The same custody for someone who sees only {@link Custody}; `sign` may be broken. */
function behindCustody(keystore: Keystore, spoil: (signature: Uint8Array) => void = () => undefined): Custody {
  return {
    refresh: () => keystore.refresh(),
    list: (filter) => keystore.list(filter),
    activeKey: (controller, purpose) => keystore.activeKey(controller, purpose),
    sign: (keyId, bytes) => keystore.sign(keyId, bytes),
    hmac: (purpose, data) => keystore.hmac(purpose, data),
    hmacAll: (purpose, data) => keystore.hmacAll(purpose, data),
    hmacPacked: (purpose, texts) => keystore.hmacPacked(purpose, texts),
    signer: (keyId) => {
      const real = keystore.signer(keyId);
      return {
        ...real,
        sign: async (input) => {
          const signature = await real.sign(input);
          spoil(signature);
          return signature;
        },
      };
    },
  };
}

describe('the bulk signer', () => {
  let folder: string;
  let keystore: Keystore;
  let keyId: string;
  let threads: BulkSigner;
  const records = (count: number): CertificateRecord[] =>
    Array.from({ length: count }, (_, i) =>
      sampleRecord(KIND_IDS[i % KIND_IDS.length], { status: { list: 1, index: i }, revision: (i % 255) + 1 }),
    );

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yizheng-bulk-'));
    keystore = await Keystore.create(join(folder, 'keys.json'), 'correct horse battery', {
      now: '2026-11-20T08:00:00Z',
    });
    keyId = (await keystore.createKey({ controller: ISSUER, purpose: 'assertion', now: '2026-11-20T08:00:00Z' })).id;
    threads = createBulkSigner({ custody: keystore, keyId, threads: 2 });
  });
  after(async () => {
    await threads.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('makes the same certificates in memory that held others before', async () => {
    const job = planOf(records(300));
    const first = await threads.make(job);
    const texts = Array.from({ length: 300 }, (_, i) => [textsOf(first, i), digestAt(first.sha256, i)]);
    giveBack(await threads.make(planOf(records(400).reverse())));
    const used = first.json.map(({ texts: { bytes } }) => bytes.buffer);
    giveBack(first);
    const again = await threads.make(job);
    assert.deepEqual(
      Array.from({ length: 300 }, (_, i) => [textsOf(again, i), digestAt(again.sha256, i)]),
      texts,
    );
    assert.ok(
      used.some(({ byteLength }) => byteLength === 0),
      'memory was used again',
    );
  });

  it('makes certificates of every kind with their QR text, the same bytes in threads and one by one', async () => {
    const job = planOf(records(150));
    const made = await threads.make(job);
    const oneByOne = await createBulkSigner({ custody: behindCustody(keystore), keyId }).make(job);
    assert.deepEqual(
      oneByOne.kind.map((kind, i) => [kind, textsOf(oneByOne, i)]),
      made.kind.map((kind, i) => [kind, textsOf(made, i)]),
    );
    const signer = keystore.signer(keyId);
    const [key] = keystore.list();
    for (const [i, record] of records(150).entries()) {
      const one = textsOf(made, i);
      const expected = await eddsaRdfc2022.sign(buildCredential(record), { signer, created });
      if (i % 10 === 0) assert.equal(one.json, JSON.stringify(expected));
      assert.equal(one.qr, encodeQr(JSON.parse(one.json) as object, { url: verifierUrl }).text);
      assert.equal(decodeQrText(one.qr).json, one.json);
      assert.equal(made.kind[i], record.kind);
    }
    assert.equal(await verifyWithSecondImplementation(JSON.parse(textsOf(made, 7).json) as object, key!), true);
  });

  it('keeps jobs apart that a thread which knows no shape yet is given at once', async () => {
    const signer = createBulkSigner({ custody: keystore, keyId, threads: 1 });
    const jobs = [records(40), records(80).slice(40), records(90).toReversed()].map(planOf);
    const listed = (made: MadeCertificates): unknown[] => made.kind.map((kind, i) => [kind, textsOf(made, i)]);
    const atOnce = await Promise.all(jobs.map((job) => signer.make(job)));
    await signer.close();
    for (const [i, job] of jobs.entries()) assert.deepEqual(listed(atOnce[i]!), listed(await threads.make(job)));
  });

  it('gives a certificate its dictionary form where the compact one would lose something', async () => {
    const job = planOf([sampleRecord('skill-level', { issuedOn: '2026-11-20' })]);
    const far = { ...job, created: '2031-11-20T08:30:00Z' };
    const { json, qr } = textsOf(await threads.make(far), 0);
    assert.equal(decodeQrText(qr).form, encodeQr(JSON.parse(json) as object, { url: verifierUrl }).form);
    assert.equal(decodeQrText(qr).json, json);
  });

  it('lets no wrong signature out of a token', async () => {
    const wrong = behindCustody(keystore, (signature) => (signature[10] = (signature[10] ?? 0) ^ 1));
    await assert.rejects(createBulkSigner({ custody: wrong, keyId }).make(planOf(records(3))), {
      code: 'SIGNATURE_REJECTED',
    });
  });

  it('names a signer that fails, and a key that may no longer sign', async () => {
    const broken = behindCustody(keystore, () => {
      throw new Error('token removed');
    });
    await assert.rejects(createBulkSigner({ custody: broken, keyId }).make(planOf(records(1))), {
      code: 'SIGNER_FAILED',
    });
    await keystore.retire(keyId, created);
    await assert.rejects(threads.make(planOf(records(1))), { code: 'KEY_NOT_ACTIVE' });
    await assert.rejects(createBulkSigner({ custody: behindCustody(keystore), keyId }).make(planOf(records(1))), {
      code: 'KEY_NOT_ACTIVE',
    });
  });
});

/** The texts of a certificate, with the digest checked. */
function textsOf(made: MadeCertificates, i: number): { json: string; qr: string } {
  const json = jsonAt(made.json, i);
  assert.equal(digestAt(made.sha256, i), createHash('sha256').update(json).digest('hex'));
  return { json, qr: Buffer.from(textAt(made.qr, i)).toString() };
}

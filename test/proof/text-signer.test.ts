import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58 } from '@scure/base';
import { fillSkeleton } from '../../shared/certificate/credential-skeleton.js';
import { buildCredential } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import type { SignedBytes } from '../../shared/certificate/signed-bytes.js';
import { CertificateTextSigner } from '../../shared/proof/compiled/certificate-text-signer.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { anyRecord, drawFrom, hostileText, type Draw } from './compiled-documents.js';
import { inOneThread } from './in-one-thread.js';
import { testKey } from './keys.js';

const { signer, key } = testKey(ISSUER, 1);
const secret = new Uint8Array(32).fill(1);
const newSigner = (): CertificateTextSigner =>
  new CertificateTextSigner({
    ...inOneThread,
    keyId: key.id,
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
    sign: (bytes) => ed25519.sign(bytes, secret),
  });

const fewWords = (draw: Draw): string => ['甲', '张伟', '例a'.repeat(20), '7', '𠮷野家', '60.5'][draw(6)] ?? '';
const writers = [fewWords, fewWords, (draw: Draw): string => 'S00'.repeat(1 + draw(30)), hostileText];

function recordOf(draw: Draw, shapes: number): CertificateRecord {
  const record = anyRecord(draw, shapes, writers[draw(writers.length)]);
  return { ...record, issuer: { id: ISSUER, name: record.issuer.name } };
}

async function assertSigned(bytes: SignedBytes, record: CertificateRecord, created: string): Promise<void> {
  const signed = await eddsaRdfc2022.sign(buildCredential(record), { signer, created });
  assert.equal(new TextDecoder().decode(bytes.json), JSON.stringify(signed));
  assert.equal(`z${base58.encode(bytes.signature)}`, (signed.proof as { proofValue: string }).proofValue);
}

describe('the signer of certificate texts', () => {
  it('signs what the general path signs: small hand-outs of mixed shapes, in jobs of different times, as text and as bytes', async () => {
    const draw = drawFrom(21);
    const texts = newSigner();
    let promised = 0;
    for (let job = 0; job < 40; job++) {
      const created = `2026-11-20T08:${String(10 + draw(3))}:00Z`;
      for (let left = 1 + draw(5); left > 0; left--) {
        const record = recordOf(draw, 5);
        const bytes = texts.signBytes(record, created);
        if (bytes instanceof Promise) promised++;
        await assertSigned(bytes instanceof Promise ? await bytes : bytes, record, created);
        if (draw(3) === 0) texts.confirm();
        if (draw(2) === 0) {
          const signed = await eddsaRdfc2022.sign(buildCredential(record), { signer, created });
          assert.equal(await texts.sign(record, created), JSON.stringify(signed));
        }
      }
    }
    assert.ok(promised > 0 && promised < 20, `${String(promised)} shapes were learnt`);
  });

  it('keeps texts apart from what they share, so that put together they are the same', async () => {
    const draw = drawFrom(23);
    const texts = newSigner();
    const skeletons = new Set<string>();
    let whole = 0;
    for (let i = 0; i < 2000; i++) {
      const created = `2026-11-20T08:${String(10 + Math.floor(i / 700))}:00Z`;
      const kinds = ['skill-level', 'special-operation', 'skill-level'] as const;
      const record = sampleRecord(kinds[draw(3)] ?? 'skill-level', {
        issuer: { id: ISSUER, name: '示例' },
        certificateNumber: `S000051000001263${String(draw(1_000_000)).padStart(6, '0')}`,
        status: { list: 1 + draw(2), index: draw(131_072) },
      });
      const name = writers[i % 50 === 0 ? 3 : 0]?.(draw) ?? '';
      const bytes = await texts.signBytes({ ...record, holder: { ...record.holder, name } }, created);
      const json = new TextDecoder().decode(bytes.json);
      const apart = bytes.apart?.();
      if (apart) {
        skeletons.add(apart.skeleton);
        assert.equal(fillSkeleton(apart.skeleton, new TextDecoder().decode(apart.own)), json);
      } else whole++;
    }
    assert.ok(whole > 32 && whole < 1600, `${String(whole)} of 2000 are whole`);
    assert.ok(skeletons.size > 0 && skeletons.size < 30, `${String(skeletons.size)} skeletons`);
  });

  it('keeps a hand-out back when a byte of the certificate in place has changed', async () => {
    let spoilt = -1;
    const texts = new CertificateTextSigner({
      ...inOneThread,
      keyId: key.id,
      sha256: (bytes) => {
        const digest = createHash('sha256').update(bytes).digest();
        if (spoilt >= 0) bytes[spoilt] = (bytes[spoilt] ?? 0) ^ 1;
        return digest;
      },
      sign: (bytes) => ed25519.sign(bytes, secret),
    });
    const record = recordOf(drawFrom(4), 1);
    const sign = async (): Promise<SignedBytes> => texts.signBytes(record, '2026-11-20T08:30:00Z');
    await sign();
    await sign();
    texts.confirm();
    spoilt = 1500;
    await sign();
    assert.throws(() => texts.confirm(), { code: 'SIGNATURE_REJECTED' });
  });

  it('gives bytes that stay good where it promised them, while others are signed', async () => {
    const draw = drawFrom(22);
    const texts = newSigner();
    const created = '2026-11-20T08:30:00Z';
    const records = Array.from({ length: 12 }, () => recordOf(draw, 4));
    const promised = records.map((record) => texts.signBytes(record, created));
    for (const [i, bytes] of (await Promise.all(promised.map(async (bytes) => bytes))).entries())
      if (promised[i] instanceof Promise) await assertSigned(bytes, records[i]!, created);
  });

  it('refuses half a character wherever it stands, and signs on', async () => {
    const texts = newSigner();
    const created = '2026-11-20T08:30:00Z';
    const good = recordOf(drawFrom(3), 1);
    for (let i = 0; i < 3; i++) {
      const broken = { ...good, holder: { ...good.holder, name: '张\ud800' } };
      await assert.rejects(async () => texts.signBytes(broken, created), { code: 'JSON_LONE_SURROGATE' });
      await assertSigned(await texts.signBytes(good, created), good, created);
    }
  });
});

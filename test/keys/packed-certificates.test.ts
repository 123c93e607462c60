import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { PlannedCertificate } from '../../keys/bulk-signer.js';
import { CertificatePacker, transferable, unpackCertificates } from '../../keys/signing/packed-certificates.js';
import { packPlans, unpackPlans } from '../../keys/signing/packed-plans.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

const TEXTS = ['{}', '张伟'.repeat(10), '𠮷'.repeat(4000), 'x'.repeat(50_000), '', '"\\\n"'];

describe('certificates on their way between threads', () => {
  it('arrive as they were packed, of any length', () => {
    const packer = new CertificatePacker(TEXTS.length);
    for (const [i, json] of TEXTS.entries())
      packer.add({ id: `urn:${i}`, kind: KIND_IDS[i] ?? 'skill-level', json: bytesOf(json), qr: bytesOf(`QR ${i}`) });
    const packed = packer.finish();
    const arrived = unpackCertificates(structuredClone(packed, { transfer: transferable(packed) }));
    assert.equal(packed.bytes.length, 0, 'nothing was copied');
    assert.deepEqual(
      arrived.map(({ id, kind, json, qr, sha256 }) => [id, kind, textOf(json), textOf(qr), sha256]),
      TEXTS.map((json, i) => [
        `urn:${i}`,
        KIND_IDS[i],
        json,
        `QR ${i}`,
        createHash('sha256').update(json).digest('hex'),
      ]),
    );
  });

  it('plans come out in order and whole', () => {
    const plans = Array.from({ length: 300 }, (_, i): PlannedCertificate => ({
      draft: JSON.stringify({ n: i, name: '张伟' }),
      number: `S0000510000012650${String(i).padStart(5, '0')}`,
      revision: 1 + (i % 3),
      issuedOn: i % 2 === 0 ? '2026-11-20' : '2026-11-21',
      under: i % 4,
      list: 1 + (i % 2),
      index: i * 7,
    }));
    assert.deepEqual([...unpackPlans(structuredClone(packPlans(plans)))], plans);
    assert.deepEqual([...unpackPlans(packPlans([]))], []);
  });
});

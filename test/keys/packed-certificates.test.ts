import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { MadeCertificates, PlannedCertificate } from '../../keys/bulk-signer.js';
import { digestAt, joinMade, jsonAt, madeAt, textAt } from '../../keys/made-certificates.js';
import { CertificatePacker, transferable, unpackCertificates } from '../../keys/signing/packed-certificates.js';
import { giveBack, spareRoom, type PackerRoom } from '../../keys/signing/packer-room.js';
import {
  packPlans,
  slicePlans,
  transferablePlans,
  unpackPlans,
  type ReadDraft,
} from '../../keys/signing/packed-plans.js';
import { KIND_IDS } from '../../shared/certificate/kind.js';
import { plansOf } from './plans.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

const TEXTS = ['{}', '张伟'.repeat(10), '𠮷'.repeat(4000), 'x'.repeat(50_000), '', '"\\\n"'];

const packed = (texts: readonly string[], room?: PackerRoom): ReturnType<CertificatePacker['finish']> => {
  const packer = new CertificatePacker(texts.length, room);
  for (const [i, json] of texts.entries())
    packer.add({ kind: KIND_IDS[i % 3] ?? 'skill-level', json: bytesOf(json), qr: bytesOf(`QR ${i}`) });
  return packer.finish();
};

const listed = (made: MadeCertificates): unknown[] =>
  made.kind.map((kind, i) => [kind, jsonAt(made.json, i), textOf(textAt(made.qr, i)), digestAt(made.sha256, i)]);

const expected = TEXTS.map((json, i) => [
  KIND_IDS[i % 3],
  json,
  `QR ${i}`,
  createHash('sha256').update(json).digest('hex'),
]);

describe('certificates on their way between threads', () => {
  it('arrive as they were packed, of any length', () => {
    const sent = packed(TEXTS);
    const arrived = unpackCertificates([structuredClone(sent, { transfer: transferable(sent) })]);
    assert.deepEqual([sent.json.texts.bytes.length, sent.qr.bytes.length], [0, 0], 'nothing was copied');
    assert.deepEqual(listed(arrived), expected);
  });

  it('are the same in several parts, put together, and one by one', () => {
    const made = unpackCertificates([packed(TEXTS), packed([]), packed(TEXTS)]);
    assert.deepEqual(listed(made), [...expected, ...expected]);
    assert.deepEqual(listed(joinMade([joinMade([]), unpackCertificates([packed(TEXTS)]), made])), [
      ...expected,
      ...expected,
      ...expected,
    ]);
    assert.deepEqual(
      made.kind.flatMap((_, i) => listed(madeAt(made, i))),
      [...expected, ...expected],
    );
    assert.throws(() => madeAt(made, 2 * TEXTS.length), RangeError);
  });

  it('are packed into memory that was given back, however much it is, and are the same', () => {
    while (spareRoom());
    const first = unpackCertificates([packed(TEXTS), packed(['{"a":1}'.repeat(3000)])]);
    giveBack(first);
    giveBack(first);
    for (const again of [TEXTS, TEXTS.map((text) => `${text} `), ['{}'], TEXTS.toReversed()]) {
      const room = spareRoom();
      const sent = packed(again, room);
      const moved = structuredClone(sent, { transfer: transferable(sent) });
      assert.deepEqual(
        listed(unpackCertificates([moved])).map((one) => (one as unknown[])[1]),
        again,
      );
    }
    assert.equal(spareRoom(), undefined, 'what has changed hands is not given out again');
  });

  it('plans come out in order and whole, all of them or a part', () => {
    const plans = Array.from({ length: 300 }, (_, i): PlannedCertificate<string> => ({
      draft: JSON.stringify({ n: i, name: i % 5 === 0 ? '𠮷😀' : '张伟' }),
      number: `S0000510000012650${String(i).padStart(5, '0')}`,
      revision: 1 + (i % 3),
      issuedOn: i % 2 === 0 ? '2026-11-20' : '2026-11-21',
      under: i % 4,
      list: 1 + (i % 2),
      index: i * 7,
    }));
    const text: ReadDraft<string> = (bytes, start, end) => bytes.toString('utf8', start, end);
    const sent = (from: number, to: number): PlannedCertificate<string>[] => {
      const message = packPlans(plansOf(plans), from, to);
      return [...unpackPlans(structuredClone(message, { transfer: transferablePlans(message) }), text)];
    };
    assert.deepEqual(sent(0, 300), plans);
    assert.deepEqual(sent(128, 256), plans.slice(128, 256));
    assert.deepEqual(sent(256, 384), plans.slice(256));
    assert.deepEqual([...unpackPlans(packPlans(slicePlans(plansOf(plans), 10, 20), 3, 5), text)], plans.slice(13, 15));
    assert.deepEqual([...unpackPlans(packPlans(plansOf([]), 0, 128), text)], []);
  });
});

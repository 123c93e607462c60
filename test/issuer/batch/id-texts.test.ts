import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rowKey } from '../../../issuer/batch/batch-tables.js';
import { putCertificateId, putRowKey, rowKeyBeginning, withIdTexts } from '../../../issuer/batch/id-texts.js';
import { TextPack } from '../../../issuer/batch/text-pack.js';
import { certificateId } from '../../../shared/certificate/credential.js';

const official = fc.stringMatching(/^[A-Z0-9]{0,30}$/);
const anyNumber = fc.oneof(official, fc.string({ unit: 'grapheme', maxLength: 20 }));

describe('batches: ids and row keys as bytes', () => {
  it('are what they are as texts, one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyNumber, fc.nat({ max: 255 }), fc.nat({ max: 9_999_999 }))), (rows) => {
        const pack = new TextPack(1);
        for (const [number, revision, row] of rows) {
          putCertificateId(pack, number, revision);
          pack.end();
          putRowKey(pack, rowKeyBeginning('f20991966b5a'), row);
          pack.end();
        }
        assert.deepEqual(
          pack.ends.map((_, i) => pack.text(i).toString()),
          rows.flatMap(([number, revision, row]) => [certificateId(number, revision), rowKey('f20991966b5a', row)]),
        );
      }),
    );
  });

  it('have numbers with as many digits as they need, or more', () => {
    for (const value of [0, 9, 10, 99, 100, 1_048_575, 9_999_999]) {
      const pack = new TextPack(1);
      pack.putNumber(value);
      pack.putNumber(value, 7);
      assert.equal(pack.written().toString(), `${value}${String(value).padStart(7, '0')}`);
    }
  });

  it('are put together in memory of their own where several are at once, and none that was left in the middle is used again', async () => {
    const used = new Set<TextPack>();
    const use = (work: () => Promise<void>): Promise<void> =>
      withIdTexts(async ({ ids }) => {
        assert.deepEqual([ids.ends.length, ids.written().length, used.has(ids)], [0, 0, false]);
        used.add(ids);
        ids.putAscii('x');
        await work();
        used.delete(ids);
      });
    await use(() => use(() => Promise.resolve()));
    await assert.rejects(
      use(() => Promise.reject(new Error('no'))),
      /no/,
    );
    await use(() => use(() => use(() => Promise.resolve())));
  });
});

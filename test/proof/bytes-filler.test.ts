import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BytesFiller } from '../../shared/proof/compiled/bytes-filler.js';
import { TextFiller } from '../../shared/proof/compiled/text-filler.js';
import { VaryingHoles } from '../../shared/proof/compiled/varying-holes.js';

const HOLES = 6;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Texts as they stand in certificates: short and long, plain, Chinese and beyond the basic plane, often the same again. */
const text = fc.oneof(
  fc.constantFrom('', 'a', '1', '12', '60.5', '张伟', '张伟甲', 'S000051000123261000001:1', 'S000051000123261000002:1'),
  fc.string({ unit: 'binary', maxLength: 40 }).map((any) => any.toWellFormed()),
  fc.string({ unit: fc.constantFrom('甲', '𠮷', 'é', 'x', '0'), maxLength: 200 }),
);
const documents = fc.array(fc.array(text, { minLength: HOLES, maxLength: HOLES }), { minLength: 1, maxLength: 12 });
const template = fc.array(fc.nat(HOLES - 1), { maxLength: 20 }).chain((holes) =>
  fc.record({
    holes: fc.constant(holes),
    parts: fc.array(text, { minLength: holes.length + 1, maxLength: holes.length + 1 }),
  }),
);

describe('filling a template in place', () => {
  it('writes the text and the bytes that joining parts and values gives, document after document', () => {
    fc.assert(
      fc.property(template, documents, fc.array(fc.nat(HOLES - 1), { maxLength: 3 }), (made, all, alike) => {
        const holes = new VaryingHoles();
        const bytes = new BytesFiller(made, holes);
        const late = new BytesFiller(made, holes);
        const texts = new TextFiller(made, holes);
        for (const [i, some] of all.entries()) {
          // Up to the last document some holes have the same value, as the ids of one certificate do.
          const values =
            i === all.length - 1 ? some : some.map((value, hole) => (alike.includes(hole) ? (some[0] ?? '') : value));
          const expected = made.parts.map((part, place) => part + (values[made.holes[place] ?? -1] ?? '')).join('');
          holes.note(values);
          assert.equal(decoder.decode(bytes.fill(values)), expected);
          if (i % 3 === 2) assert.equal(decoder.decode(late.fill(values)), expected);
          assert.equal(texts.fill(values), expected);
          assert.ok(bytes.isSound() && late.isSound());
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('notices a byte that is not what it should be, wherever it stands', () => {
    const holes = new VaryingHoles();
    const filler = new BytesFiller({ parts: ['<', '> "', '" .\n'], holes: [0, 1] }, holes);
    for (const values of [
      ['a1', '张'],
      ['a2', '李四'],
    ]) {
      holes.note(values);
      filler.fill(values);
    }
    const bytes = filler.fill(['a3', '王']);
    assert.ok(filler.isSound());
    for (const i of bytes.keys()) {
      bytes[i] = (bytes[i] ?? 0) ^ 1;
      assert.ok(!filler.isSound(), `byte ${String(i)}`);
      bytes[i] = (bytes[i] ?? 0) ^ 1;
    }
    assert.ok(filler.isSound());
  });

  it('leaves what does not change where it stands', () => {
    const holes = new VaryingHoles();
    const filler = new BytesFiller({ parts: ['<', '> <', '> "', '" .\n'], holes: [0, 0, 1] }, holes);
    const fill = (...values: string[]): Uint8Array => {
      holes.note(values);
      return filler.fill(values);
    };
    fill('a1', '张');
    fill('a2', '李四');
    const first = fill('a3', '王');
    const second = fill('a4', '王');
    assert.equal(second, first);
    assert.equal(decoder.decode(second), '<a4> <a4> "王" .\n');
  });
});

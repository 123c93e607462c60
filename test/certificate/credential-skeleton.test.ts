import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  fillSkeleton,
  MOST_OWN_TEXTS,
  OWN_TEXT_SEPARATOR,
  ownTextSign,
} from '../../shared/certificate/credential-skeleton.js';

const json = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text));

describe('certificates apart from what they share', () => {
  it('are put together as they were, with texts of their own in any places, any number of times', () => {
    const parts = fc.array(fc.oneof(json, fc.nat({ max: MOST_OWN_TEXTS - 1 })), { maxLength: 60 });
    fc.assert(
      fc.property(parts, fc.array(json, { minLength: MOST_OWN_TEXTS, maxLength: MOST_OWN_TEXTS }), (drawn, texts) => {
        // Numbers go up from 0 without a gap.
        const used = [...new Set(drawn.filter((part) => typeof part === 'number'))];
        if (used.length === 0) return;
        const places = drawn.map((part) => (typeof part === 'number' ? used.indexOf(part) : part));
        const skeleton = places.map((part) => (typeof part === 'number' ? ownTextSign(part) : part)).join('');
        const expected = places.map((part) => (typeof part === 'number' ? texts[part] : part)).join('');
        assert.equal(fillSkeleton(skeleton, texts.slice(0, used.length).join(OWN_TEXT_SEPARATOR)), expected);
      }),
    );
  });

  it('have signs that JSON never holds', () => {
    const signs = [...Array(MOST_OWN_TEXTS).keys()].map(ownTextSign);
    for (const sign of [...signs, OWN_TEXT_SEPARATOR]) assert.ok(!JSON.stringify(sign).includes(sign));
    assert.equal(new Set([...signs, OWN_TEXT_SEPARATOR, '\0']).size, MOST_OWN_TEXTS + 2);
  });

  it('are refused where texts are missing, too many, or of another skeleton', () => {
    const skeleton = `{"a":"${ownTextSign(0)}","b":"${ownTextSign(1)}"}`;
    assert.equal(fillSkeleton(skeleton, `x${OWN_TEXT_SEPARATOR}`), '{"a":"x","b":""}');
    for (const own of ['x', '', `x${OWN_TEXT_SEPARATOR}y${OWN_TEXT_SEPARATOR}z`])
      assert.throws(() => fillSkeleton(skeleton, own), { code: 'CERTIFICATE_DAMAGED', status: 500 });
    assert.throws(() => fillSkeleton('{}', ''), { code: 'CERTIFICATE_DAMAGED' });
    assert.throws(() => fillSkeleton(`"${ownTextSign(1)}"`, `x`), { code: 'CERTIFICATE_DAMAGED' });
  });
});

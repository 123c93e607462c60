import assert from 'node:assert/strict';
import fc from 'fast-check';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { parseJson } from '../../shared/json/parse-json.js';

describe('texts in a JSON text', () => {
  const unit = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => JSON.stringify(text).slice(1, -1)),
    },
    fc.constantFrom(
      '\\"',
      '\\\\',
      '\\/',
      '\\b',
      '\\u00e9',
      '\\ud83d\\ude00',
      '\\ud800',
      '\\x',
      '\\u12',
      '\u0007',
      '\\',
      '"',
    ),
  );

  it('are read exactly as JSON.parse reads them, and refused where it refuses them or where they hold half a character', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
        const text = `["${units.join('')}"]`;
        let expected: string[] | undefined;
        try {
          expected = JSON.parse(text) as string[];
        } catch {
          expected = undefined;
        }
        if (expected?.every((item) => item.isWellFormed())) assert.deepEqual(parseJson(text), expected);
        else
          assert.throws(
            () => parseJson(text),
            (error) => ['JSON_SYNTAX', 'JSON_LONE_SURROGATE'].includes(errorCode(error)),
          );
      }),
      { numRuns: 500 },
    );
  });

  it('name the character where they go wrong', () => {
    const at = (text: string): string | undefined => {
      try {
        parseJson(text);
      } catch (error) {
        return error instanceof YizhengError ? error.at : undefined;
      }
      return undefined;
    };
    assert.equal(at('["ab\\xcd"]'), 'character 6');
    assert.equal(at('["ab\u0001"]'), 'character 4');
    assert.equal(at('["ab'), 'character 4');
    assert.equal(at('["\\n\\u12z4"]'), 'character 6');
  });
});

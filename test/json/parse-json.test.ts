import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { YizhengError } from '../../shared/errors.js';
import { CREDENTIAL_LIMITS, parseJson, parseJsonObject, utf8Length } from '../../shared/json/parse-json.js';

const bytes = (text: string) => new TextEncoder().encode(text);

const whole = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && text !== '__proto__');
const jsonValues = fc.object({
  maxDepth: 6,
  key: whole,
  values: [
    whole,
    fc.maxSafeInteger(),
    fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    fc.boolean(),
    fc.constant(null),
  ],
});

describe('parseJson', () => {
  it('reads what JSON.parse reads, from text and from bytes', () =>
    fc.assert(
      fc.property(jsonValues, fc.nat(4), (made, indent) => {
        const text = JSON.stringify(made, null, indent);
        const value: unknown = JSON.parse(text);
        assert.deepEqual(parseJson(text), value);
        assert.deepEqual(parseJson(bytes(text)), value);
      }),
    ));

  const refused: [string, string | Uint8Array, string][] = [
    ['a duplicate member', '{"a":1,"a":1}', 'JSON_DUPLICATE_KEY'],
    ['a member repeated under another escape', '{"a":1,"\\u0061":2}', 'JSON_DUPLICATE_KEY'],
    ['a duplicate deep inside', '{"x":[{"a":1,"b":2,"a":3}]}', 'JSON_DUPLICATE_KEY'],
    ['__proto__', '{"__proto__":{"issuer":"evil"}}', 'JSON_FORBIDDEN_KEY'],
    ['an escaped __proto__', '{"__pr\\u006fto__":{}}', 'JSON_FORBIDDEN_KEY'],
    ['a byte-order mark in text', '\ufeff{}', 'JSON_BOM'],
    ['a byte-order mark in bytes', Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d), 'JSON_BOM'],
    ['invalid UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'JSON_NOT_UTF8'],
    ['overlong UTF-8', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), 'JSON_NOT_UTF8'],
    ['a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'JSON_NOT_UTF8'],
    ['half a character, escaped', '"\\ud800"', 'JSON_LONE_SURROGATE'],
    ['half a character as member name', '{"\\udc00":1}', 'JSON_LONE_SURROGATE'],
    ['half a character, raw', '"\ud800"', 'JSON_LONE_SURROGATE'],
    ['a number beyond 2^53', '9007199254740993', 'JSON_NUMBER_RANGE'],
    ['a number beyond all', '1e400', 'JSON_NUMBER_RANGE'],
    ['NaN', 'NaN', 'JSON_SYNTAX'],
    ['two values', '{}{}', 'JSON_SYNTAX'],
    ['a comment', '{}//x', 'JSON_SYNTAX'],
    ['a trailing comma', '[1,]', 'JSON_SYNTAX'],
    ['a leading zero', '01', 'JSON_SYNTAX'],
    ['a raw line break in a text', '"a\nb"', 'JSON_SYNTAX'],
    ['a blank that is none of JSON’s', '\u00a0{}', 'JSON_SYNTAX'],
    ['nothing', '', 'JSON_SYNTAX'],
    ['17 levels', `${'['.repeat(17)}${']'.repeat(17)}`, 'JSON_TOO_DEEP'],
    ['301 nodes', `[${new Array(300).fill('{}').join()}]`, 'JSON_TOO_MANY_NODES'],
    ['more than 64 KB', `"${'a'.repeat(65_536)}"`, 'JSON_TOO_LARGE'],
    ['more than 64 KB of Chinese', `"${'证'.repeat(21_900)}"`, 'JSON_TOO_LARGE'],
  ];
  for (const [name, input, code] of refused)
    it(`refuses ${name}`, () => assert.throws(() => parseJson(input), { code }));

  it('takes exactly what the limits allow', () => {
    assert.deepEqual(parseJson(`${'['.repeat(16)}${']'.repeat(16)}`) instanceof Array, true);
    assert.equal((parseJson(`[${new Array(299).fill('{}').join()}]`) as unknown[]).length, 299);
    assert.equal((parseJson(`"${'a'.repeat(65_534)}"`) as string).length, 65_534);
    assert.equal(parseJson('9007199254740991'), Number.MAX_SAFE_INTEGER);
  });

  it('names a member like a method of objects without harm', () => {
    assert.deepEqual(Object.keys(parseJsonObject('{"constructor":1,"hasOwnProperty":2,"toString":3}')), [
      'constructor',
      'hasOwnProperty',
      'toString',
    ]);
  });

  it('answers 413 for a text that is too large, before reading it', () => {
    const huge = ' '.repeat(50_000_000);
    const started = performance.now();
    assert.throws(() => parseJson(huge), { code: 'JSON_TOO_LARGE', status: 413 });
    assert.ok(performance.now() - started < 100);
  });

  for (const text of ['[]', 'null', '"x"', '1'])
    it(`does not take ${text} for an object`, () =>
      assert.throws(() => parseJsonObject(text), { code: 'JSON_NOT_OBJECT' }));

  it('counts UTF-8 bytes', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(text.isWellFormed());
        assert.equal(utf8Length(text), bytes(text).length);
      }),
    ));

  it('is total: any bytes give a value or a typed error', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        try {
          parseJson(input);
        } catch (error) {
          assert.ok(error instanceof YizhengError);
        }
      }),
      { numRuns: 500 },
    ));

  it('follows JSONTestSuite (corpus 10): refuses every wrong text, and of the right ones only doubled members and inexact numbers', function () {
    const path = '../shared/corpus/10-jsontestsuite.json';
    if (!existsSync(path)) this.skip();
    const { cases } = JSON.parse(readFileSync(path, 'utf8')) as {
      cases: { name: string; input: { rawB64: string }; expected: 'reject' | 'accept-parse' | 'no-crash' }[];
    };
    const stricter = new Set<string>();
    for (const { name, input, expected } of cases) {
      const raw = new Uint8Array(Buffer.from(input.rawB64, 'base64'));
      let code = 'OK';
      try {
        assert.deepEqual(
          parseJson(raw, { ...CREDENTIAL_LIMITS, maxDepth: 64 }),
          JSON.parse(Buffer.from(raw).toString()),
          name,
        );
      } catch (error) {
        assert.ok(error instanceof YizhengError, `${name}: ${String(error)}`);
        code = error.code;
      }
      if (expected === 'reject') assert.notEqual(code, 'OK', name);
      if (expected === 'accept-parse' && code !== 'OK') stricter.add(code);
    }
    assert.deepEqual([...stricter].sort(), ['JSON_DUPLICATE_KEY', 'JSON_NUMBER_RANGE']);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DraftReader } from '../../keys/signing/draft-reader.js';
import { DraftTemplate } from '../../keys/signing/draft-template.js';

/** Reads texts that lie one after the other, with something between them, as a thread finds them. */
function readAll(reader: DraftReader, texts: readonly string[]): unknown[] {
  return texts.map((text) => {
    const before = '","x';
    const bytes = Buffer.from(`${before}${text}"}`);
    const start = Buffer.byteLength(before);
    return structuredClone(reader.read(bytes, start, start + Buffer.byteLength(text)));
  });
}

const parsed = (texts: readonly string[]): unknown[] => texts.map((text) => JSON.parse(text) as unknown);

describe('drafts read by what differs from the one before', () => {
  it('are what JSON.parse makes of them, whatever texts stand in them', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('', '张伟', '张伟明', '𠮷😀', '"', '\\', '"}', 'a"', '\u2028', '\u0000', ',"b":"', '85.5', '85'),
    );
    const draft = fc.record(
      {
        kind: fc.constantFrom('skill-level', 'mo-skill'),
        holder: fc.record({ name: value, id: value }, { requiredKeys: ['name'] }),
        hours: fc.integer({ min: 0, max: 3 }),
        scores: fc.array(value, { maxLength: 3 }),
        supersedes: fc.option(value, { nil: null }),
      },
      { requiredKeys: ['kind', 'holder'] },
    );
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 40 }), (drafts) => {
        const texts = drafts.map((one) => JSON.stringify(one));
        assert.deepEqual(readAll(new DraftReader(), texts), parsed(texts));
      }),
      { numRuns: 300 },
    );
  });

  it('are what JSON.parse makes of them, however they are written', () => {
    const texts = [
      '{"a":"b","c":["d",{"e":"f"}],"n":1,"t":true,"z":null}',
      '{"a":"B","c":["",{"e":"张伟"}],"n":1,"t":true,"z":null}',
      '{"a":"b","c":["d",{"e":"f"}],"n":2,"t":true,"z":null}',
      '{ "a":"b","c":["d",{"e":"f"}],"n":1,"t":true,"z":null}',
      '{"a":"\\u0041\\"","c":["d",{"e":"\\n"}],"n":1,"t":true,"z":null}',
      '{"a":"b","c":["d",{"e":"f"}],"n":1.0,"t":true,"z":null}',
      '{"a":"b","c":["d",{"e":"f","g":"h"}],"n":1,"t":true,"z":null}',
      '{"a":"b","a":"c"}',
      '{"a":"b","__proto__":"c"}',
      '{"a":"b","__proto__":"d"}',
      '{"2":"b","1":"c"}',
      '{}',
      '[]',
      '"text"',
      '7',
    ];
    const reader = new DraftReader();
    for (const all of [texts, texts.toReversed(), [...texts, ...texts]])
      assert.deepEqual(readAll(reader, all), parsed(all));
  });

  it('are refused where they are no JSON, and what is read next is right', () => {
    const reader = new DraftReader();
    const good = ['{"a":"b","c":"d"}', '{"a":"x","c":"y"}'];
    for (const bad of [
      '{"a":"b","c":"d"',
      '{"a":"b","c":"d}',
      '{"a":"q\n","c":"d"}',
      '{"a":"q","c":"d"}}',
      '{"a":"q","c":',
      '',
    ]) {
      assert.deepEqual(readAll(reader, good), parsed(good));
      assert.throws(() => readAll(reader, [bad]), SyntaxError, bad);
      assert.deepEqual(readAll(reader, good), parsed(good));
    }
  });

  it('take over bytes that are no UTF-8 as a decoder would', () => {
    const reader = new DraftReader();
    for (const name of [[0x61], [0xff, 0x61], [0xe5, 0xbc], [0xf0, 0x9f, 0x98], [0xc0, 0x80]]) {
      const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(name), Buffer.from('"}')]);
      assert.deepEqual(reader.read(bytes, 0, bytes.length), JSON.parse(bytes.toString()));
    }
  });

  it('need not be parsed: only their texts are looked at', () => {
    const template = DraftTemplate.of('{"a":"b","c":{"d":"e"}}');
    const bytes = Buffer.from('{"a":"b","c":{"d":"\u5f20"}}');
    assert.ok(template);
    assert.ok(template.read(bytes, 0, bytes.length));
    assert.deepEqual(template.value, { a: 'b', c: { d: '张' } });
    assert.equal(DraftTemplate.of('{"a":"\\n"}'), undefined);
  });

  it('may be of more kinds than are remembered', () => {
    const texts = Array.from({ length: 500 }, (_, i) => JSON.stringify({ [`k${i % 100}`]: String(i), n: i % 7 }));
    assert.deepEqual(readAll(new DraftReader(), texts), parsed(texts));
  });
});

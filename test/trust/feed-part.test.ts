import assert from 'node:assert/strict';
import { buildPart, MAX_PART_BYTES, readParts } from '../../shared/trust/feed-part.js';
import { signStatement } from '../../shared/trust/statement-credential.js';
import { key } from './publisher.js';
import * as w from './world.js';

const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code;
const events = ['a', 'b', 'c'].map((n) => w.event({ id: `urn:yizheng:event:${n}` }));
const read = (name: string, text: string) => readParts(w.CQ, new Map([[name, text]]), () => undefined);

describe('trust: the parts of a feed', () => {
  it('gives the same bytes for the same rows, whatever their order, and reads them back', () => {
    const part = buildPart('events', events);
    assert.deepEqual(buildPart('events', events.toReversed()), part);
    assert.deepEqual(read('events', part.text).events, events);
    assert.deepEqual(read('events', '').events, []);
  });
  it('refuses two rows with one key, when writing and when reading', () => {
    assert.throws(() => buildPart('events', [events[0]!, events[0]!]), refused('FEED_PART_UNSORTED'));
    const line = `${JSON.stringify(events[0])}\n`;
    assert.throws(() => read('events', line + line), refused('FEED_PART_UNSORTED'));
  });
  it('refuses rows out of order, a part that ends inside a row, and a row that is no JSON', () => {
    const lines = buildPart('events', events).text.split('\n').slice(0, -1);
    assert.throws(() => read('events', `${lines.toReversed().join('\n')}\n`), refused('FEED_PART_UNSORTED'));
    assert.throws(() => read('events', lines.join('\n')), refused('FEED_ROW_INVALID'));
    assert.throws(() => read('events', '{"id":1,"id":2}\n'), refused('JSON_DUPLICATE_KEY'));
  });
  it('refuses a part larger than any may be', () =>
    assert.throws(
      () => buildPart('status', [{ url: 'https://a.example', credential: 'x'.repeat(MAX_PART_BYTES) } as never]),
      refused('FEED_PART_LENGTH'),
    ));
  it('refuses a recognition filed under the name of another', async () => {
    const signer = key(w.SC, 'statement');
    const vc = await signStatement('recognition', w.recognition(), {
      kid: signer.method,
      sign: (bytes) => signer.sign(bytes),
    });
    const row = (id: string) => new Map([['recognitions', `${JSON.stringify({ id, vc })}\n`]]);
    assert.equal(readParts(w.SC, row(w.recognition().id), () => signer.jwk).recognitions.length, 1);
    assert.throws(
      () => readParts(w.SC, row('urn:yizheng:recognition:x'), () => signer.jwk),
      refused('FEED_ROW_INVALID'),
    );
  });
});

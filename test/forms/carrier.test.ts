import assert from 'node:assert/strict';
import { openCarrier } from '../../shared/carrier/open-carrier.js';
import { presentSdJwt } from '../../shared/proof/forms/present-sd-jwt.js';
import { verifyOpened } from '../../shared/verdict/verify-opened.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW, trustOf } from '../verdict/sample-trust.js';
import { secured } from './world.js';

describe('a compact form as text or file', () => {
  it('is opened and verified like any other carrier', async () => {
    const trust = await trustOf(AUTHORITY);
    for (const [form, carrier] of [
      ['vc+jwt', 'jwt'],
      ['jwt_vc_json', 'jwt'],
      ['dc+sd-jwt', 'sd-jwt'],
    ] as const) {
      const text = await secured(form);
      for (const input of [text, new TextEncoder().encode(`${text}\n`)]) {
        const opened = await openCarrier(input);
        assert.deepEqual([opened.carrier, opened.json], [carrier, text]);
        const verdict = await verifyOpened(opened, { trust, anchor: AUTHORITY, now: NOW });
        assert.deepEqual([verdict.headline, verdict.input.carrier], ['accepted', carrier]);
      }
    }
  });

  it('keeps a long one whole: an SD-JWT with a photo', async () => {
    const bytes = new Uint8Array(20_000).fill(0xff);
    bytes.set([0xff, 0xd8, 0xff]);
    const text = await secured('dc+sd-jwt', {}, { personal: { photo: { mediaType: 'image/jpeg', bytes } } });
    const opened = await openCarrier(new TextEncoder().encode(text));
    assert.equal(opened.json, text);
    const verdict = await verifyOpened(opened, { trust: await trustOf(AUTHORITY), anchor: AUTHORITY, now: NOW });
    assert.match(verdict.personal?.picture ?? '', /^data:image\/jpeg;base64,/);
    assert.ok((await presentSdJwt(text, { disclose: [] })).length < 6_000);
  });

  it('is refused when it is too long, or its payload can be read in two ways', async () => {
    const text = await secured('vc+jwt');
    await assert.rejects(openCarrier(`${text}${'A'.repeat(140_000)}`), { code: 'JOSE_TOO_LARGE' });
    const doubled = Buffer.from('{"a":1,"a":2}').toString('base64url');
    await assert.rejects(openCarrier(`eyJhIjoxfQ.${doubled}.AAAA`), { code: 'JSON_DUPLICATE_KEY' });
    await assert.rejects(openCarrier('a.b.c'), { code: 'CARRIER_UNKNOWN' });
  });
});

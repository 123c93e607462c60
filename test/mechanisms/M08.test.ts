import assert from 'node:assert/strict';
import { verify } from '../../shared/verdict/verify.js';
import type { Verdict } from '../../shared/verdict/types.js';
import { sha256Hex } from '../../shared/trust/digest.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW, PARTNER, signed, trustOf } from '../verdict/sample-trust.js';

const judge = async (json: string, now = NOW, options: Parameters<typeof trustOf>[1] = {}): Promise<Verdict> =>
  verify({ carrier: 'json', json }, { trust: await trustOf(PARTNER, options), anchor: PARTNER, now });

describe('M08 what an employer keeps as proof', () => {
  it('AC-08 says when, on which input, by which statements and on which trust data it was judged', async () => {
    const json = await signed();
    const kept = await judge(json);
    assert.equal(kept.evaluatedAt, NOW);
    assert.equal(kept.input.sha256, sha256Hex(json));
    assert.deepEqual(kept.decision?.path, [
      'urn:yizheng:recognition:cq-sc-2026',
      'urn:yizheng:accreditation:sichuan.example:2026-001',
    ]);
    assert.deepEqual(
      kept.trust.feeds.map(({ authority, sequence }) => [authority, sequence]),
      [
        [PARTNER, 1],
        [AUTHORITY, 1],
      ],
    );
    assert.ok(kept.trust.feeds.every(({ manifestSha256 }) => manifestSha256.length === 64));
    assert.equal(kept.trust.anchor, PARTNER);
  });

  it('AC-08 judged again from what was kept, a month later and without network, gives the same, byte for byte', async () => {
    const json = await signed();
    const kept = JSON.stringify(await judge(json));
    const { evaluatedAt } = JSON.parse(kept) as Verdict;
    assert.equal(JSON.stringify(await judge(json, evaluatedAt)), kept);
  });

  it('AC-08 a receipt cannot be moved to another certificate, and yesterday’s data does not answer for today', async () => {
    const kept = await judge(await signed());
    const other = await judge(await signed({ certificateNumber: 'S000051000123263000046' }));
    assert.notEqual(other.input.sha256, kept.input.sha256);
    const monthLater = await judge(await signed(), '2026-12-21T00:00:00Z');
    assert.equal(kept.headline, 'accepted');
    assert.notEqual(monthLater.headline, 'accepted');
    const revoked = await judge(await signed(), NOW, { revoked: [4711] });
    assert.equal(revoked.headline, 'refused');
  });
});

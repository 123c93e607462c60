import assert from 'node:assert/strict';
import { decide } from '../../shared/trust/decide.js';
import { importBundle, type HeldState, type ImportResult } from '../../shared/trust/import-bundle.js';
import { updateTrust } from '../../shared/trust/update-trust.js';
import type { Recognition } from '../../shared/trust/types.js';
import type { FeedFiles } from '../../shared/trust/verify-feed.js';
import { Publisher } from './publisher.js';
import * as w from './world.js';

const { SC, CQ, NOW } = w;
const LOST = { digestMultibase: `uEi${'A'.repeat(44)}` };

describe('trust: a partner’s root pinned anew', () => {
  let sc: Publisher;
  let cq: Publisher;
  let first: ImportResult;
  const rows = { accreditations: [w.accreditation()] };
  const pinning = (registryRoot: Recognition['registryRoot'], more: Partial<Recognition> = {}) =>
    w.recognition({ registryRoot, ...more });

  async function take(
    recognitions: Recognition[],
    partner: FeedFiles | undefined,
    held?: HeldState,
    now = NOW,
    events: Parameters<Publisher['publish']>[0]['events'] = [],
  ): Promise<ImportResult> {
    const own = await sc.publish({ recognitions, events }, held ? '2026-11-20' : '2026-11-19');
    const feeds = { [SC]: own, ...(partner && { [CQ]: partner }) };
    const bundle = await sc.pack(feeds, held ? '2026-11-20' : '2026-11-19');
    return importBundle(bundle, { anchor: SC, anchorRoot: sc.pin, held, now });
  }
  const outcome = (result: ImportResult, now = NOW) => decide(w.facts(), result.view, { anchor: SC, now }).outcome;
  const codes = (result: ImportResult) => result.findings.map(({ code }) => code);
  const gone = (result: ImportResult, what: string) => {
    assert.deepEqual([outcome(result), result.state.feeds[CQ]], ['undetermined', undefined], what);
    assert.ok(codes(result).includes('FEED_ROOT_UNKNOWN'), JSON.stringify(result.findings));
  };

  beforeEach(async () => {
    sc = await new Publisher(SC).newRoot();
    cq = await new Publisher(CQ).newRoot({ expires: '2026-11-20T13:00:00Z' });
    first = await take([pinning(cq.pin)], await cq.publish(rows, '2026-11-19'));
    assert.equal(outcome(first), 'recognised');
  });

  it('a later pin ends what is held under the old root, when the new feed is withheld', async () =>
    gone(await take([pinning({ version: 2, ...LOST })], undefined, first.state), 'withheld'));
  it('and when the old root still publishes', async () =>
    gone(await take([pinning({ version: 2, ...LOST })], await cq.publish(rows, '2026-11-20'), first.state), 'forged'));
  it('another digest of the version held does the same', async () =>
    gone(await take([pinning({ version: 1, ...LOST })], await cq.publish(rows, '2026-11-20'), first.state), 'same'));
  it('a new root under the pin is taken up, whatever was held', async () => {
    const renewed = new Publisher(CQ);
    renewed.rootKeys.reverse();
    await renewed.newRoot({ name: '新根' });
    const feed = await renewed.publish(rows, '2026-11-20');
    const result = await take([pinning(renewed.pin)], feed, first.state);
    assert.deepEqual([outcome(result), codes(result)], ['recognised', []]);
    assert.equal(result.state.feeds[CQ]?.root.name, '新根');
  });
  it('the pin held before changes nothing: a bad feed is reported and the held one kept', async () => {
    const feed = await cq.publish(rows, '2026-11-20');
    const result = await take([pinning(cq.pin)], { ...feed, manifest: feed.freshness }, first.state);
    assert.equal(outcome(result), 'recognised');
    assert.equal(result.state.feeds[CQ]?.manifest.sequence, 1);
  });
  it('a root the partner renewed itself stays, though the pin names the older one', async () => {
    await cq.newRoot();
    const second = await take([pinning(cq.pin)], await cq.publish(rows, '2026-11-20'), first.state);
    const third = await take([pinning(cq.pin)], undefined, second.state);
    assert.deepEqual([outcome(third), third.state.feeds[CQ]?.root.version], ['recognised', 2]);
  });
  it('the network update does the same', async () => {
    for (const version of [1, 2]) {
      sc = await new Publisher(SC).newRoot();
      cq = await new Publisher(CQ).newRoot();
      first = await take([pinning(cq.pin)], await cq.publish(rows, '2026-11-19'));
      const { state } = await take([pinning({ version, ...LOST })], undefined, first.state);
      const held = { ...state, feeds: { ...first.state.feeds, ...state.feeds } };
      const result = await updateTrust({
        anchor: SC,
        held,
        now: NOW,
        fetchFor: () => () => Promise.resolve(undefined),
      });
      gone(result, `update, version ${version}`);
    }
  });

  describe('pins come from live statements only', () => {
    for (const id of ['urn:yizheng:recognition:a', 'urn:yizheng:recognition:z'])
      it(`a superseded statement pins nothing (new one ${id})`, async () => {
        const old = pinning(cq.pin, { id: 'urn:yizheng:recognition:m' });
        const next = pinning({ version: 2, ...LOST }, { id, supersedes: [old.id] });
        gone(await take([old, next], await cq.publish(rows, '2026-11-20')), id);
      });
    it('nor does a revoked one', async () => {
      const revoked = w.event({
        authority: SC,
        about: CQ,
        event: 'statement-revoked',
        statement: pinning(cq.pin).id,
        effectiveFrom: '2026-11-01T00:00:00Z',
      });
      const other = pinning({ version: 1, ...LOST }, { id: 'urn:yizheng:recognition:z' });
      gone(await take([pinning(cq.pin), other], await cq.publish(rows, '2026-11-20'), undefined, NOW, [revoked]), '');
    });
    it('of two live ones the later version counts', async () => {
      const later = pinning({ version: 2, ...LOST }, { id: 'urn:yizheng:recognition:z' });
      gone(await take([pinning(cq.pin), later], await cq.publish(rows, '2026-11-20')), 'later');
    });
  });

  it('a held feed whose root expired is named and answers nothing anew', async () => {
    const later = '2026-11-20T18:00:00Z';
    const result = await take([pinning(cq.pin)], undefined, first.state, later);
    assert.ok(codes(result).includes('FEED_ROOT_EXPIRED'), JSON.stringify(result.findings));
    assert.equal(outcome(result, later), 'undetermined');
  });
});

import assert from 'node:assert/strict';
import { decide } from '../../shared/trust/decide.js';
import { exportBundle } from '../../shared/trust/export-bundle.js';
import { applyDelta, makeDelta } from '../../shared/trust/feed-delta.js';
import { manifestSchema, readPayload } from '../../shared/trust/feed-metadata.js';
import { buildPart } from '../../shared/trust/feed-part.js';
import { importBundle, viewOfState, type HeldState } from '../../shared/trust/import-bundle.js';
import { signersOf } from '../../shared/trust/jws.js';
import { updateFeed, type FeedUpdate, type UpdateFeedOptions } from '../../shared/trust/update-feed.js';
import { updateTrust, type UpdateTrustOptions } from '../../shared/trust/update-trust.js';
import type { FeedFiles, HeldFeed } from '../../shared/trust/verify-feed.js';
import { FeedServer, manifestOf } from './feed-server.js';
import { key, Publisher, type Rows } from './publisher.js';
import * as w from './world.js';

const { SC, CQ } = w;
const NOW = '2026-11-20T12:00:00Z';
const DAY0 = '2026-11-18';
const DAY1 = '2026-11-19';
const DAY2 = '2026-11-20';
const EVENT = w.event({});

/** Chongqing with two publications made; a client holds the first. The second suspends the institution. */
async function world() {
  const publisher = await new Publisher(CQ).newRoot();
  const rows: Rows = { accreditations: [w.accreditation()] };
  const first = await publisher.publish(rows, DAY0);
  const server = new FeedServer().serve(first);
  const update = (held?: HeldFeed, changes: Partial<UpdateFeedOptions> = {}): Promise<FeedUpdate> =>
    updateFeed({ authority: CQ, pin: publisher.pin, held, fetch: server.fetch, now: NOW, ...changes });
  const held = accepted(await update());
  server.paths();
  const suspend = (changes: Parameters<Publisher['publish']>[2] = {}): Promise<FeedFiles> =>
    publisher.publish({ ...rows, events: [EVENT] }, DAY1, changes);
  return { publisher, server, update, held, rows, first, suspend };
}
type World = Awaited<ReturnType<typeof world>>;

function accepted({ state, findings }: FeedUpdate): HeldFeed {
  assert.deepEqual(findings, []);
  assert.ok(state);
  return state;
}
const codes = ({ findings }: { findings: { code: string }[] }): string[] => findings.map(({ code }) => code);
const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code;
const sequence = (feed: HeldFeed | undefined): number | undefined => feed?.manifest.sequence;

/**
 * An attack in two halves. Spoiled in the one field the attack is about, the update is refused with its code, and what was held
 * stays, untouched. With that field made honest, and all else the same, it is accepted: so nothing but the check of that field
 * refused it.
 */
async function attack(
  code: string,
  run: (spoiled: boolean, world: World) => Promise<Partial<UpdateFeedOptions> & { holds?: HeldFeed | undefined }>,
): Promise<FeedUpdate> {
  const hostile = await world();
  const { holds = hostile.held, ...changes } = await run(true, hostile);
  const result = await hostile.update(holds, changes);
  assert.deepEqual(codes(result), [code]);
  assert.equal(result.state, holds);
  assert.equal(result.content, undefined);
  const honest = await world();
  const { holds: also = honest.held, ...same } = await run(false, honest);
  assert.ok(accepted(await honest.update(also, same)));
  return result;
}

describe('trust: updating a feed over the network', () => {
  it('starts from the pinned root, takes every part once, and asks for two files when nothing changed', async () => {
    const { server, update, held, publisher } = await world();
    assert.equal(held.root.version, 1);
    const again = await update(held);
    assert.deepEqual(server.paths(), ['root/2.json', 'freshness.json']);
    assert.deepEqual(accepted(again), held);
    const byDigest = { pin: { digestMultibase: publisher.pin.digestMultibase } };
    assert.deepEqual(accepted(await update(undefined, byDigest)), held);
    assert.deepEqual(codes(await update(undefined, { pin: undefined })), ['FEED_UNPINNED']);
    const other = { pin: { version: 1, digestMultibase: `uEi${'A'.repeat(43)}` } };
    assert.deepEqual(codes(await update(undefined, other)), ['FEED_ROOT_UNKNOWN']);
  });

  it('takes only the parts that changed', async () => {
    const { server, update, held, suspend } = await world();
    server.serve(await suspend());
    const result = await update(held);
    assert.equal(accepted(result).manifest.sequence, 2);
    assert.deepEqual(result.content?.events, [EVENT]);
    assert.equal(server.paths().filter((path) => path.startsWith('parts/')).length, 1);
  });

  describe('attacks: each refused, what was held stays; the same data with that one field honest is accepted', () => {
    it('rollback: an older publication under its own valid signatures', () =>
      attack('FEED_ROLLBACK', async (spoiled, { server, suspend, update, held, first }) => {
        server.serve(await suspend());
        const newer = accepted(await update(held));
        server.serve(first);
        return { holds: spoiled ? newer : held };
      }));
    it('rollback: a newer date over an older manifest', () =>
      attack('FEED_ROLLBACK', async (spoiled, { server, suspend, update, held, publisher }) => {
        const { manifestSha256 } = held;
        server.serve(await suspend());
        const newer = accepted(await update(held));
        const freshness = await publisher.freshness(DAY2, spoiled ? manifestSha256 : newer.manifestSha256, {
          freshness: { sequence: spoiled ? 1 : 2 },
        });
        server.put('freshness.json', JSON.stringify(freshness));
        return { holds: newer };
      }));
    it('rollback: an older date over the same manifest', () =>
      attack('FEED_ROLLBACK', async (spoiled, { server, publisher, held }) => {
        const freshness = await publisher.freshness(spoiled ? '2026-11-17' : DAY1, held.manifestSha256);
        server.put('freshness.json', JSON.stringify(freshness));
        return {};
      }));
    it('freeze: a server that holds back newer data is noticed once the data should have been renewed', () =>
      attack('FEED_NOT_FRESH', async (spoiled, { server, publisher }) => {
        const renewed = await publisher.freshness('2026-11-25', publisher.prev ?? '');
        if (!spoiled) server.put('freshness.json', JSON.stringify(renewed));
        return { now: '2026-11-26T00:00:00Z' };
      }));
    it('mix-and-match: the manifest of one day under the freshness of another', () =>
      attack('FEED_MANIFEST_MISMATCH', async (spoiled, { server, suspend, first }) => {
        server.serve(await suspend());
        if (spoiled) server.put('manifest/2.json', JSON.stringify(first.manifest));
        return {};
      }));
    it('mix-and-match: a part of one day under the manifest of another', () =>
      attack('FEED_PART_HASH', async (spoiled, { server, publisher, rows }) => {
        const event = (day: number) => w.event({ effectiveFrom: `2026-01-0${day}T00:00:00+08:00` });
        server.serve(await publisher.publish({ ...rows, events: [event(5)] }, DAY1));
        const { text } = server.find('parts/');
        server.serve(await publisher.publish({ ...rows, events: [event(6)] }, DAY1));
        if (spoiled) server.put(server.find('parts/').path, text);
        return {};
      }));
    it('split view: two manifests signed with one sequence; both are kept as evidence anyone can check', async () => {
      const { evidence, state } = await attack(
        'FEED_EQUIVOCATION',
        async (spoiled, { server, publisher, suspend, first }) => {
          if (spoiled) [publisher.sequence, publisher.prev] = [0, undefined];
          const other = await suspend();
          assert.equal(manifestOf(other).sequence, spoiled ? manifestOf(first).sequence : 2);
          server.serve(other);
          return {};
        },
      );
      assert.equal(evidence.length, 1);
      const keys = new Map(Object.entries(state?.root.keys ?? {}));
      const seen = (evidence[0]?.manifests ?? []).map((manifest) => {
        assert.equal(signersOf(manifest, 'manifest', keys).size, 1);
        return readPayload(manifest, manifestSchema);
      });
      assert.deepEqual(
        seen.map(({ value }) => value.sequence),
        [1, 1],
      );
      assert.notEqual(seen[0]?.text, seen[1]?.text);
    });
    it('fork: the next manifest does not follow the one held; both are kept as evidence', async () => {
      const { evidence } = await attack('FEED_FORK', async (spoiled, { server, suspend, publisher }) => {
        if (spoiled) publisher.prev = 'ab'.repeat(32);
        server.serve(await suspend());
        return {};
      });
      assert.deepEqual(
        evidence.map(({ code }) => code),
        ['FEED_FORK'],
      );
    });
    it('omission: one unwelcome event left out of its part', () =>
      attack('FEED_PART_LENGTH', async (spoiled, { server, suspend }) => {
        server.serve(await suspend());
        if (spoiled) server.put(server.find('parts/').path, '');
        return {};
      }));
    it('missing part', () =>
      attack('FEED_PART_MISSING', async (spoiled, { server, suspend }) => {
        server.serve(await suspend());
        if (spoiled) server.files.delete(server.find('parts/').path);
        return {};
      }));
    it('huge part: not even asked for', () =>
      attack('FEED_PART_LENGTH', async (spoiled, { server, publisher, suspend }) => {
        const huge = [{ name: 'events', length: 2 ** 40, sha256: '00'.repeat(32), rows: 1 }];
        server.serve(await (spoiled ? publisher.publish({}, DAY1, { manifest: { parts: huge } }) : suspend()));
        server.paths();
        return {
          fetch: (path, maxBytes) => {
            assert.ok(!spoiled || !path.startsWith('parts/'), path);
            return server.fetch(path, maxBytes);
          },
        };
      }));
    it('endless data: no file is read beyond what it may have, and a server that gives more is left', () =>
      attack('FEED_TOO_LARGE', async (spoiled, { server, suspend }) => {
        const files = await suspend();
        server.serve(files);
        return {
          fetch: async (path, maxBytes) => {
            const part = manifestOf(files).parts.find(({ sha256 }) => path === `parts/${sha256}`);
            if (part) assert.equal(maxBytes, part.length);
            else assert.ok(maxBytes <= 2 * 1024 * 1024, path);
            return spoiled && part ? new Uint8Array(maxBytes + 1) : server.fetch(path, maxBytes);
          },
        };
      }));
    it('endless data: all files of a feed together have a bound', () =>
      attack('FEED_TOO_LARGE', async (spoiled, { server, suspend }) => {
        server.serve(await suspend());
        return { limits: { maxBytes: spoiled ? 1000 : 100_000 } };
      }));
    it('endless data: a row of roots is followed only as far as each is signed by the one before', async () => {
      const { server, update, held } = await world();
      const fetch = (path: string, maxBytes: number) =>
        /^root\/[2-9]/.test(path) ? server.fetch('root/1.json', maxBytes) : server.fetch(path, maxBytes);
      assert.deepEqual(codes(await update(held, { fetch })), ['FEED_ROOT_CHAIN']);
      assert.equal(server.paths().length, 1);
    });
    it('stolen freshness key: it can sign no manifest', () =>
      attack('FEED_SIGNATURE_INVALID', async (spoiled, { server, suspend, publisher }) => {
        server.serve(await suspend(spoiled ? { registryKey: publisher.freshnessKey } : {}));
        return {};
      }));
    it('stolen freshness key: it can date a feed only a day ahead', () =>
      attack('FEED_FROM_FUTURE', async (spoiled, { server, publisher }) => {
        const freshness = await publisher.freshness(spoiled ? '2026-11-22' : DAY2, publisher.prev ?? '');
        server.put('freshness.json', JSON.stringify(freshness));
        return {};
      }));
    it('a registry key of another authority', () =>
      attack('FEED_SIGNATURE_INVALID', async (spoiled, { server, suspend }) => {
        server.serve(await suspend(spoiled ? { registryKey: key(SC, 'registry') } : {}));
        return {};
      }));
    it('a manifest in the name of another authority, signed by this one', () =>
      attack('FEED_AUTHORITY_MISMATCH', async (spoiled, { server, suspend }) => {
        server.serve(await suspend(spoiled ? { manifest: { authority: SC } } : {}));
        return {};
      }));
    it('the feed of another authority under this address', () =>
      attack('FEED_SIGNATURE_INVALID', async (spoiled, { server, suspend }) => {
        const other = await new Publisher(SC).newRoot();
        server.serve(spoiled ? { ...(await other.publish({}, DAY1)), roots: [] } : await suspend());
        return {};
      }));
    for (const [name, signers] of [
      ['only the new keys', [3, 4]],
      ['only the old keys', [0, 1]],
      ['one old and one new key', [0, 3]],
      ['one old key twice', [0, 0, 3, 4]],
    ] as const)
      it(`root 2 signed by ${name}`, () =>
        attack('FEED_ROOT_CHAIN', async (spoiled, { server, publisher, suspend }) => {
          const all = [...publisher.rootKeys, ...['r4', 'r5', 'r6'].map((id) => key(CQ, id))];
          publisher.rootKeys.splice(0, 3, ...all.slice(3));
          await publisher.newRoot(
            {},
            (spoiled ? signers : [0, 1, 3, 4]).flatMap((i) => all[i] ?? []),
          );
          server.serve(await suspend());
          return {};
        }));
    it('a root version left out', () =>
      attack('FEED_ROOT_CHAIN', async (spoiled, { server, publisher, suspend }) => {
        await publisher.newRoot();
        await publisher.newRoot();
        server.serve(await suspend());
        if (spoiled) server.put('root/2.json', server.find('root/3').text);
        return {};
      }));
    it('an expired root', () =>
      attack('FEED_ROOT_EXPIRED', async (spoiled, { server, publisher, suspend }) => {
        await publisher.newRoot({ expires: spoiled ? `${DAY2}T00:00:00Z` : `${DAY2}T23:00:00Z` });
        server.serve(await suspend());
        return {};
      }));
    it('clock set back: data that should have been renewed stays so, however early the clock says it is', () =>
      attack('FEED_NOT_FRESH', async (spoiled, { server, suspend }) => {
        server.serve(await suspend());
        return { now: DAY2 + 'T00:00:00Z', seenTime: spoiled ? '2026-12-24T00:00:00Z' : undefined };
      }));
    it('clock set back: an expired root does not come to life again', () =>
      attack('FEED_ROOT_EXPIRED', (spoiled) =>
        Promise.resolve({ seenTime: spoiled ? '2030-06-01T00:00:00Z' : undefined }),
      ));
    it('no freshness file, and one that is not JSON', async () => {
      const { server, update, held } = await world();
      server.put('freshness.json', '{"payload":1,"payload":2}');
      assert.deepEqual(codes(await update(held)), ['JSON_DUPLICATE_KEY']);
      server.files.delete('freshness.json');
      const result = await update(held);
      assert.deepEqual([codes(result), result.state], [['FEED_FILE_MISSING'], held]);
    });
  });

  describe('recovery by a new root', () => {
    /** Whoever stole the online keys publishes far ahead, in sequence and time. */
    async function stolen() {
      const own = await world();
      const { publisher, server, update, held, rows } = own;
      publisher.sequence = 2 ** 39;
      server.serve(await publisher.publish({}, DAY1));
      const misled = accepted(await update(held));
      assert.equal(misled.manifest.sequence, 2 ** 39 + 1);
      [publisher.sequence, publisher.prev] = [1, held.manifestSha256];
      const recover = async (rotate: boolean): Promise<void> => {
        if (rotate) {
          [publisher.registryKey, publisher.freshnessKey] = [key(CQ, 'registry-2'), key(CQ, 'freshness-2')];
          await publisher.newRoot();
        }
        server.serve(await publisher.publish({ ...rows, events: [EVENT] }, DAY1));
      };
      return { ...own, misled, recover };
    }
    it('fast-forward: new online keys start new counters; without them the client stays where the thief left it', async () => {
      const without = await stolen();
      await without.recover(false);
      assert.deepEqual(codes(await without.update(without.misled)), ['FEED_ROLLBACK']);
      const { update, misled, recover } = await stolen();
      await recover(true);
      const result = await update(misled);
      assert.deepEqual([sequence(accepted(result)), result.recovered], [2, true]);
    });
    it('stolen registry key: what it signs after the new root is refused', async () => {
      const { publisher, server, update, misled, recover } = await stolen();
      const thief = publisher.registryKey;
      await recover(true);
      const recovered = accepted(await update(misled));
      server.serve(await publisher.publish({}, DAY1, { registryKey: thief }));
      const result = await update(recovered);
      assert.deepEqual([codes(result), result.state], [['FEED_SIGNATURE_INVALID'], recovered]);
      publisher.sequence--;
      publisher.prev = recovered.manifestSha256;
      server.serve(await publisher.publish({}, DAY1));
      assert.equal(sequence(accepted(await update(recovered))), 3);
    });
    it('stolen freshness key of the anchor: a clock it moved far ahead comes back with the new root', async () => {
      const { publisher, server, update, held, suspend } = await world();
      const dated = await publisher.freshness('2036-11-20', held.manifestSha256, { freshness: { sequence: 1 } });
      server.put('freshness.json', JSON.stringify(dated));
      const misled = accepted(await update(held, { mayLeadClock: true }));
      const seenTime = misled.freshness.issuedAt;
      server.serve(await suspend());
      const stuck = await update(misled, { mayLeadClock: true, seenTime });
      assert.deepEqual(codes(stuck), ['FEED_ROOT_EXPIRED']);
      publisher.freshnessKey = key(CQ, 'freshness-2');
      await publisher.newRoot();
      server.serve(await suspend());
      assert.equal(sequence(accepted(await update(misled, { mayLeadClock: true, seenTime }))), 3);
    });
    it('follows several roots at once, and starts anew from a later pin', async () => {
      const { publisher, server, update, held, suspend } = await world();
      await publisher.newRoot();
      await publisher.newRoot();
      server.serve(await suspend());
      const third = accepted(await update(held));
      assert.deepEqual([third.root.version, third.signed.roots.length], [3, 3]);

      const reborn = new Publisher(CQ);
      reborn.rootKeys.splice(0, 3, ...['n1', 'n2', 'n3'].map((id) => key(CQ, id)));
      reborn.registryKey = key(CQ, 'registry-n');
      reborn.roots.push(...publisher.roots);
      await reborn.newRoot();
      const pin = { version: 4, digestMultibase: reborn.roots[3]?.digestMultibase ?? '' };
      server.serve(await reborn.publish({}, DAY2));
      assert.deepEqual(codes(await update(third)), ['FEED_ROOT_CHAIN']);
      const anew = accepted(await update(third, { pin }));
      assert.deepEqual([anew.root.version, anew.signed.roots.length], [4, 1]);
    });
  });

  it('continues an interrupted download: whole parts that arrived are not fetched again', async () => {
    const { publisher, server, update, rows } = await world();
    const files = await publisher.publish(
      { ...rows, events: [EVENT], recognitions: [w.recognition({ authority: CQ, subject: SC })] },
      DAY1,
    );
    const fresh = new FeedServer().serve(files);
    fresh.breaksAfter = 5;
    const broken = await update(undefined, { fetch: fresh.fetch });
    assert.deepEqual([codes(broken), broken.state], [['FEED_UNREACHABLE'], undefined]);
    const first = fresh.paths().filter((path) => path.startsWith('parts/'));
    assert.equal(Object.keys(broken.pending).length, first.length - 1);
    fresh.breaksAfter = Infinity;
    const { pending } = broken;
    const spoiled = Object.fromEntries(Object.keys(pending).map((sha256) => [sha256, 'spoiled on disk\n']));
    assert.ok(accepted(await update(undefined, { fetch: fresh.fetch, pending: spoiled })));
    assert.equal(fresh.paths().filter((path) => first[0] === path).length, 1);
    const resumed = await update(undefined, { fetch: fresh.fetch, pending });
    assert.ok(accepted(resumed));
    assert.ok(!fresh.paths().includes(first[0] ?? ''));
    assert.deepEqual(resumed.pending, {});
    assert.ok(server);
  });

  describe('deltas', () => {
    const many = (count: number, changed: number): Rows => ({
      accreditations: Array.from({ length: count }, (_, i) => {
        const institution = `did:web:i${i}.cq.example`;
        const code = `S0000500${String(i).padStart(5, '0')}`;
        const legalName =
          i % Math.ceil(count / Math.max(changed, 1)) === 7 && changed > 0 ? '改名公司' : '某技能评价公司';
        return w.accreditation({
          id: `urn:yizheng:accreditation:${code}:1`,
          institution,
          institutionCode: code,
          legalName,
        });
      }),
    });
    async function grown(count: number, changed: number) {
      const publisher = await new Publisher(CQ).newRoot();
      const server = new FeedServer().serve(await publisher.publish(many(count, 0), DAY0));
      const update = (held?: HeldFeed, changes: Partial<UpdateFeedOptions> = {}) =>
        updateFeed({ authority: CQ, pin: publisher.pin, held, fetch: server.fetch, now: NOW, ...changes });
      const whole = await update();
      const held = accepted(whole);
      const files = await publisher.publish(many(count, changed), DAY1);
      server.serve(files);
      server.paths();
      return { server, update, held, whole, files };
    }
    it('a change of 0.2 % of 10,000 institutions costs less than 1 % of the whole', async () => {
      const { server, update, held, whole } = await grown(10_000, 20);
      const result = await update(held);
      assert.equal(accepted(result).manifest.sequence, 2);
      assert.ok(server.paths().some((path) => path.startsWith('delta/accreditations/')));
      assert.equal(result.content?.accreditations.filter(({ legalName }) => legalName === '改名公司').length, 20);
      assert.ok(result.bytesFetched < whole.bytesFetched / 100, `${result.bytesFetched} of ${whole.bytesFetched}`);
    });
    it('a delta that is false, malformed, endless or gone cannot stop the update: the whole part is fetched', async () => {
      const { server, update, held } = await grown(40, 2);
      const { path, text } = server.find('delta/accreditations');
      const delta = JSON.parse(text) as { upsert: { legalName: string }[]; remove: string[] };
      const renamed = { ...delta, upsert: delta.upsert.map((row) => ({ ...row, legalName: '改名公私' })) };
      const longer = { ...delta, upsert: delta.upsert.map((row) => ({ ...row, legalName: '某' })) };
      const removed = { ...delta, remove: ['urn:yizheng:accreditation:none:1'] };
      const fewer = { ...delta, remove: ['urn:yizheng:accreditation:S000050000000:1'] };
      for (const [spoiled, code] of [
        [JSON.stringify(renamed), 'FEED_DELTA_HASH'],
        [JSON.stringify(longer), 'FEED_DELTA_LENGTH'],
        [JSON.stringify(fewer), 'FEED_DELTA_ROWS'],
        [JSON.stringify(removed), 'FEED_DELTA_INVALID'],
        [JSON.stringify({ ...delta, from: '00'.repeat(32) }), 'FEED_DELTA_INVALID'],
        ['{"part":', 'JSON_SYNTAX'],
        [' '.repeat(200_000), 'FEED_TOO_LARGE'],
      ] as const) {
        server.put(path, spoiled);
        const result = await update(held);
        assert.deepEqual(codes(result), [code]);
        assert.equal(sequence(result.state), 2);
        assert.ok(server.paths().some((name) => name.startsWith('parts/')));
      }
      server.files.delete(path);
      assert.equal(sequence(accepted(await update(held))), 2);
    });
    it('adds, changes and removes rows, and gives exactly the bytes published', () => {
      const rows = many(30, 0).accreditations ?? [];
      const before = buildPart('accreditations', rows.slice(0, 25));
      const [, second, ...rest] = rows;
      const after = buildPart('accreditations', [{ ...w.accreditation(second), legalName: '新名' }, ...rest]);
      const delta = makeDelta('accreditations', before.text, after.text);
      assert.deepEqual([delta?.upsert.length, delta?.remove.length], [6, 1]);
      assert.equal(applyDelta(before.text, JSON.stringify(delta), after), after.text);
      const empty = buildPart('accreditations', []);
      const all = makeDelta('accreditations', empty.text, after.text);
      assert.equal(applyDelta(empty.text, JSON.stringify(all), after), after.text);
      assert.throws(() => applyDelta(after.text, JSON.stringify(delta), after), refused('FEED_DELTA_INVALID'));
    });
    it('makes none where a row would not come out byte for byte', () => {
      assert.equal(makeDelta('events', '', '{"id": "a"}\n'), undefined);
      assert.equal(makeDelta('events', '', '{"id":"a"}\n')?.upsert.length, 1);
    });
  });
});

describe('trust: updating everything held for an anchor', () => {
  async function alliance() {
    const sc = await new Publisher(SC).newRoot();
    const cq = await new Publisher(CQ).newRoot();
    const scRows: Rows = { recognitions: [w.recognition({ registryRoot: cq.pin })] };
    const cqRows: Rows = { accreditations: [w.accreditation()] };
    const servers: Record<string, FeedServer> = {
      [SC]: new FeedServer().serve(await sc.publish(scRows, DAY0)),
      [CQ]: new FeedServer().serve(await cq.publish(cqRows, DAY0)),
    };
    const update = (held?: HeldState, changes: Partial<UpdateTrustOptions> = {}) =>
      updateTrust({
        anchor: SC,
        anchorRoot: sc.pin,
        held,
        fetchFor: (authority) => servers[authority]?.fetch ?? (() => Promise.reject(new Error(authority))),
        now: NOW,
        ...changes,
      });
    return { sc, cq, scRows, cqRows, servers, update };
  }
  const outcome = (view: Parameters<typeof decide>[1], now = NOW): string =>
    decide(w.facts(), view, { anchor: SC, now }).outcome;

  it('fetches the anchor’s feed and those it recognises, and the next time only what changed', async () => {
    const { update, cq, cqRows, servers } = await alliance();
    const first = await update();
    assert.deepEqual([first.findings, outcome(first.view)], [[], 'recognised']);
    servers[CQ]?.serve(
      await cq.publish({ ...cqRows, events: [w.event({ effectiveFrom: '2025-01-01T00:00:00Z' })] }, DAY1),
    );
    const second = await update(first.state);
    assert.deepEqual([second.findings, outcome(second.view)], [[], 'not-recognised']);
    assert.ok(second.bytesFetched < first.bytesFetched);
    assert.equal(outcome(viewOfState(JSON.parse(JSON.stringify(second.state)) as HeldState)), 'not-recognised');
  });
  it('exports what is held as a bundle that another device accepts', async () => {
    const { update, sc } = await alliance();
    const { state, view } = await update();
    const imported = importBundle(exportBundle(state), { anchor: SC, anchorRoot: sc.pin, now: NOW });
    assert.deepEqual(imported.view.feeds, view.feeds);
    assert.deepEqual(codes(imported), ['BUNDLE_INDEX_MISSING']);
    assert.equal(outcome(imported.view), 'recognised');
  });
  it('keeps a partner as held when its feed is refused or cannot be reached, and goes on with the others', async () => {
    const { update, cq, servers } = await alliance();
    const { state } = await update();
    const server = servers[CQ];
    assert.ok(server);
    [cq.sequence, cq.prev] = [0, undefined];
    server.serve(await cq.publish({}, DAY1));
    const result = await update(state);
    assert.deepEqual([codes(result), outcome(result.view)], [['FEED_EQUIVOCATION'], 'recognised']);
    assert.deepEqual(result.state.feeds[CQ], state.feeds[CQ]);
    assert.deepEqual(
      result.state.evidence?.map(({ authority }) => authority),
      [CQ],
    );
    const again = await update(result.state);
    assert.equal(again.state.evidence?.length, 1);
    server.breaksAfter = 0;
    const offline = await update(state);
    assert.deepEqual([codes(offline), outcome(offline.view)], [['FEED_UNREACHABLE'], 'recognised']);
  });
  it('keeps what it has when the anchor cannot be reached; with nothing held, says why', async () => {
    const { update, servers } = await alliance();
    const { state } = await update();
    const server = servers[SC];
    assert.ok(server);
    server.breaksAfter = 0;
    const result = await update(state);
    assert.deepEqual([codes(result), outcome(result.view)], [['FEED_UNREACHABLE'], 'recognised']);
    assert.deepEqual(result.state, state);
    await assert.rejects(update(), refused('FEED_UNREACHABLE'));
    await assert.rejects(update(state, { anchor: CQ }), refused('STATE_OF_OTHER_ANCHOR'));
  });
  it('asks nobody the anchor does not recognise, and goes onward only where it lets its partner recognise others', async () => {
    const { update, sc, cq, servers } = await alliance();
    const mo = await new Publisher(w.MO).newRoot();
    const moServer = new FeedServer().serve(await mo.publish({}, DAY0));
    servers[w.MO] = moServer;
    const cqSays = [w.recognition({ authority: CQ, subject: w.MO, registryRoot: mo.pin })];
    servers[CQ]?.serve(await cq.publish({ recognitions: cqSays }, DAY1));
    const { state } = await update();
    assert.deepEqual(moServer.paths(), []);
    const onward = w.recognition({ registryRoot: cq.pin }, { action: 'recognize', onward: { maxDepth: 1 } });
    servers[SC]?.serve(await sc.publish({ recognitions: [onward] }, DAY1));
    assert.ok((await update(state)).view.feedOf(w.MO));
  });
  it('keeps the parts of a feed that broke off for the next update', async () => {
    const { update, cq, cqRows, servers } = await alliance();
    const { state } = await update();
    const server = servers[CQ];
    assert.ok(server);
    server.serve(await cq.publish({ accreditations: [w.accreditation({}, { validUntil: '2028-01-01T00:00:00+08:00' })], events: [w.event({})] }, DAY1)); // prettier-ignore
    server.paths();
    server.breaksAfter = 4;
    const broken = await update(state);
    assert.deepEqual(codes(broken), ['FEED_UNREACHABLE']);
    assert.equal(Object.keys(broken.state.pending ?? {}).length, 1);
    const [, , , taken] = server.paths();
    server.breaksAfter = Infinity;
    const resumed = await update(broken.state);
    assert.deepEqual([codes(resumed), resumed.state.pending], [[], undefined]);
    assert.ok(!server.paths().includes(taken ?? ''));
    assert.ok(cqRows);
  });
  it('does not believe a clock set back: a partner frozen for months is not taken for fresh', async () => {
    const { update, sc, scRows, servers } = await alliance();
    servers[SC]?.serve(await sc.publish(scRows, '2026-12-20'));
    const { state } = await update(undefined, { now: '2026-12-20T06:00:00Z' });
    const rewound = await update(state, { now: '2026-11-20T00:00:00Z' });
    assert.deepEqual(codes(rewound), ['FEED_NOT_FRESH']);
    assert.equal(rewound.state.seenTime, '2026-12-20T00:00:00Z');
    const honest = await alliance();
    const early = await honest.update(undefined, { now: '2026-11-20T00:00:00Z' });
    assert.deepEqual(codes(early), []);
    const seen = { ...early.state, seenTime: '2026-12-20T00:00:00Z' };
    assert.deepEqual(codes(await honest.update(seen)), ['FEED_NOT_FRESH', 'FEED_NOT_FRESH']);
  });
});

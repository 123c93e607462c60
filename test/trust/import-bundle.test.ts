import assert from 'node:assert/strict';
import { decide } from '../../shared/trust/decide.js';
import { importBundle, viewOfState, type HeldState, type ImportResult } from '../../shared/trust/import-bundle.js';
import { jwkThumbprint, signCompact, type Envelope } from '../../shared/trust/jws.js';
import { verifyStatement } from '../../shared/trust/statement-credential.js';
import type { FeedFiles } from '../../shared/trust/verify-feed.js';
import { key, Publisher, type Rows } from './publisher.js';
import * as w from './world.js';

const { SC, CQ, GD, HN } = w;
const NOW = '2026-11-20T12:00:00Z';
const DAY0 = '2026-11-19';
const DAY1 = '2026-11-20';

/** Sichuan (the anchor) and Chongqing, which it recognises, published on the same day. */
async function twoAuthorities(day = DAY0) {
  const sc = await new Publisher(SC).newRoot();
  const cq = await new Publisher(CQ).newRoot();
  const scRows: Rows = { recognitions: [w.recognition({ registryRoot: cq.pin })] };
  const cqRows: Rows = { accreditations: [w.accreditation()] };
  const feeds: Record<string, FeedFiles> = { [SC]: await sc.publish(scRows, day), [CQ]: await cq.publish(cqRows, day) };
  return { sc, cq, scRows, cqRows, feeds };
}
type World = Awaited<ReturnType<typeof twoAuthorities>>;

async function load(world: World, held?: HeldState, now = NOW): Promise<ImportResult> {
  const bytes = new TextEncoder().encode(await world.sc.pack(world.feeds, DAY0));
  return importBundle(bytes, { anchor: SC, anchorRoot: world.sc.pin, held, now });
}
const findings = (result: ImportResult): string[] => result.findings.map((finding) => finding.code);
const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code;
const outcome = (result: { view: ImportResult['view'] }, now = NOW): string =>
  decide(w.facts(), result.view, { anchor: SC, now }).outcome;

describe('trust: importing a bundle', () => {
  it('builds a view from the anchor’s feed and those it recognises, and again from what is kept', async () => {
    const result = await load(await twoAuthorities());
    assert.deepEqual(findings(result), []);
    assert.equal(outcome(result), 'recognised');
    assert.equal(result.view.authorityName(CQ), '重庆市人力资源和社会保障局');
    assert.equal(result.view.institutionName(w.INSTITUTION), '重庆某技能评价有限公司');
    const again = viewOfState(JSON.parse(JSON.stringify(result.state)) as HeldState);
    assert.deepEqual(again.feeds, result.view.feeds);
    assert.equal(outcome({ view: again }), 'recognised');
  });
  it('takes the same bundle twice without complaint', async () => {
    const world = await twoAuthorities();
    const result = await load(world, (await load(world)).state);
    assert.deepEqual(findings(result), []);
  });

  describe('the anchor’s own feed: the whole bundle is refused and nothing changes', () => {
    it('refuses a bundle signed by the wrong key', async () => {
      const world = await twoAuthorities();
      world.feeds[SC] = await world.sc.publish(world.scRows, DAY1, { registryKey: key(HN, 'registry') });
      await assert.rejects(load(world), refused('BUNDLE_SIGNATURE_INVALID'));
      world.feeds[SC] = await world.sc.publish(world.scRows, DAY1, { freshnessKey: world.sc.registryKey });
      await assert.rejects(load(world), refused('BUNDLE_SIGNATURE_INVALID'));
    });
    it('refuses the feed of another root, and starts from no root at all only with a pin', async () => {
      const world = await twoAuthorities();
      const twin = new Publisher(SC);
      twin.rootKeys.splice(0, 3, key(SC, 'x1'), key(SC, 'x2'), key(SC, 'x3'));
      world.feeds[SC] = await twin.publish(world.scRows, DAY0);
      await assert.rejects(load(world), refused('BUNDLE_ROOT_UNKNOWN'));
      const bytes = await world.sc.pack(world.feeds, DAY0);
      assert.throws(() => importBundle(bytes, { anchor: SC, now: NOW }), refused('BUNDLE_ANCHOR_UNPINNED'));
      assert.throws(
        () => importBundle(bytes, { anchor: HN, anchorRoot: world.sc.pin, now: NOW }),
        refused('BUNDLE_ANCHOR_MISSING'),
      );
    });
    it('rollback: refuses an old bundle after a newer one', async () => {
      const world = await twoAuthorities();
      const old = { ...world.feeds };
      world.feeds[SC] = await world.sc.publish(world.scRows, DAY1);
      const { state } = await load(world);
      await assert.rejects(load({ ...world, feeds: old }, state), refused('BUNDLE_ROLLBACK'));
      assert.equal(outcome(await load({ ...world, feeds: old })), 'recognised');
    });
    it('rollback: refuses a lower sequence under a newer date, and an older date of the same sequence', async () => {
      const world = await twoAuthorities();
      world.feeds[SC] = await world.sc.publish(world.scRows, DAY0);
      const { state } = await load(world);
      const redated = (changes: object) => ({
        ...world,
        feeds: { ...world.feeds, [SC]: { ...world.feeds[SC]!, ...changes } },
      });
      const sequence = { freshness: await world.sc.freshness(DAY1, '00'.repeat(32), { freshness: { sequence: 1 } }) };
      await assert.rejects(load(redated(sequence), state), refused('BUNDLE_ROLLBACK'));
      const date = { freshness: await world.sc.freshness('2026-11-10', world.sc.prev!) };
      await assert.rejects(load(redated(date), state), refused('BUNDLE_ROLLBACK'));
    });
    it('refuses an expired root', async () => {
      const world = await twoAuthorities();
      await assert.rejects(load(world, undefined, '2030-06-01T00:00:00Z'), refused('FEED_ROOT_EXPIRED'));
    });
    it('refuses what is no bundle, and a state of another anchor', async () => {
      assert.throws(() => importBundle('{}', { anchor: SC, now: NOW }), refused('BUNDLE_INVALID'));
      assert.throws(() => importBundle('{"v":1,"v":1}', { anchor: SC, now: NOW }), refused('JSON_DUPLICATE_KEY'));
      const world = await twoAuthorities();
      const { state } = await load(world);
      assert.throws(() => importBundle('{}', { anchor: CQ, held: state, now: NOW }), refused('STATE_OF_OTHER_ANCHOR'));
    });
  });

  describe('root rotation', () => {
    it('follows root 1 to root 2 signed by the old and the new keys', async () => {
      const world = await twoAuthorities();
      const { state } = await load(world);
      const old = world.sc.rootKeys.slice();
      world.sc.rootKeys[0] = key(SC, 'r4');
      await world.sc.newRoot({}, [old[0]!, old[1]!, world.sc.rootKeys[0], world.sc.rootKeys[1]!]);
      world.feeds[SC] = await world.sc.publish(world.scRows, DAY1);
      assert.equal((await load(world, state)).state.feeds[SC]!.root.version, 2);
      assert.equal((await load(world)).state.feeds[SC]!.root.version, 2);
    });
    for (const [name, signers] of [
      ['only the new keys', [3, 1, 2]],
      ['one old key, twice', [0, 0]],
      ['only old keys', [0, 1]],
    ] as const)
      it(`refuses root 2 signed by ${name}`, async () => {
        const world = await twoAuthorities();
        const all = [...world.sc.rootKeys, key(SC, 'r4'), key(SC, 'r5'), key(SC, 'r6')];
        world.sc.rootKeys.splice(0, 3, all[3]!, all[4]!, all[5]!);
        await world.sc.newRoot({}, name === 'only the new keys' ? [all[3]!, all[4]!] : signers.map((i) => all[i]!));
        world.feeds[SC] = await world.sc.publish(world.scRows, DAY1);
        await assert.rejects(load(world), refused('FEED_ROOT_CHAIN'));
      });
    it('refuses a gap in the chain and a root for another authority', async () => {
      const world = await twoAuthorities();
      await world.sc.newRoot({});
      await world.sc.newRoot({});
      world.feeds[SC] = await world.sc.publish(world.scRows, DAY1);
      world.feeds[SC].roots.splice(1, 1);
      await assert.rejects(load(world), refused('FEED_ROOT_CHAIN'));
      const other = await twoAuthorities();
      other.feeds[SC]!.roots.push(other.cq.roots[0]!.envelope);
      await assert.rejects(load(other), refused('FEED_AUTHORITY_MISMATCH'));
    });
    it('refuses a pinned root below its own threshold: one key signing three times is one key', async () => {
      const world = await twoAuthorities();
      const sc = new Publisher(SC);
      await sc.newRoot({}, [sc.rootKeys[0]!, sc.rootKeys[0]!, sc.rootKeys[0]!]);
      world.feeds[SC] = await sc.publish(world.scRows, DAY0);
      await assert.rejects(load({ ...world, sc }), refused('BUNDLE_SIGNATURE_INVALID'));
    });
    it('refuses a root that lists one key under two names, or a threshold it cannot meet', async () => {
      const sc = new Publisher(SC);
      const [one] = sc.rootKeys;
      await assert.rejects(
        sc.newRoot({ keys: { [one!.kid]: one!.jwk, other: one!.jwk } }),
        refused('FEED_METADATA_INVALID'),
      );
      const roles = (await new Publisher(SC).newRoot()).root.roles;
      await assert.rejects(
        sc.newRoot({ roles: { ...roles, root: { threshold: 2, keyids: [one!.kid, one!.kid] } } }),
        refused('FEED_METADATA_INVALID'),
      );
      assert.equal(jwkThumbprint(one!.jwk), one!.kid);
    });
    it('fast-forward: recovers from a stolen registry key that ran the sequence far ahead', async () => {
      const world = await twoAuthorities();
      world.sc.sequence = 1_000_000;
      world.feeds[SC] = await world.sc.publish(world.scRows, DAY1);
      const { state } = await load(world);
      const honest = async (rotate: boolean) => {
        const sc = new Publisher(SC);
        await sc.newRoot();
        if (rotate) {
          sc.registryKey = key(SC, 'registry2');
          sc.freshnessKey = key(SC, 'freshness2');
          await sc.newRoot();
        }
        return load({ ...world, sc, feeds: { ...world.feeds, [SC]: await sc.publish(world.scRows, DAY1) } }, state);
      };
      await assert.rejects(honest(false), refused('BUNDLE_ROLLBACK'));
      assert.equal((await honest(true)).view.feedOf(SC)?.sequence, 1);
    });
  });

  describe('a partner’s feed: reported, its last good one kept', () => {
    async function attack(spoil: (world: World) => Promise<void> | void, expected: string): Promise<void> {
      const world = await twoAuthorities();
      const { state } = await load(world);
      await spoil(world);
      const result = await load(world, state);
      assert.deepEqual(
        result.findings.filter(({ authority }) => authority === CQ).map(({ code }) => code),
        [expected],
      );
      assert.deepEqual(result.state.feeds[CQ], state.feeds[CQ]);
      assert.equal(outcome(result), 'recognised');
      const fresh = await load(world);
      if (!['FEED_ROLLBACK', 'FEED_EQUIVOCATION', 'FEED_FORK'].includes(expected)) {
        assert.equal(fresh.view.feedOf(CQ), undefined);
        assert.equal(outcome(fresh), 'undetermined');
      } else assert.notEqual(fresh.view.feedOf(CQ), undefined, 'without the state held the attack would pass');
    }
    it('rollback', () =>
      attack(async (world) => {
        world.cq.sequence = 0;
        world.cq.prev = undefined;
        world.feeds[CQ] = await world.cq.publish({}, '2026-11-01');
      }, 'FEED_ROLLBACK'));
    it('equivocation: two manifests with one sequence', () =>
      attack(async (world) => {
        world.cq.sequence = 0;
        world.cq.prev = undefined;
        world.feeds[CQ] = await world.cq.publish({}, DAY1);
      }, 'FEED_EQUIVOCATION'));
    it('fork: a next manifest that does not follow the one held', () =>
      attack(async (world) => {
        world.cq.prev = '11'.repeat(32);
        world.feeds[CQ] = await world.cq.publish(world.cqRows, DAY1);
      }, 'FEED_FORK'));
    it('mix-and-match: the manifest of another day', () =>
      attack(async (world) => {
        const next = await world.cq.publish({}, DAY1);
        world.feeds[CQ] = { ...next, manifest: world.feeds[CQ]!.manifest };
      }, 'FEED_MANIFEST_MISMATCH'));
    it('a manifest signed by another authority', () =>
      attack(async (world) => {
        world.feeds[CQ] = await world.cq.publish(world.cqRows, DAY1, { registryKey: world.sc.registryKey });
      }, 'FEED_SIGNATURE_INVALID'));
    it('a manifest passed off as freshness: one kind never passes for another', () =>
      attack((world) => {
        world.feeds[CQ] = { ...world.feeds[CQ]!, freshness: world.feeds[CQ]!.manifest };
      }, 'FEED_SIGNATURE_INVALID'));
    it('one changed byte in a payload', () =>
      attack((world) => {
        const manifest = world.feeds[CQ]!.manifest as Envelope;
        const payload = Buffer.from(manifest.payload, 'base64url').toString().replace('"sequence":1', '"sequence":2');
        world.feeds[CQ] = {
          ...world.feeds[CQ]!,
          manifest: { ...manifest, payload: Buffer.from(payload).toString('base64url') },
        };
      }, 'FEED_SIGNATURE_INVALID'));
    it('a feed dated in the future', () =>
      attack(async (world) => {
        world.feeds[CQ] = await world.cq.publish(world.cqRows, '2027-11-20');
      }, 'FEED_FROM_FUTURE'));
    it('a missing part', () =>
      attack(async (world) => {
        const next = await world.cq.publish({ ...world.cqRows, events: [w.event({})] }, DAY1);
        delete next.parts['events'];
        world.feeds[CQ] = next;
      }, 'FEED_PART_MISSING'));
    it('a changed part', () =>
      attack(async (world) => {
        const next = await world.cq.publish({ ...world.cqRows, events: [w.event({})] }, DAY1);
        next.parts['events'] = next.parts['events']!.replace('suspend', 'suspexd');
        world.feeds[CQ] = next;
      }, 'FEED_PART_HASH'));
    it('endless data: a part longer than its manifest says, or than any may be', async () => {
      await attack(async (world) => {
        const next = await world.cq.publish({ ...world.cqRows, events: [w.event({})] }, DAY1);
        next.parts['events'] = `${next.parts['events'] ?? ''}${' '.repeat(1000)}`;
        world.feeds[CQ] = next;
      }, 'FEED_PART_LENGTH');
      const huge = [{ name: 'events', length: 2 ** 40, sha256: '00'.repeat(32), rows: 1 }];
      await attack(async (world) => {
        world.feeds[CQ] = await world.cq.publish({}, DAY1, { manifest: { parts: huge } });
      }, 'FEED_PART_LENGTH');
    });
    it('a statement in the name of another authority', () =>
      attack(async (world) => {
        world.feeds[CQ] = await world.cq.publish({ ...world.cqRows, events: [w.event({ authority: SC })] }, DAY1);
      }, 'FEED_STATEMENT_FOREIGN'));
    it('a recognition signed by a key of another authority, or a retired one', async () => {
      const rows = { recognitions: [w.recognition({ authority: CQ, subject: SC })] };
      for (const statementKey of [key(SC, 'registry'), key(CQ, 'retired')])
        await attack(async (world) => {
          world.feeds[CQ] = await world.cq.publish(rows, DAY1, { statementKey });
        }, 'STATEMENT_SIGNATURE_INVALID');
    });
    it('one key name with two keys behind it', () =>
      attack(async (world) => {
        const second = w.accreditation({
          id: 'urn:yizheng:accreditation:S000050000001:2',
          signingKeys: [
            {
              id: `${w.INSTITUTION}#k1`,
              type: 'Multikey',
              publicKeyMultibase: w.OTHER_KEY,
              validFrom: '2024-01-01T00:00:00+08:00',
            },
          ],
        });
        world.feeds[CQ] = await world.cq.publish({ accreditations: [w.accreditation(), second] }, DAY1);
      }, 'FEED_KEY_CONFLICT'));
    it('a row that says something impossible', () =>
      attack(async (world) => {
        world.feeds[CQ] = await world.cq.publish(
          { events: [{ ...w.event({}), effectiveUntil: '2020-01-01T00:00:00Z' }] },
          DAY1,
        );
      }, 'STATEMENT_INVALID'));
  });

  it('freeze: says that a feed was not renewed, and the decision grows careful and then silent', async () => {
    const world = await twoAuthorities('2026-10-01');
    const frozen = await load(world, undefined, '2026-10-10T00:00:00Z');
    assert.deepEqual(findings(frozen), ['FEED_NOT_FRESH', 'FEED_NOT_FRESH']);
    assert.equal(outcome(frozen, '2026-10-10T00:00:00Z'), 'recognised');
    assert.equal(outcome(frozen, '2026-11-01T00:00:00Z'), 'undetermined');
  });
  it('clock set back: an old feed does not become new again', async () => {
    const world = await twoAuthorities();
    world.feeds[SC] = await world.sc.publish(world.scRows, DAY1);
    const { state } = await load(world);
    const rewound = importBundle(await world.sc.pack(world.feeds, DAY1), {
      anchor: SC,
      held: state,
      now: '2026-01-01T00:00:00Z',
    });
    assert.equal(rewound.state.seenTime, `${DAY1}T00:00:00Z`);
    assert.equal(outcome(rewound, '2026-01-01T00:00:00Z'), 'undetermined');
  });
  it('does not even parse a feed nobody on the path recognises, nor one without a pinned root', async () => {
    const world = await twoAuthorities();
    const poison = { roots: ['not an envelope'], freshness: 1, manifest: 2, parts: { events: '{' } };
    world.feeds[HN] = poison;
    const result = await load(world);
    assert.deepEqual([findings(result), result.view.feedOf(HN)], [[], undefined]);
    world.feeds[SC] = await world.sc.publish({ recognitions: [w.recognition()] }, DAY1);
    assert.deepEqual(findings(await load(world)), ['FEED_UNPINNED']);
  });
  it('goes onward only where the anchor lets its partner recognise others', async () => {
    const gd = await new Publisher(GD).newRoot();
    const cq = await new Publisher(CQ).newRoot();
    const sc = await new Publisher(SC).newRoot();
    const gdFiles = await gd.publish({ recognitions: [w.recognition({ authority: GD, registryRoot: cq.pin })] }, DAY0);
    const cqFiles = await cq.publish({ accreditations: [w.accreditation()] }, DAY0);
    const anchored = async (action: object) =>
      load({
        sc,
        cq,
        scRows: {},
        cqRows: {},
        feeds: {
          [GD]: gdFiles,
          [CQ]: cqFiles,
          [SC]: await sc.publish(
            { recognitions: [w.recognition({ subject: GD, registryRoot: gd.pin }, action)] },
            DAY0,
          ),
        },
      });
    assert.equal((await anchored({})).view.feedOf(CQ), undefined);
    const onward = await anchored({ action: 'recognize', onward: { maxDepth: 1 } });
    assert.equal(outcome(onward), 'recognised');
  });
  it('notices a bundle from which a feed was taken out, or in which one was exchanged', async () => {
    const world = await twoAuthorities();
    const { [CQ]: cq, ...rest } = world.feeds;
    const open = (text: string) => findings(importBundle(text, { anchor: SC, anchorRoot: world.sc.pin, now: NOW }));
    assert.deepEqual(open(await world.sc.pack(rest, DAY0, world.feeds)), ['BUNDLE_INCOMPLETE']);
    const newer = await world.cq.publish({}, DAY1);
    assert.deepEqual(open(await world.sc.pack(world.feeds, DAY0, { ...world.feeds, [CQ]: newer })), ['BUNDLE_MIXED']);
    assert.deepEqual(open(await world.cq.pack(world.feeds, DAY0)), ['BUNDLE_INDEX_UNVERIFIED']);
    assert.ok(cq);
  });
});

describe('trust: signed statements', () => {
  const signer = key(SC, 'registry');
  const keyOf = (method: string) => (method === signer.method ? signer.jwk : undefined);
  it('refuses an unsigned one, another algorithm, other header members, and another type', async () => {
    const payload = 'e30';
    for (const header of [
      { alg: 'none', typ: 'vc+jwt', kid: signer.method },
      { alg: 'HS256', typ: 'vc+jwt', kid: signer.method },
      { alg: 'EdDSA', typ: 'vc+jwt', kid: signer.method, jwk: signer.jwk },
    ]) {
      const head = Buffer.from(JSON.stringify(header)).toString('base64url');
      const signature = Buffer.from(await signer.sign(Buffer.from(`${head}.${payload}`))).toString('base64url');
      assert.throws(
        () => verifyStatement('recognition', `${head}.${payload}.${signature}`, keyOf),
        refused('STATEMENT_SIGNATURE_INVALID'),
      );
    }
    const wrongType = await signCompact('jwt', '{}', { kid: signer.method, sign: signer.sign });
    assert.throws(() => verifyStatement('recognition', wrongType, keyOf), refused('STATEMENT_SIGNATURE_INVALID'));
    const empty = await signCompact('vc+jwt', '{}', { kid: signer.method, sign: signer.sign });
    assert.throws(() => verifyStatement('recognition', empty, keyOf), refused('STATEMENT_SHAPE'));
  });
});

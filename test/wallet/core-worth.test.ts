import assert from 'node:assert/strict';
import { PUBLISHED_RULES } from '../../shared/trust/application/published-rules.js';
import { parseApplicationRule } from '../../shared/trust/application/application-rule.js';
import { askCertificate } from '../../shared/verdict/certificate-question.js';
import { reminders } from '../../wallet/web/src/core/reminders/reminders.js';
import { exemptions } from '../../wallet/web/src/core/worth/exemptions.js';
import { nextLevel } from '../../shared/trust/application/next-levels.js';
import { whereItCounts } from '../../wallet/web/src/core/worth/where-it-counts.js';
import { sampleRecord } from '../certificate/sample-records.js';
import { tables } from '../mechanisms/world.js';
import { AUTHORITY } from '../certificate/sample-records.js';
import { NOW, PARTNER, signed, trustOf } from '../verdict/sample-trust.js';

describe('what a certificate is worth, told to its holder', () => {
  describe('where it counts', () => {
    it('asks every authority of the bundle by its own statements, where it counts first', async () => {
      const trust = await trustOf(PARTNER);
      const question = await askCertificate(
        { carrier: 'json', json: await signed() },
        { trust, anchor: PARTNER, now: NOW },
      );
      const found = whereItCounts(question, trust, NOW);
      assert.deepEqual(
        found.map(({ authority, answer, decision }) => [authority, answer, decision.outcome]),
        [
          [AUTHORITY, 'pass', 'recognised'],
          [PARTNER, 'pass', 'recognised'],
        ],
      );
      assert.deepEqual(found[1]?.decision.treatment, ['full']);
      assert.ok(found[1].decision.path.includes('urn:yizheng:recognition:cq-sc-2026'));
    });

    it('says "not known" of an authority that is only spoken of, and by data that is too old', async () => {
      const trust = await trustOf(AUTHORITY, {
        changes: {
          recognitions: [
            {
              id: 'urn:yizheng:recognition:x',
              authority: AUTHORITY,
              subject: 'did:web:macau.example',
              legalName: '示例劳工事务局',
              actions: [{ action: 'accredit', validFrom: '2026-01-01T00:00:00Z', scope: { kind: ['mo-skill'] } }],
            },
          ],
        },
      });
      const question = await askCertificate(
        { carrier: 'json', json: await signed() },
        { trust, anchor: AUTHORITY, now: NOW },
      );
      const [home, macau] = whereItCounts(question, trust, NOW);
      assert.equal(home?.answer, 'pass');
      assert.deepEqual([macau?.name, macau?.answer], ['示例劳工事务局', 'unknown']);
      const later = whereItCounts(question, trust, '2027-06-01T00:00:00Z');
      assert.deepEqual(
        later.map(({ answer }) => answer),
        ['unknown', 'unknown'],
      );
    });

    it('counts nowhere once it was revoked, or was never genuine', async () => {
      const trust = await trustOf(PARTNER, { revoked: [4711] });
      const context = { trust, anchor: PARTNER, now: NOW };
      const revoked = await askCertificate({ carrier: 'json', json: await signed() }, context);
      assert.deepEqual(
        whereItCounts(revoked, trust, NOW).map(({ answer }) => answer),
        ['fail', 'fail'],
      );
      const forged = await askCertificate({ carrier: 'json', json: (await signed()).replace('张伟', '张三') }, context);
      assert.deepEqual(whereItCounts(forged, trust, NOW), []);
    });
  });

  describe('what comes next', () => {
    const level = (value: string, framework = 'cn-skill-5') => ({ framework, value });

    it('shows the rules of every edition side by side, with the day the years can be full', () => {
      const next = nextLevel({ level: level('4'), issuedOn: '2022-03-01' }, '2026-11-21T00:00:00Z');
      assert.deepEqual([next?.level.value, next?.nameZh], ['3', '三级/高级工']);
      assert.deepEqual(
        next?.editions.map(({ edition, confidence, conditions }) => [
          edition,
          confidence,
          conditions[0]?.earliest,
          conditions[0]?.met,
        ]),
        [
          ['2023', 'A', '2026-03-01', 'unknown'],
          ['2018', 'A', '2027-03-01', 'fail'],
        ],
      );
      assert.ok(next.editions.every(({ source, conditions }) => source !== '' && conditions.length > 1));
    });

    it('never says yes: schooling, titles and years of work are for the institution to see', () => {
      for (const value of ['5', '4', '3', '2', '1', 'special'])
        for (const { conditions } of nextLevel({ level: level(value, 'cn-skill-8'), issuedOn: '2000-01-01' }, NOW)
          ?.editions ?? [])
          for (const { met } of conditions) assert.equal(met, 'unknown');
    });

    it('knows the way up to chief technician, marks what nobody confirmed, and ends there', () => {
      assert.equal(nextLevel({ level: level('2'), issuedOn: '2020-01-01' }, NOW)?.editions[0]?.confidence, 'C');
      assert.deepEqual(
        nextLevel({ level: level('1'), issuedOn: '2020-01-01' }, NOW)?.level,
        level('special', 'cn-skill-8'),
      );
      assert.equal(nextLevel({ level: level('chief', 'cn-skill-8'), issuedOn: '2020-01-01' }, NOW), undefined);
      assert.equal(nextLevel({ level: level('basic', 'mo-dsal'), issuedOn: '2020-01-01' }, NOW), undefined);
      assert.equal(nextLevel({ issuedOn: '2020-01-01' }, NOW), undefined);
    });

    it('begins a year on 1 March where there is no 29 February', () => {
      const next = nextLevel({ level: level('5'), issuedOn: '2024-02-29' }, NOW);
      assert.equal(next?.editions[0]?.conditions[0]?.earliest, '2027-03-01');
    });
  });

  describe('what it spares', () => {
    const permit = (item: string, reviewBy = '2027-01-31') =>
      sampleRecord('special-operation', {
        expiresOn: '2029-01-31',
        permit: { category: '电工作业', item, firstIssuedOn: '2023-02-01', reviewBy },
      });
    const asked = (item: string, reviewBy?: string, standing: 'pass' | 'fail' | 'unknown' = 'pass') =>
      exemptions(permit(item, reviewBy), standing, { now: '2026-02-10T00:00:00Z', region: '510100' }).map(
        ({ wanted, answer, decision }) => [wanted.item ?? wanted.level?.value, answer, decision.outcome],
      );

    it('AC-16a, AC-18: a good low-voltage permit spares the training of the building electrician, and counts as level 5 to apply', () => {
      assert.deepEqual(asked('低压电工作业'), [
        ['建筑电工', 'pass', 'exempt'],
        ['4', 'pass', 'may-apply'],
      ]);
    });

    it('AC-16b, AC-18: past its review it spares nothing; unknown standing is neither yes nor no', () => {
      assert.deepEqual(
        asked('低压电工作业', '2026-01-31').map(([, answer]) => answer),
        ['fail', 'fail'],
      );
      assert.deepEqual(
        asked('低压电工作业', undefined, 'unknown').map(([, answer]) => answer),
        ['unknown', 'unknown'],
      );
    });

    it('AC-16c, AC-16d, AC-16e: no rule is made up, a region that is not known stays unknown, and so does a rule nobody confirmed', () => {
      assert.ok(!asked('高压电工作业').some(([wanted]) => wanted === '低压电工作业'));
      assert.deepEqual(asked('熔化焊接与热切割作业'), [
        ['建筑焊工', 'unknown', 'undetermined'],
        ['特种设备焊接作业', 'pass', 'exempt'],
        ['4', 'pass', 'may-apply'],
      ]);
      const welder = sampleRecord('construction-special', {
        permit: { category: '建筑', item: '建筑焊工', firstIssuedOn: '2025-02-01' },
      });
      const unconfirmed = exemptions(welder, 'pass', { now: '2026-02-10T00:00:00Z', region: '510100' });
      assert.ok(
        unconfirmed.length === 3 && unconfirmed.every(({ decision }) => decision.outcome === 'unverified-rule'),
      );
    });

    it('knows exactly the rules of the demonstration data, each well formed', () => {
      assert.deepEqual(
        PUBLISHED_RULES.map((rule) => sorted(parseApplicationRule(rule))),
        tables['application-rule'].map(sorted),
      );
    });
  });

  describe('reminders', () => {
    it('come for a permit before its review and for what expires, by the calendar of China', () => {
      const certificate = sampleRecord('special-operation', { expiresOn: '2029-11-19' });
      const held = [
        {
          id: 'a',
          forms: [],
          title: {},
          source: 'import' as const,
          receivedAt: NOW,
          verdict: { certificate } as never,
        },
      ];
      const at = (now: string) =>
        reminders(held, Date.parse(now)).map(({ kind, days, urgency }) => [kind, days, urgency]);
      assert.deepEqual(
        at('2026-11-21T00:00:00Z').map(([kind, , urgency]) => [kind, urgency]),
        [
          ['review', 'later'],
          ['expiry', 'later'],
        ],
      );
      assert.deepEqual(at('2029-11-18T15:59:00Z')[0], ['review', 1, 'soon']);
      assert.deepEqual(at('2029-11-18T16:01:00Z')[0], ['review', 0, 'soon']);
      assert.deepEqual(at('2029-11-19T16:01:00Z')[0], ['review', -1, 'overdue']);
    });
  });
});

function sorted(value: object): unknown {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

import assert from 'node:assert/strict';
import { isNarrowing, narrowing, type NarrowedMember } from '../../shared/trust/narrowing.js';
import { instant } from '../../shared/trust/time.js';
import type { LevelMapping, Recognition, RecognizedAction } from '../../shared/trust/types.js';

const ANCHOR = 'did:web:sc.example';
const FROM = '2026-01-01T00:00:00+08:00';
const NEXT = '2026-12-01T00:00:00+08:00';
const END = '2028-01-01T00:00:00+08:00';
type Change = Partial<RecognizedAction>;

function statement(actions: Change[], changes: Partial<Recognition> = {}): Recognition {
  return {
    id: 'urn:yizheng:recognition:x',
    authority: ANCHOR,
    subject: 'did:web:cq.example',
    legalName: '示例人社厅',
    actions: actions.map((action) => ({
      action: 'accredit',
      validFrom: FROM,
      scope: {},
      treatment: ['full'],
      ...action,
    })),
    ...changes,
  };
}
const old = (...actions: Change[]): Recognition => statement(actions);
const next = (...actions: Change[]): Recognition =>
  statement(actions.map((action) => ({ validFrom: NEXT, ...action })));

const five = (value: string) => ({ framework: 'cn-skill-5', value });
const scope = (value: RecognizedAction['scope']): Change => ({ scope: value });
const map = (from: string, to: string, more: object = {}): LevelMapping => ({
  from: { framework: 'mo-dsal', value: from, ...more },
  to: five(to),
});

/** Member, what was granted, what is granted instead, and whether less is granted. */
const CASES: [NarrowedMember, string, Change, Change, boolean][] = [
  ['kind', 'one kind of two', scope({ kind: ['skill-level', 'mo-skill'] }), scope({ kind: ['mo-skill'] }), true],
  ['kind', 'a limit where none was', {}, scope({ kind: ['mo-skill'] }), true],
  ['kind', 'one more', scope({ kind: ['mo-skill'] }), scope({ kind: ['mo-skill', 'skill-level'] }), false],
  ['kind', 'no limit any more', scope({ kind: ['mo-skill'] }), {}, false],
  ['occupation', 'one of a pattern', scope({ occupation: ['6-31-*'] }), scope({ occupation: ['6-31-01-03'] }), true],
  ['occupation', 'a longer pattern', scope({ occupation: ['6-*'] }), scope({ occupation: ['6-31-*'] }), true],
  ['occupation', 'a shorter pattern', scope({ occupation: ['6-31-*', '6-31-01-03'] }), scope({ occupation: ['6-*'] }), false],
  ['occupation', 'the pattern all', {}, scope({ occupation: ['*'] }), false],
  ['occupation', 'another edition', scope({ occupation: ['6-31-*'] }), scope({ occupation: ['1999:6-31-*'] }), true],
  ['occupation', 'the edition written out', scope({ occupation: ['6-31-*'] }), scope({ occupation: ['2022:6-31-*'] }), false],
  ['occupation', 'a limit on permits', scope({ occupation: ['6-31-*'] }), scope({ occupation: ['6-31-*', 'permit:低压电工作业'] }), true],
  ['occupation', 'no limit on permits', scope({ occupation: ['permit:低压电工作业', '6-31-*'] }), scope({ occupation: ['6-31-*'] }), false],
  ['level', 'one level of two', scope({ level: [five('4'), five('5')] }), scope({ level: [five('5')] }), true],
  ['level', 'the same value of another scale', scope({ level: [five('4')] }), scope({ level: [{ framework: 'cn-skill-8', value: '4' }] }), true],
  ['level', 'one more', scope({ level: [five('5')] }), scope({ level: [five('4'), five('5')] }), false],
  ['region', 'a city of a province', scope({ region: ['51*'] }), scope({ region: ['5101*'] }), true],
  ['region', 'a code of a pattern', scope({ region: ['51*'] }), scope({ region: ['510100'] }), true],
  ['region', 'the province of a city', scope({ region: ['5101*', '510300'] }), scope({ region: ['51*'] }), false],
  ['region', 'everywhere', {}, scope({ region: ['*'] }), false],
  ['standard', 'a list where none was', {}, scope({ standard: ['甲'] }), true],
  ['standard', 'one more', scope({ standard: ['甲'] }), scope({ standard: ['乙', '甲'] }), false],
  ['candidates', 'own employees only', scope({ candidates: 'public' }), scope({ candidates: 'own-employees' }), true],
  ['candidates', 'the public', scope({ candidates: 'supply-chain' }), scope({ candidates: 'public' }), false],
  ['quota', 'a smaller one', scope({ quota: { limit: 10, per: 'year' } }), scope({ quota: { limit: 9, per: 'year' } }), true],
  ['quota', 'a year’s in place of a month’s', scope({ quota: { limit: 10, per: 'month' } }), scope({ quota: { limit: 119, per: 'year' } }), true],
  ['quota', 'twelve months’', scope({ quota: { limit: 10, per: 'month' } }), scope({ quota: { limit: 120, per: 'year' } }), false],
  ['quota', 'one where none was', {}, scope({ quota: { limit: 1e6, per: 'year' } }), true],
  ['institutions', 'a kind excluded', {}, scope({ institutions: { excludedKinds: ['employer'] } }), true],
  ['institutions', 'one excluded', {}, scope({ institutions: { excluded: ['did:web:a.example'] } }), true],
  ['institutions', 'one let in again', scope({ institutions: { excluded: ['did:web:a.example'] } }), {}, false],
  ['institutions', 'a list of permitted where none was', {}, scope({ institutions: { permitted: ['did:web:a.example'] } }), true],
  ['institutions', 'one permitted less', scope({ institutions: { permitted: ['did:web:a.example', 'did:web:b.example'] } }), scope({ institutions: { permitted: ['did:web:a.example'] } }), true],
  ['institutions', 'a permitted kind less', scope({ institutions: { permittedKinds: ['school', 'social'] } }), scope({ institutions: { permittedKinds: ['school'] } }), true],
  ['institutions', 'one permitted more', scope({ institutions: { permittedKinds: ['school'] } }), scope({ institutions: { permittedKinds: ['school'], permitted: ['did:web:a.example'] } }), false],
  ['certificateIssued', 'a later beginning', {}, { certificateIssued: { from: FROM } }, true],
  ['certificateIssued', 'an earlier end', { certificateIssued: { until: END } }, { certificateIssued: { until: NEXT } }, true],
  ['certificateIssued', 'the same instant written otherwise', { certificateIssued: { from: FROM } }, { certificateIssued: { from: '2025-12-31T16:00:00Z' } }, false],
  ['certificateIssued', 'a wider window', { certificateIssued: { from: FROM, until: NEXT } }, { certificateIssued: { until: END } }, false],
  ['expiryEffect', 'lapse', {}, { expiryEffect: 'lapse' }, true],
  ['expiryEffect', 'the default written out', {}, { expiryEffect: 'grandfather' }, false],
  ['expiryEffect', 'grandfather again', { expiryEffect: 'lapse' }, {}, false],
  ['treatment', 'deemed level for full', {}, { treatment: ['deemed-level'] }, true],
  ['treatment', 'exemption for full', {}, { treatment: ['exempt-theory', 'exempt-safety-training'] }, true],
  ['treatment', 'one exemption of two', { treatment: ['exempt-theory', 'exempt-safety-training'] }, { treatment: ['exempt-theory'] }, true],
  ['treatment', 'full for exemptions', { treatment: ['exempt-theory', 'exempt-safety-training'] }, {}, false],
  ['treatment', 'full without the entitlement to apply', { treatment: ['apply-next-level'] }, {}, true],
  ['treatment', 'a deemed level that drops unmapped entitlements', { treatment: ['apply-next-level'], levelMapping: [map('basic', '5')] }, { treatment: ['apply-next-level', 'deemed-level'], levelMapping: [map('basic', '5')] }, true],
  ['levelMapping', 'none', { levelMapping: [map('basic', '5')] }, {}, true],
  ['levelMapping', 'a lower level', { levelMapping: [map('basic', '4')] }, { levelMapping: [map('basic', '5')] }, true],
  ['levelMapping', 'a higher level', { levelMapping: [map('basic', '5')] }, { levelMapping: [map('basic', '4')] }, false],
  ['levelMapping', 'for one occupation only', { levelMapping: [map('basic', '5')] }, { levelMapping: [map('basic', '5', { occupation: '6-31-01-03' })] }, true],
  ['levelMapping', 'an earlier entry that shadows it', { levelMapping: [map('basic', '4')] }, { levelMapping: [map('basic', '5', { kind: 'mo-skill' }), map('basic', '4')] }, true],
  ['levelMapping', 'a mapping where a certificate counted as what it is', {}, { levelMapping: [map('basic', '5')] }, true],
  ['levelMapping', 'one more, where only mapped ones counted', { treatment: ['deemed-level'], levelMapping: [map('basic', '5')] }, { treatment: ['deemed-level'], levelMapping: [map('basic', '5'), map('intermediate', '4')] }, false],
  ['onward', 'a smaller depth', { action: 'recognize', onward: { maxDepth: 2 } }, { action: 'recognize', onward: { maxDepth: 1 } }, true],
  ['onward', 'a greater depth', { action: 'recognize', onward: { maxDepth: 1 } }, { action: 'recognize', onward: { maxDepth: 2 } }, false],
  ['requireLogProof', 'a proof asked for', {}, { requireLogProof: true }, true],
  ['requireLogProof', 'no proof asked for', { requireLogProof: true }, { requireLogProof: false }, false],
  ['action', 'another action', { action: 'issue' }, { action: 'accredit' }, true],
  ['period', 'an earlier end', { validUntil: END }, { validUntil: '2027-12-31T00:00:00+08:00' }, true],
  ['period', 'an end where none was', {}, { validUntil: END }, true],
  ['period', 'a later end', { validUntil: END }, { validUntil: '2028-01-02T00:00:00+08:00' }, false],
  ['period', 'the same end written otherwise', { validUntil: END }, { validUntil: '2027-12-31T16:00:00Z' }, false],
]; // prettier-ignore

describe('trust: narrowing of a recognition', () => {
  for (const [member, what, before, after, narrows] of CASES)
    it(`${member}: ${what} is ${narrows ? '' : 'not '}a narrowing`, () => {
      const found = narrowing(old(before), next(after));
      assert.equal(found.members.includes(member), narrows, found.members.join());
      assert.equal(isNarrowing(old(before), next(after)), narrows);
    });

  it('calls the same words again no narrowing, whatever else they say beside', () => {
    const said = statement([
      { treatment: ['full', 'apply-next-level'] },
      { action: 'recognize', onward: { maxDepth: 1 } },
    ]);
    assert.deepEqual(narrowing(said, said), { members: [], from: undefined });
    const renamed = { ...said, legalName: '新名', registryRoot: { version: 2, digestMultibase: 'uEi' } };
    assert.equal(isNarrowing(said, renamed), false);
  });

  it('takes effect when the new statement begins; an earlier end only when it comes', () => {
    assert.equal(narrowing(old({}), next({ treatment: ['exempt-theory'] })).from, instant(NEXT));
    assert.equal(narrowing(old({}), next({ validUntil: END })).from, instant(END));
  });

  it('counts a gap between old and new, and an action dropped from several', () => {
    const gap = narrowing(
      old({}, { action: 'issue' }),
      next({}, { action: 'issue', validFrom: '2027-01-01T00:00:00+08:00' }),
    );
    assert.deepEqual(gap, { members: ['period'], from: instant(NEXT) });
    assert.deepEqual(narrowing(old({}, { action: 'issue' }), next({})).members, ['action']);
  });

  it('takes nothing away from what is over when the new begins', () => {
    assert.equal(isNarrowing(old({ validUntil: NEXT }), next({ scope: { kind: ['mo-skill'] } })), false);
  });

  it('counts another subject, or one institution in place of all, as taking everything away', () => {
    const before = old({});
    assert.deepEqual(narrowing(before, { ...next({}), subject: 'did:web:gd.example' }).members, ['subject']);
    const single = { ...next({}), subject: 'did:web:inst.example', homeAuthority: before.subject };
    assert.deepEqual(narrowing(before, single).members, ['subject']);
  });
});

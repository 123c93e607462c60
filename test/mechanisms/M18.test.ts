import assert from 'node:assert/strict';
import { applicationText } from '../../shared/trust/application/application-text.js';
import { decideApplication, type HeldQualification } from '../../shared/trust/application/decide-application.js';
import { accredited, ask, codes, ELECTRICIAN, five, NOW, recordOf, SICHUAN, tables, WELDER } from './world.js';

const apply = (held: Omit<HeldQualification, 'standing'>, occupation: string, value: string, now = NOW) =>
  decideApplication(
    { standing: 'pass', ...held },
    { kind: 'skill-level', occupation, level: five(value) },
    { now, region: '510100', rules: tables['application-rule'], issuingRegions: tables['issuing-regions'] },
  );
const low = { kind: 'special-operation', item: '低压电工作业', reviewBy: '2027-06-30' } as const;
const permit = (item: string, changes: object = {}) =>
  recordOf('special-operation', accredited('emergency-sichuan.example:2020-101'), {
    issuedOn: '2025-01-10',
    expiresOn: '2031-01-09',
    permit: { category: '电工作业', item, firstIssuedOn: '2025-01-10', reviewBy: '2028-01-09' },
    ...changes,
  });

describe('M18 deemed level', () => {
  it('AC-18 a good low-voltage permit may apply for electrician level 4, still has to pass, and holds no level', () => {
    const found = apply(low, ELECTRICIAN.code, '4');
    assert.equal(found.outcome, 'may-apply');
    assert.deepEqual('waive' in found && [found.waive, found.stillRequired, found.deemed], [
      [],
      ['next-level-exam'],
      five('5'),
    ]);
    assert.match(applicationText(found, 'zh-CN'), /仅就报考而言视同五级\/初级工.*不因此取得等级证书/);
  });

  it('AC-18 an overdue one may not', () => {
    const found = apply({ ...low, reviewBy: '2026-06-30' }, ELECTRICIAN.code, '4');
    assert.deepEqual([found.outcome, 'code' in found && found.code], ['precondition-failed', 'REVIEW_OVERDUE']);
  });

  it('AC-18 gives neither the deemed level itself nor two levels at once nor another occupation', () => {
    assert.deepEqual(apply(low, ELECTRICIAN.code, '5'), { outcome: 'no-rule' });
    assert.deepEqual(apply(low, ELECTRICIAN.code, '3'), { outcome: 'no-rule' });
    assert.deepEqual(apply(low, WELDER.code, '4'), { outcome: 'no-rule' });
  });

  it('high voltage and special-equipment welding are deemed level 4; the levels of building trades are not confirmed', () => {
    assert.equal(apply({ ...low, item: '高压电工作业' }, ELECTRICIAN.code, '3').outcome, 'may-apply');
    assert.equal(apply({ kind: 'special-equipment', item: '特种设备焊接作业' }, WELDER.code, '3').outcome, 'may-apply');
    assert.equal(
      apply({ kind: 'construction-special', item: '建筑电工' }, ELECTRICIAN.code, '4').outcome,
      'unverified-rule',
    );
  });

  it('AC-18 through the trust decision: a right to apply, whose item decides the level', () => {
    const request = (value: string) =>
      ({ request: { kind: 'skill-level', occupation: ELECTRICIAN.code, level: five(value) } }) as const;
    const found = ask(SICHUAN, permit('低压电工作业'), request('4'));
    assert.deepEqual([found.outcome, codes(found)[0]], ['recognised-with-conditions', 'ONLY_ENTITLES_TO_APPLY']);
    assert.deepEqual(
      [found.obligations, found.entitlements],
      [['next-level-exam'], [{ type: 'apply-next-level', above: five('5') }]],
    );
    const holds = ask(SICHUAN, permit('低压电工作业'), request('5'));
    assert.deepEqual([holds.outcome, codes(holds)[0]], ['not-recognised', 'ONLY_ENTITLES_TO_APPLY']);
    assert.equal(ask(SICHUAN, permit('低压电工作业'), request('3')).outcome, 'not-recognised');
    assert.equal(ask(SICHUAN, permit('高压电工作业'), request('3')).outcome, 'recognised-with-conditions');
    const expired = ask(SICHUAN, permit('低压电工作业'), {
      ...request('4'),
      certificateProblem: 'CERTIFICATE_EXPIRED',
    });
    assert.deepEqual([expired.outcome, codes(expired)], ['not-recognised', ['CERTIFICATE_EXPIRED']]);
  });

  it('a permit item the accreditation does not list is outside it', () => {
    const found = ask(SICHUAN, permit('登高架设作业'));
    assert.deepEqual([found.outcome, codes(found)[0]], ['not-recognised', 'OCCUPATION_OUT_OF_SCOPE']);
  });
});

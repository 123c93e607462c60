import assert from 'node:assert/strict';
import type { QualificationPattern } from '../../shared/trust/application/application-rule.js';
import { parseApplicationRule } from '../../shared/trust/application/application-rule.js';
import { applicationText } from '../../shared/trust/application/application-text.js';
import {
  decideApplication,
  heldQualification,
  type ApplicationDecision,
  type HeldQualification,
} from '../../shared/trust/application/decide-application.js';
import { errorCode } from '../../shared/errors.js';
import { accredited, ask, codes, demo, HOUSING, recordOf, tables } from './world.js';

const operation = (item: string): QualificationPattern => ({ kind: 'special-operation', item });
const construction = (item: string): QualificationPattern => ({ kind: 'construction-special', item });
const LOW = operation('低压电工作业');
const HIGH = operation('高压电工作业');
const WELDING = operation('熔化焊接与热切割作业');
const BUILDING_ELECTRICIAN = construction('建筑电工');
const BUILDING_WELDER = construction('建筑焊工');
const EQUIPMENT: QualificationPattern = { kind: 'special-equipment', item: '特种设备焊接作业' };
const FEBRUARY = '2026-02-10T00:00:00Z';

function apply(
  from: QualificationPattern,
  to: QualificationPattern,
  changes: Partial<HeldQualification> & { now?: string; region?: string } = {},
): ApplicationDecision {
  const { now = FEBRUARY, region = '510100', ...held } = changes;
  return decideApplication(
    { ...from, standing: 'pass', expiresOn: '2029-01-31', reviewBy: '2027-01-31', ...held },
    to,
    { now, region, rules: tables['application-rule'], issuingRegions: tables['issuing-regions'] },
  );
}
const granted = (found: ApplicationDecision): object =>
  'waive' in found
    ? { waive: found.waive, stillRequired: found.stillRequired, confidence: found.rule.confidence }
    : found;

describe('M16 exemption matrix of the four ministries', () => {
  it('AC-16a a low-voltage permit good in February 2026 spares the safety training of the building electrician', () => {
    const found = apply(LOW, BUILDING_ELECTRICIAN);
    assert.deepEqual(granted(found), { waive: ['safety-training'], stillRequired: ['exam'], confidence: 'A' });
    assert.match('rule' in found ? found.rule.basis : '', /关于推进职业技能证书互通互认的通知/);
    assert.equal(
      applicationText(found, 'zh-CN'),
      '可免:安全培训;仍需:考核。依据:《关于推进职业技能证书互通互认的通知》(四部门办公厅,2026-01-16 公开)。',
    );
  });

  it('AC-16 rows 2, 3 and 5: exactly what the matrix says, and nothing more', () => {
    assert.deepEqual(granted(apply(HIGH, BUILDING_ELECTRICIAN)), {
      waive: ['safety-training'],
      stillRequired: ['exam'],
      confidence: 'A',
    });
    assert.deepEqual(granted(apply(BUILDING_ELECTRICIAN, LOW)), {
      waive: ['safety-training'],
      stillRequired: ['exam'],
      confidence: 'B',
    });
    assert.deepEqual(granted(apply(WELDING, EQUIPMENT)), {
      waive: ['hot-work-safety-exam'],
      stillRequired: ['remaining-exams'],
      confidence: 'B',
    });
  });

  it('AC-16b past its review day, its last day, or not in good standing: the precondition fails', () => {
    const code = (found: ApplicationDecision) => [found.outcome, 'code' in found ? found.code : undefined];
    assert.deepEqual(code(apply(LOW, BUILDING_ELECTRICIAN, { reviewBy: '2026-02-09' })), [
      'precondition-failed',
      'REVIEW_OVERDUE',
    ]);
    assert.deepEqual(code(apply(LOW, BUILDING_ELECTRICIAN, { expiresOn: '2026-02-01' })), [
      'precondition-failed',
      'CERTIFICATE_EXPIRED',
    ]);
    assert.deepEqual(code(apply(LOW, BUILDING_ELECTRICIAN, { standing: 'fail' })), [
      'precondition-failed',
      'NOT_IN_GOOD_STANDING',
    ]);
    assert.deepEqual(code(apply(LOW, BUILDING_ELECTRICIAN, { standing: 'unknown' })), [
      'undetermined',
      'STANDING_UNKNOWN',
    ]);
    assert.equal(apply(LOW, BUILDING_ELECTRICIAN, { reviewBy: '2026-02-10' }).outcome, 'exempt');
  });

  it('AC-16c high voltage to low voltage is not in the matrix: no rule, and rules are not chained', () => {
    assert.deepEqual(apply(HIGH, LOW), { outcome: 'no-rule' });
    assert.equal(apply(HIGH, BUILDING_ELECTRICIAN).outcome, 'exempt');
    assert.equal(apply(BUILDING_ELECTRICIAN, LOW).outcome, 'exempt');
    assert.deepEqual(apply(BUILDING_ELECTRICIAN, HIGH), { outcome: 'no-rule' });
    assert.match(applicationText({ outcome: 'no-rule' }, 'zh-CN'), /不等于没有规定/);
  });

  it('AC-16d building welder: not applicable where that certificate is not issued, not known where nobody said', () => {
    const inRegion = (region: string) => {
      const found = apply(WELDING, BUILDING_WELDER, { region });
      return [found.outcome, 'code' in found ? found.code : undefined];
    };
    assert.deepEqual(inRegion('500000'), ['not-applicable', 'REGION']);
    assert.deepEqual(inRegion('510100'), ['exempt', undefined]);
    assert.deepEqual(inRegion('310000'), ['undetermined', 'REGION_UNKNOWN']);
  });

  it('AC-16e rows that were cut off in the text are there, off, and answer “unverified”', () => {
    for (const [from, to] of [
      [BUILDING_WELDER, WELDING],
      [BUILDING_WELDER, EQUIPMENT],
      [EQUIPMENT, WELDING],
      [EQUIPMENT, BUILDING_WELDER],
    ] as const)
      assert.equal(apply(from, to).outcome, 'unverified-rule');
    const matrix = demo.facts.filter((fact) => fact.mechanism === 'M16' && fact.type === 'application-rule');
    assert.deepEqual(
      matrix.map(({ confidence, enabled }) => `${confidence}${enabled ? '+' : '-'}`),
      ['A+', 'A+', 'B+', 'A+', 'B+', 'D-', 'unknown-', 'unknown-', 'unknown-'],
    );
  });

  it('AC-16e a row nobody confirmed cannot be switched on', () => {
    const row = tables['application-rule'].find((rule) => rule.confidence === 'D');
    assert.throws(
      () => parseApplicationRule({ ...row, enabled: true }),
      (error) => errorCode(error) === 'APPLICATION_RULE_INVALID',
    );
    assert.throws(
      () => parseApplicationRule({ ...row, enabled: true, unverified: false }),
      (error) => errorCode(error) === 'APPLICATION_RULE_INVALID',
    );
  });

  it('does not apply before the notice was published', () => {
    assert.deepEqual(apply(LOW, BUILDING_ELECTRICIAN, { now: '2026-01-15T15:59:59Z' }), { outcome: 'no-rule' });
    assert.equal(apply(LOW, BUILDING_ELECTRICIAN, { now: '2026-01-15T16:00:00Z' }).outcome, 'exempt');
  });

  it('works on a real permit, and the housing authority’s statement says the same through the trust decision', () => {
    const under = accredited('emergency-sichuan.example:2020-101');
    const permit = recordOf('special-operation', under, {
      issuedOn: '2025-01-10',
      expiresOn: '2031-01-09',
      permit: { category: '电工作业', item: '低压电工作业', firstIssuedOn: '2025-01-10', reviewBy: '2028-01-09' },
    });
    assert.equal(apply(heldQualification(permit, 'pass'), BUILDING_ELECTRICIAN).outcome, 'exempt');
    const found = ask(HOUSING, permit);
    assert.deepEqual([found.outcome, found.treatment], ['recognised-with-conditions', ['exempt-safety-training']]);
    assert.equal(codes(found)[0], 'RECOGNISED_WITH_OBLIGATIONS');
    const other = recordOf('special-operation', under, {
      issuedOn: '2025-01-10',
      expiresOn: '2031-01-09',
      permit: { category: '高处作业', item: '登高架设作业', firstIssuedOn: '2025-01-10', reviewBy: '2028-01-09' },
    });
    assert.equal(codes(ask(HOUSING, other))[0], 'OCCUPATION_OUT_OF_SCOPE');
  });
});

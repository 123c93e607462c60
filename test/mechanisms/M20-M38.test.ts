import assert from 'node:assert/strict';
import { accredited, allowed, ask, codes, five, JIANGSU, recordOf, WELDER } from './world.js';

const under = accredited('jiangsu.example:2026-038');
const certificate = (assessment: object = {}) =>
  recordOf('skill-level', under, {
    occupation: WELDER,
    level: five('4'),
    issuedOn: '2026-04-01',
    candidateEmployer: { uscc: under.unifiedSocialCreditCode, name: under.legalName },
    assessment,
  });
const APPROVED = '示例企业评价规范 Q/SL 001-2026';
const counts = (batchFiled: boolean | undefined) => ({
  serialInRange: () => undefined,
  issuedInPeriod: () => 0,
  batchFiled: () => batchFiled,
});

describe('M20 unified supervision and M38 assessment standards', () => {
  it('AC-38 an enterprise standard nobody approved: the institution may not issue, and no verifier accepts', () => {
    const own = certificate({ standard: '示例企业评价规范 Q/SL 002-2026', standardType: 'enterprise' });
    const found = allowed(own);
    assert.deepEqual([found.answer, codes(found)[0]], ['fail', 'STANDARD_OUT_OF_SCOPE']);
    assert.equal(ask(JIANGSU, own).outcome, 'not-recognised');
  });

  it('AC-38 the approved one may be used; so may the national standard, without being listed', () => {
    assert.equal(allowed(certificate({ standard: APPROVED, standardType: 'enterprise' })).answer, 'pass');
    assert.equal(allowed(certificate()).answer, 'pass');
  });

  it('AC-38 the approval is of one institution: another one cannot use the same text', () => {
    const other = recordOf('skill-level', accredited('chongqing.example:2019-001'), {
      occupation: WELDER,
      level: five('4'),
      assessment: { standard: APPROVED, standardType: 'enterprise' },
    });
    assert.equal(codes(allowed(other))[0], 'STANDARD_OUT_OF_SCOPE');
  });

  it('AC-20 a batch that was not filed: the institution may not sign', () => {
    const found = allowed(certificate(), { counts: counts(false) });
    assert.deepEqual([found.answer, codes(found)[0]], ['fail', 'BATCH_NOT_FILED']);
    assert.equal(allowed(certificate(), { counts: counts(true) }).answer, 'pass');
    assert.equal(allowed(certificate(), { counts: counts(undefined) }).answer, 'pass');
  });
});

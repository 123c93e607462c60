import assert from 'node:assert/strict';
import { parseExamResult } from '../../issuer/exam-result.js';

const exam = {
  kind: 'skill-level',
  holder: { name: '张伟', idType: 'resident-identity-card', idNumber: '510105199001010015' },
  occupation: { code: '6-18-02-04' },
  level: { framework: 'cn-skill-5', value: '3' },
  assessment: {
    id: 'SC-2026-0117',
    method: 'examination',
    standard: 'GZB 6-18-02-04-2018',
    standardType: 'national',
    date: '2026-01-17',
  },
};

describe('exam results', () => {
  it('takes a pass mark and refuses a score below it, naming the part', () => {
    const scored = (scores: object) => () =>
      parseExamResult({ ...exam, assessment: { ...exam.assessment, ...scores } });
    assert.equal(scored({ theoryScore: '60', practicalScore: '91.5' })().assessment.theoryScore, '60');
    assert.throws(scored({ theoryScore: '59.9' }), {
      code: 'SCORE_BELOW_PASS',
      at: '/assessment/theoryScore',
      status: 422,
    });
    assert.throws(scored({ practicalScore: '0' }), { code: 'SCORE_BELOW_PASS', at: '/assessment/practicalScore' });
  });

  it('refuses a special operation permit without end or review date', () => {
    const permit = { category: '焊接与热切割作业', item: '熔化焊接与热切割作业', firstIssuedOn: '2026-01-17' };
    const { occupation: _, level: __, ...rest } = exam;
    const asked = (changes: object) => () =>
      parseExamResult({ ...rest, kind: 'special-operation', certificateNumber: 'SO-1', permit, ...changes });
    assert.throws(asked({}), { code: 'PERMIT_END_MISSING', at: '/expiresOn' });
    assert.throws(asked({ expiresOn: '2032-01-16' }), { code: 'PERMIT_END_MISSING', at: '/permit/reviewBy' });
    const whole = { expiresOn: '2032-01-16', permit: { ...permit, reviewBy: '2029-01-16' } };
    assert.equal(asked(whole)().permit?.reviewBy, '2029-01-16');
  });

  it('refuses exceptional advancement without the document it rests on', () => {
    const exceptional = { ...exam, assessment: { ...exam.assessment, method: 'exceptional' } };
    assert.throws(() => parseExamResult(exceptional), { code: 'ADVANCEMENT_BASIS_MISSING', at: '/advancement' });
    const advancement = { path: 'exceptional', basis: '示例人社发〔2026〕1号' };
    assert.equal(parseExamResult({ ...exceptional, advancement }).advancement?.path, 'exceptional');
  });
});

import assert from 'node:assert/strict';
import { buildCredential } from '../../shared/certificate/credential.js';
import { sameExamNotes, type ExamCertificate } from '../../shared/trust/notes/same-exam-notes.js';
import { accredited, ask, five, GUANGDONG, recordOf, SHANGHAI, WAITER, ZHUHAI } from './world.js';

const exam = { id: 'YSDZ-2022-0830', region: '440400', standard: 'GZB 4-03-02-05-2022' };
const common = { occupation: WAITER, issuedOn: '2024-08-30', assessment: exam };
const mainland = recordOf('skill-level', accredited('guangdong.example:2022-017'), { ...common, level: five('4') });
const macau = recordOf('mo-skill', accredited('dsal-macau.example:2020-001'), {
  ...common,
  certificateNumber: 'MO-2024-0042',
  level: { framework: 'mo-dsal', value: 'intermediate' },
  assessment: { ...exam, region: '820000' },
});
const seen = (record: typeof mainland, changes: Partial<ExamCertificate> = {}): ExamCertificate => ({
  credential: `urn:yizheng:certificate:${record.certificateNumber}:1`,
  assessment: record.assessment,
  authentic: 'pass',
  current: 'pass',
  ...changes,
});

describe('M17 one exam, several certificates', () => {
  it('AC-17a each is judged alone, on its own issuer’s path, and they can be linked', () => {
    assert.equal(ask(GUANGDONG, mainland).outcome, 'recognised');
    assert.equal(ask(ZHUHAI, macau).outcome, 'recognised');
    assert.equal(ask(SHANGHAI, mainland).outcome, 'recognised');
    assert.equal(ask(SHANGHAI, macau).outcome, 'not-recognised', 'no trust flows from one to the other');
    assert.deepEqual(sameExamNotes(seen(mainland), [seen(macau)]), [
      { code: 'SAME_EXAM_LINKED', ref: 'urn:yizheng:certificate:MO-2024-0042:1' },
    ]);
  });

  it('AC-17b when one is revoked, the others stand and say that a sibling is disputed', () => {
    const notes = sameExamNotes(seen(mainland), [seen(macau, { current: 'fail' })]);
    assert.deepEqual(
      notes.map(({ code }) => code),
      ['SAME_EXAM_DISPUTED'],
    );
    assert.equal(ask(GUANGDONG, mainland).outcome, 'recognised');
  });

  it('AC-17b nobody can cast doubt with a forged sibling, another exam or the certificate itself', () => {
    const own = seen(mainland);
    assert.deepEqual(sameExamNotes(own, [seen(macau, { authentic: 'fail', current: 'fail' })]), []);
    assert.deepEqual(sameExamNotes(own, [seen(macau, { authentic: 'unknown', current: 'fail' })]), []);
    assert.deepEqual(sameExamNotes(own, [seen(macau, { assessment: { id: exam.id, date: '2023-08-30' } })]), []);
    assert.deepEqual(sameExamNotes(own, [own]), []);
  });

  it('AC-17c showing one tells nothing of the others but the exam session', () => {
    const shown = JSON.stringify(buildCredential(mainland));
    assert.match(shown, /YSDZ-2022-0830/);
    for (const secret of [macau.certificateNumber, macau.issuer.id, macau.authority.id, 'mo-dsal'])
      assert.equal(shown.includes(secret), false, secret);
  });
});

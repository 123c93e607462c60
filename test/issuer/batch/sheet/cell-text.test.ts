import assert from 'node:assert/strict';
import { rowProblem } from '../../../../issuer/batch/row-problem.js';
import { shownValue } from '../../../../issuer/batch/sheet/cell-text.js';
import { YizhengError } from '../../../../shared/errors.js';

const PERSON = '510105199003071234';

describe('what is shown and stored of a cell', () => {
  it('holds no document number, however it is written', () => {
    for (const text of [
      PERSON,
      '510105 19900307 1234',
      '510105-19900307-1234',
      '５１０１０５１９９００３０７１２３４',
      '510105\u200b19900307\u00a01234',
      '5101051990\u200f0307123\u2011X',
      `${PERSON}${PERSON}`,
      `身份证${PERSON}号`,
      `Y${PERSON}`,
      `S${PERSON}999`,
      `${'甲'.repeat(30)}${PERSON}${PERSON}`,
    ]) {
      const shown = shownValue(text).normalize('NFKC').replace(/[^\d]/g, '');
      assert.ok(shown.length <= 4, `${text} is shown as ${shownValue(text)}`);
    }
    assert.equal(shownValue('510105 19900307 123X'), '**************123X');
  });

  it('stays readable where it is a certificate number, a date or a code', () => {
    for (const text of [
      'S000051000001263000001',
      'urn:yizheng:certificate:S000051000001263000001:1',
      '2026-11-21',
      '6-18-02-04',
      '2026-PJ-000001',
      '13800138000',
      '成绩.csv',
    ])
      assert.equal(shownValue(text), text);
  });

  it('is masked too where an error about a row quotes it', () => {
    const error = new YizhengError('CERTIFICATE_NOT_FOUND', 'x');
    assert.equal(rowProblem(error, { row: 2, header: [], value: PERSON }).value, '**************1234');
  });
});

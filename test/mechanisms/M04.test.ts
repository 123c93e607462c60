import assert from 'node:assert/strict';
import { errorCode } from '../../shared/errors.js';
import { numberFormat } from '../../shared/certificate/certificate-number.js';
import { accredited, allowed, ask, CHONGQING, codes, five, recordOf, tables } from './world.js';

const under = accredited('sichuan.example:2024-004');
const special = (changes: object = {}) =>
  recordOf('specialised-ability', under, {
    specification: { code: '510000-2026-001', version: '2026-1' },
    assessment: { region: '510000' },
    issuedOn: '2026-03-01',
    ...changes,
  });

describe('M04 specialised-ability certificates', () => {
  it('AC-04 never show a level', () => {
    assert.throws(
      () => special({ level: five('4') }),
      (error) => errorCode(error) === 'RECORD_INVALID',
    );
    const found = ask(CHONGQING, special());
    assert.equal(found.outcome, 'recognised');
    assert.deepEqual(found.as, { kind: 'specialised-ability' });
  });

  it('AC-04 are not held to the 22-character rule', () => {
    assert.equal(numberFormat(special().certificateNumber), 'unknown');
    assert.equal(allowed(special()).answer, 'pass');
  });

  it('AC-04 rest on a listed specification and version, which the two authorities wrote together', () => {
    const [row] = tables.specification;
    assert.deepEqual(row?.jointlyDevelopedBy, ['did:web:sichuan.example', 'did:web:chongqing.example']);
    const other = allowed(special({ specification: { code: '510000-2026-001', version: '2025-1' } }));
    assert.deepEqual([other.answer, codes(other)[0]], ['fail', 'STANDARD_OUT_OF_SCOPE']);
  });

  it('never answer a question for a level', () => {
    const found = ask(CHONGQING, special(), { request: { level: five('5') } });
    assert.deepEqual([found.outcome, codes(found)[0]], ['not-recognised', 'FRAMEWORK_NOT_AS_REQUESTED']);
  });
});

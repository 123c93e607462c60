import assert from 'node:assert/strict';
import { accredited, allowed, codes, five, recordOf } from './world.js';

const trial = accredited('jiangsu.example:2024-126');
const full = accredited('jiangsu.example:2025-126');
const CARER = { code: '4-10-01-05', catalogueEdition: '2022', name: '养老护理员' };
const issued = (under: typeof trial, issuedOn: string, value = '5') =>
  recordOf('skill-level', under, { occupation: CARER, level: five(value), issuedOn });
const counted = (n: number) => ({ counts: { serialInRange: () => undefined, issuedInPeriod: () => n } });

describe('M26 life of an institution', () => {
  it('before it was filed: nothing', () => {
    assert.equal(codes(allowed(issued(trial, '2023-12-31')))[0], 'ACCREDITATION_NOT_IN_FORCE_AT_ISSUE');
  });

  it('on trial: level 5 only, and few', () => {
    assert.equal(allowed(issued(trial, '2024-03-01')).answer, 'pass');
    assert.equal(codes(allowed(issued(trial, '2024-03-01', '4')))[0], 'LEVEL_OUT_OF_SCOPE');
    assert.ok(codes(allowed(issued(trial, '2024-03-01'), counted(101))).includes('QUOTA_EXCEEDED'));
    assert.ok(!codes(allowed(issued(trial, '2024-03-01'), counted(100))).includes('QUOTA_EXCEEDED'));
  });

  it('accredited in full: up to level 3; the trial is over, and its certificates stand', () => {
    assert.equal(allowed(issued(full, '2025-03-01', '3')).answer, 'pass');
    assert.equal(codes(allowed(issued(trial, '2025-03-01')))[0], 'ACCREDITATION_NOT_IN_FORCE_AT_ISSUE');
  });

  it('suspended: nothing while it lasts, again afterwards; earlier certificates stand with a warning', () => {
    const during = allowed(issued(full, '2025-07-01'));
    assert.deepEqual([during.answer, codes(during)[0]], ['fail', 'ISSUER_SUSPENDED_AT_ISSUE']);
    assert.equal(allowed(issued(full, '2025-09-02')).answer, 'pass');
    const before = allowed(issued(full, '2025-03-01'));
    assert.equal(before.answer, 'pass');
    assert.ok(codes(before).includes('ISSUER_LATER_SUSPENDED'));
  });

  it('left: nothing after that day, and what it issued before stands', () => {
    const after = allowed(issued(full, '2026-06-02'));
    assert.deepEqual([after.answer, codes(after)[0]], ['fail', 'ISSUER_WITHDRAWN_AT_ISSUE']);
    assert.equal(allowed(issued(full, '2026-05-29')).answer, 'pass');
  });
});

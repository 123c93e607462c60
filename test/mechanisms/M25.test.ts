import assert from 'node:assert/strict';
import { levelsBeyondKind } from '../../shared/trust/crosswalk/assessable-levels.js';
import { accredited, allowed, codes, eight, recordOf, tables, WELDER } from './world.js';

const social = accredited('jiangsu.example:2025-025');
const employer = accredited('jiangsu.example:2025-026');

describe('M25 who may assess which of the eight levels', () => {
  it('AC-25 a social institution that issues for a chief technician is refused', () => {
    for (const value of ['special', 'chief']) {
      const found = allowed(
        recordOf('skill-level', social, { certificateNumber: 'TX-2025-1', occupation: WELDER, level: eight(value) }),
      );
      assert.deepEqual([found.answer, codes(found)[0]], ['fail', 'LEVEL_OUT_OF_SCOPE'], value);
    }
    const senior = recordOf('skill-level', social, { occupation: WELDER, level: eight('1') });
    assert.equal(allowed(senior).answer, 'pass');
  });

  it('AC-25 an employer appoints its own chief technician', () => {
    const chief = (uscc: string | undefined) =>
      recordOf('skill-level', employer, {
        certificateNumber: 'TX-2025-2',
        occupation: WELDER,
        level: eight('chief'),
        candidateEmployer: { uscc, name: '示例单位' },
      });
    assert.equal(allowed(chief(employer.unifiedSocialCreditCode)).answer, 'pass');
    assert.equal(codes(allowed(chief('91320500MA00000C3T')))[0], 'CANDIDATE_NOT_OWN_EMPLOYEE');
  });

  it('AC-25 an authority is told before it accredits a social institution beyond the default', () => {
    const table = tables['assessable-levels'];
    assert.deepEqual(levelsBeyondKind(social, table), []);
    assert.deepEqual(levelsBeyondKind(employer, table), []);
    const [action] = social.actions;
    const wider = {
      ...social,
      actions: [{ ...action!, scope: { ...action!.scope, level: [eight('1'), eight('chief')] } }],
    };
    assert.deepEqual(levelsBeyondKind(wider, table), [eight('chief')]);
  });
});

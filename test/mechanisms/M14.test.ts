import assert from 'node:assert/strict';
import { errorCode } from '../../shared/errors.js';
import { readGradeTitle } from '../../shared/trust/crosswalk/grade-title.js';
import { accredited, ask, codes, factsOf, five, NOW, recordOf, SICHUAN, viewOf, WELDER } from './world.js';
import { decide } from '../../shared/trust/decide.js';

const under = accredited('sichuan.example:2019-001');

describe('M14 enterprise grades', () => {
  it('AC-14 “四级工匠” is no national level, however much it looks like one', () => {
    for (const title of ['四级工匠', '14级', '技师', '四级', '四级/中级工匠', '乡村名匠', ' 四级/中级工'])
      assert.deepEqual(readGradeTitle(title), { type: 'not-national', code: 'NOT_A_NATIONAL_LEVEL' }, title);
    assert.deepEqual(readGradeTitle('四级/中级工'), {
      type: 'national-level',
      levels: [five('4'), { framework: 'cn-skill-8', value: '4' }],
    });
  });

  it('AC-14 cannot be written on a certificate as a level', () => {
    assert.throws(
      () => recordOf('skill-level', under, { occupation: WELDER, level: { framework: 'enterprise', value: '14' } }),
      (error) => errorCode(error) === 'RECORD_INVALID',
    );
  });

  it('AC-14 are not compared with national levels, even if they got past every form', () => {
    const facts = factsOf(recordOf('skill-level', under, { occupation: WELDER, level: five('4') }));
    const found = decide({ ...facts, level: { framework: 'enterprise', value: '4' } }, viewOf(SICHUAN), {
      anchor: SICHUAN,
      now: NOW,
      request: { level: five('5') },
    });
    assert.deepEqual([found.outcome, codes(found)[0]], ['not-recognised', 'LEVEL_OUT_OF_SCOPE']);
    assert.equal(
      ask(SICHUAN, recordOf('skill-level', under, { occupation: WELDER, level: five('4') })).outcome,
      'recognised',
    );
  });
});

import assert from 'node:assert/strict';
import { errorCode } from '../../shared/errors.js';
import type { Accreditation } from '../../shared/trust/types.js';
import { accredited, ask, codes, five, recordOf, SICHUAN, viewOf, WELDER } from './world.js';

/** The organiser, accredited for competition results too. */
const organiser: Accreditation = (() => {
  const base = accredited('sichuan.example:2019-001');
  const [action] = base.actions;
  const { level: _, ...scope } = action!.scope;
  return { ...base, actions: [...base.actions, { ...action!, scope: { ...scope, kind: ['competition-result'] } }] };
})();
const view = viewOf(SICHUAN, (feed) => ({
  ...feed,
  accreditations: feed.accreditations.map((row) => (row.id === organiser.id ? organiser : row)),
}));
const result = (changes: object = {}) =>
  recordOf('competition-result', organiser, {
    occupation: WELDER,
    competition: { filingNumber: '示例竞〔2026〕9号', name: '示例省职业技能大赛', event: '焊接', rank: '一等奖' },
    assessment: { method: 'competition', region: '510000' },
    ...changes,
  });

describe('M12 competition results', () => {
  it('AC-12 shown alone never count as holding a level, whatever the rank', () => {
    for (const value of ['5', '4', '3', '2', '1']) {
      const found = ask(SICHUAN, result(), { request: { occupation: WELDER.code, level: five(value) } }, view);
      assert.deepEqual([found.outcome, codes(found)[0]], ['not-recognised', 'FRAMEWORK_NOT_AS_REQUESTED']);
    }
  });

  it('AC-12 cannot carry a level at all', () => {
    assert.throws(
      () => result({ level: five('2') }),
      (error) => errorCode(error) === 'RECORD_INVALID',
    );
  });

  it('are recognised for what they are', () => {
    const found = ask(SICHUAN, result(), {}, view);
    assert.equal(found.outcome, 'recognised');
    assert.deepEqual(found.as, { kind: 'competition-result', occupation: WELDER.code });
  });
});

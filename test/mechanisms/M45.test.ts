import assert from 'node:assert/strict';
import { errorCode } from '../../shared/errors.js';
import { decideCompetitionAward, parseCompetitionAward } from '../../shared/trust/crosswalk/competition-award.js';
import { advancementNotes } from '../../shared/trust/notes/advancement-notes.js';
import { accredited, allowed, five, recordOf, tables, WELDER } from './world.js';

const table = tables['competition-award'];
const result = (rank: string, changes: object = {}) => ({
  filingNumber: '琼竞〔示例〕2号',
  name: '第二届示例自贸港技能大赛',
  event: '装配式建筑',
  rank,
  ...changes,
});
const decision = (...[rank, request, changes]: [string, Parameters<typeof decideCompetitionAward>[1]?, object?]) => {
  const found = decideCompetitionAward(result(rank, changes), request ?? {}, table);
  return found.outcome === 'may-certify' ? found.level.value : 'code' in found ? found.code : found.outcome;
};

describe('M45 competition rank to level', () => {
  it('AC-45a a merit award leads to level 3, and a holder of level 3 to level 2', () => {
    assert.equal(decision('优胜奖'), '3');
    assert.equal(decision('优胜奖', { held: five('3') }), '2');
    assert.equal(decision('金牌'), '2');
    assert.equal(decision('铜牌', { held: five('2') }), '1');
  });

  it('AC-45b nobody skips a level', () => {
    assert.equal(decision('优胜奖', { held: five('4'), wanted: five('2') }), 'LEVEL_BEYOND_RANK');
    assert.equal(decision('优胜奖', { held: five('3'), wanted: five('1') }), 'LEVEL_BEYOND_RANK');
    assert.equal(decision('金牌', { held: five('3'), wanted: five('1') }), 'LEVEL_BEYOND_RANK');
    assert.equal(decision('金牌', { wanted: five('3') }), '3', 'less than the rank gives may be asked for');
    assert.throws(
      () => parseCompetitionAward({ ...table[0], level: five('3'), levelIfHeld: five('1') }),
      (error) => errorCode(error) === 'CROSSWALK_INVALID',
    );
  });

  it('AC-45c a competition that was not filed gives nothing; nor do other events and ranks', () => {
    assert.equal(decision('金牌', {}, { filingNumber: '无备案' }), 'COMPETITION_NOT_FILED');
    assert.equal(decision('参与奖'), 'RANK_NOT_LISTED');
    assert.equal(decision('金牌', {}, { event: '砌筑' }), 'RANK_NOT_LISTED');
  });

  it('a mapping nobody confirmed is not used', () => {
    assert.equal(decision('一等奖', {}, { filingNumber: '示例竞〔2026〕9号', event: '焊接' }), 'unverified-rule');
  });

  it('the certificate that follows is an ordinary one: of an accredited institution, with the competition as its basis', () => {
    const certificate = (value: string) =>
      recordOf('skill-level', accredited('jiangsu.example:2026-038'), {
        occupation: WELDER,
        level: five(value),
        issuedOn: '2026-05-01',
        assessment: { method: 'competition' },
        advancement: { path: 'competition', basis: '琼竞〔示例〕2号 优胜奖' },
        candidateEmployer: {
          uscc: accredited('jiangsu.example:2026-038').unifiedSocialCreditCode,
          name: '示例单位',
        },
      });
    assert.equal(allowed(certificate('3')).answer, 'pass');
    assert.equal(allowed(certificate('2')).answer, 'fail');
    assert.deepEqual(advancementNotes(certificate('3')), [
      { code: 'ADVANCED_BY_COMPETITION', params: { basis: '琼竞〔示例〕2号 优胜奖' } },
    ]);
  });
});

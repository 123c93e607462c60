import assert from 'node:assert/strict';
import { findLevel } from '../../shared/certificate/level.js';
import { meetsLevel } from '../../shared/trust/crosswalk/level-equivalence.js';
import { accredited, ask, eight, five, JIANGSU, recordOf, tables, WELDER } from './world.js';

const qualification = (value: string) => ({ framework: 'cn-occ-qual', value });
const table = tables['level-equivalence'];

describe('M39 old qualifications', () => {
  it('AC-39 qualification level 3 meets a post for level 3, both ways, and not one for level 2', () => {
    const found = meetsLevel(qualification('3'), five('3'), table);
    assert.equal(found.meets, true);
    assert.match(found.equivalence?.basis ?? '', /一一对应/);
    assert.equal(meetsLevel(five('3'), qualification('3'), table).meets, true);
    assert.equal(meetsLevel(qualification('3'), five('4'), table).meets, true);
    assert.equal(meetsLevel(qualification('3'), five('2'), table).meets, false);
  });

  it('AC-39 levels nobody declared the same do not meet, and equivalences are not chained', () => {
    assert.deepEqual(meetsLevel(qualification('3'), five('3'), []), { meets: false });
    assert.deepEqual(meetsLevel({ framework: 'mo-dsal', value: 'intermediate' }, five('5'), table), { meets: false });
    assert.equal(meetsLevel(five('3'), eight('3'), table).meets, true);
    assert.deepEqual(meetsLevel(qualification('3'), eight('3'), table), { meets: false });
    assert.deepEqual(
      meetsLevel(
        qualification('3'),
        five('3'),
        table.map((row) => ({ ...row, enabled: false })),
      ),
      { meets: false },
    );
  });

  it('AC-39 the certificate keeps its name and level while it counts as level 3', () => {
    const old = recordOf('occ-qualification', accredited('chongqing.example:2019-001'), {
      occupation: WELDER,
      level: qualification('3'),
      issuedOn: '2019-07-01',
      assessment: { region: '500000' },
    });
    const found = ask(JIANGSU, old, { request: { occupation: WELDER.code, level: five('3') } });
    assert.deepEqual([found.outcome, found.treatment], ['recognised', ['deemed-level']]);
    assert.deepEqual(found.as, { kind: 'skill-level', occupation: WELDER.code, level: five('3') });
    assert.deepEqual(old.level, qualification('3'));
    assert.equal(findLevel(qualification('3'))?.nameZh, '国家职业资格三级/高级技能');
  });
});

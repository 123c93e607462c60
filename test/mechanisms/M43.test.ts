import assert from 'node:assert/strict';
import { errorCode } from '../../shared/errors.js';
import {
  findTitleCrosswalk,
  parseTitleCrosswalk,
  titleCrosswalkText,
} from '../../shared/trust/crosswalk/title-crosswalk.js';
import { eight, five, NOW, tables } from './world.js';

const table = tables['title-crosswalk'];
const find = (level: ReturnType<typeof five>, region = '440300') =>
  findTitleCrosswalk({ level }, { region, at: NOW }, table);

describe('M43 titles and education', () => {
  it('AC-43 a senior worker may apply for an assistant title after two years, and is not said to have it', () => {
    const [row, ...more] = find(five('3'));
    assert.deepEqual(more, []);
    assert.equal(
      titleCrosswalkText(row!, 'zh-CN'),
      '三级/高级工:可申报助理级工程技术职称(满 2 年)。依据:高技能人才与工程技术人才职业发展贯通(2018 试行意见转载)(2018)。',
    );
    assert.match(titleCrosswalkText(row!, 'en'), /may apply for assistant engineer after 2 years/);
  });

  it('AC-43 no row of the table says “equals” or “has”, in either language', () => {
    for (const row of table) {
      assert.doesNotMatch(titleCrosswalkText(row, 'zh-CN'), /等于|等同|已具有|具有.*职称|视为/);
      assert.doesNotMatch(titleCrosswalkText(row, 'en'), /\bequals?\b|equivalent|\bholds the\b|\bhas the\b/i);
    }
    assert.throws(
      () => parseTitleCrosswalk({ ...table[0], relation: 'equals' }),
      (error) => errorCode(error) === 'CROSSWALK_INVALID',
    );
  });

  it('holds in the region that made it, and unconfirmed rows are not used', () => {
    assert.deepEqual(find(five('3'), '510000'), []);
    assert.equal(table.filter((row) => !row.enabled).length, 1);
    assert.deepEqual(find(eight('chief')), []);
  });

  it('compares school programmes with education, not levels', () => {
    const [row] = findTitleCrosswalk({ programme: '技工院校高级工班' }, { region: '440300', at: NOW }, table);
    assert.match(titleCrosswalkText(row!, 'zh-CN'), /^技工院校高级工班:可对照大专/);
  });
});

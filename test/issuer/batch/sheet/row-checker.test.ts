import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseExamResult } from '../../../../issuer/exam-result.js';
import { RowChecker } from '../../../../issuer/batch/sheet/row-checker.js';
import { cellsOf, columns, context, header, PERSONAL, sheets, usual } from './odd-sheets.js';
import { citizenNumber, goodRow } from './sheet-world.js';

describe('the short way of checking rows', () => {
  it('says of every row what the long way says, whatever rows came before', () => {
    const found = { good: 0, wrong: 0 };
    fc.assert(
      fc.property(sheets, ({ shared, rows }) => {
        const checker = new RowChecker(columns, context);
        for (const [i, { n, personal, other }] of rows.entries()) {
          const raw = { row: i + 2, cells: cellsOf(n, { ...shared, ...personal, ...other }) };
          const fast = checker.check(raw);
          assert.deepEqual(fast, new RowChecker(columns, context).longWay(raw));
          if ('exam' in fast) assert.deepEqual(parseExamResult(fast.exam), fast.exam);
          found['exam' in fast ? 'good' : 'wrong']++;
        }
      }),
      { numRuns: 80 },
    );
    assert.ok(found.good > 100 && found.wrong > 100, JSON.stringify(found));
  });

  it('is not taken where a shared cell holds a document number, or the document is no identity card', () => {
    const answers = (first: Record<string, string>, second: Record<string, string>): string[] => {
      const checker = new RowChecker(columns, context);
      return [first, second].map((changes, i) => {
        const cells = header.map((column) => changes[column] ?? usual(column, i + 1));
        const checked = checker.check({ row: i + 2, cells });
        return 'exam' in checked ? 'good' : checked.problems.map(({ code }) => code).join();
      });
    };
    const trade = { 工种: `9${citizenNumber(2)}9` };
    assert.deepEqual(answers(trade, trade), ['good', 'ID_NUMBER_ON_CERTIFICATE']);
    const permit = { 证件类型: '港澳台居民居住证' };
    assert.deepEqual(answers({ ...permit, 证件号码: '810000199408230021' }, permit), ['good', 'ID_NUMBER_INVALID']);
  });

  it('is taken: a row like the one before costs a small part of the first', () => {
    const checker = new RowChecker(columns, context);
    let long = 0;
    checker.longWay = new Proxy(checker.longWay.bind(checker), {
      apply: (target, _, args: Parameters<RowChecker['longWay']>) => {
        long++;
        return target(...args);
      },
    });
    for (let n = 0; n < 100; n++)
      assert.ok('exam' in checker.check({ row: n + 2, cells: header.map((column) => usual(column, n)) }));
    assert.equal(long, 1);
    for (let n = 0; n < 100; n++)
      checker.check({ row: n + 2, cells: header.map((column) => (column === '等级' ? '二级' : usual(column, n))) });
    assert.equal(long, 2);
  });

  it('remembers so much and no more of sheets whose every row differs in long cells', () => {
    const checker = new RowChecker(columns, context);
    for (let row = 2; row < 3000; row++)
      checker.check({
        row,
        cells: header.map((name, i) =>
          PERSONAL.includes(name) || name === '证件类型' ? (goodRow(row)[i] ?? '') : `${row}${'长'.repeat(900)}`,
        ),
      });
    const remembered = Object.values(checker)
      .filter((value): value is Map<string, unknown> => value instanceof Map)
      .flatMap((map) => [...map.keys()]);
    const characters = remembered.reduce((sum, { length }) => sum + length, 0);
    assert.ok(characters > 1_000_000 && characters <= 16 * 1024 * 1024, `${characters} characters`);
  });
});

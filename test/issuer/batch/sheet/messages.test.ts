import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { en } from '../../../../issuer/batch/messages/en.js';
import { problemText } from '../../../../issuer/batch/messages/problem-text.js';
import { zhCN } from '../../../../issuer/batch/messages/zh-CN.js';

const names = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort();

describe('what is said about a wrong sheet', () => {
  it('has a sentence in Chinese and English for every code, with the same facts', () => {
    assert.deepEqual(Object.keys(en).sort(), Object.keys(zhCN).sort());
    for (const [code, chinese] of Object.entries(zhCN)) {
      const english = en[code] ?? '';
      assert.match(chinese, /\p{Script=Han}.*[。]$/u, code);
      assert.match(english, /^["A-Z{].*\.$/, code);
      const facts = new Set(names(chinese));
      for (const name of names(english)) assert.ok(facts.has(name) || name === 'kind', `${code}: {{${name}}}`);
    }
  });

  it('knows every code the sheet code names', async () => {
    const folder = join('issuer', 'batch', 'sheet');
    const codes = new Set<string>();
    for (const name of await readdir(folder, { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const source = await readFile(join(folder, name), 'utf8');
      for (const [, code] of source.matchAll(
        /(?:code: |refuseSheet\(\s*|add\([^,]+, |problem\(|\? )'([A-Z][A-Z0-9]+_[A-Z0-9_]+)'/g,
      ))
        codes.add(code ?? '');
    }
    codes.delete('QUOTE_NOT_CLOSED');
    assert.ok(codes.size > 45, `only ${codes.size} codes were found`);
    assert.deepEqual(
      [...codes].filter((code) => !Object.hasOwn(zhCN, code)),
      [],
    );
  });

  it('says what is wrong, what stands there and what to write', () => {
    const problem = {
      row: 5,
      column: 'assessmentDate',
      letter: 'K',
      header: '考试日期',
      value: '26/5/1',
      code: 'DATE_AMBIGUOUS',
      parameters: {},
    };
    assert.equal(
      problemText(problem, 'zh-CN'),
      '“考试日期”写的是“26/5/1”,看不出是哪一天;请把年、月、日写全,如 2026-05-01。',
    );
    assert.equal(
      problemText({ ...problem, code: 'CELL_MISSING' }, 'en'),
      '"考试日期" is empty; write a date like 2026-05-01.',
    );
  });

  it('puts reasons of the accreditation decision into words, and inserts values as plain text', () => {
    const suspended = problemText({ code: 'ISSUER_SUSPENDED_AT_ISSUE', parameters: {} }, 'zh-CN');
    assert.match(suspended, /^本机构的备案不允许签发这张证书\(.*\p{Script=Han}.*\)/u);
    const value = '{{format}} $t(SHEET_EMPTY) <b>';
    assert.ok(problemText({ code: 'CELL_FORM', column: 'region', value, parameters: {} }, 'en').includes(value));
  });
});

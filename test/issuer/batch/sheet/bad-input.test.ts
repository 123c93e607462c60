import assert from 'node:assert/strict';
import { SheetError, openIssueSheet, problemText } from '../../../../issuer/batch/sheet/index.js';
import { rawXlsx, row } from './raw-xlsx.js';
import {
  citizenNumber,
  contextWith,
  csv,
  fileOf,
  goodRow,
  HEADER,
  letterOf,
  places,
  readWhole,
  removeFiles,
  viewWith,
} from './sheet-world.js';

const date = letterOf('考核日期');
const number = letterOf('证件号码');

/** Cells of a good row with one of them replaced by raw XML; `$` is its place. */
function withCell(header: string, xml: string): string[] {
  return goodRow(1).map((cell, i) => (HEADER[i] === header ? xml : cell));
}

function xlsx(...rows: string[][]): Uint8Array {
  return rawXlsx({ rows: [HEADER, ...rows].map((cells, i) => row(i + 1, cells)).join('') });
}

describe('what people put into sheets (issue 4, bad input)', () => {
  after(removeFiles);

  it('takes a good row', async () => {
    const { rows } = await readWhole(csv([HEADER, goodRow()]));
    assert.equal(rows.length, 1);
    const [first] = rows;
    assert.ok(first && 'exam' in first);
    assert.equal(first.row, 2);
    assert.deepEqual(first.exam.level, { framework: 'cn-skill-5', value: '3' });
    assert.equal(first.exam.holder.idType, 'resident-identity-card');
    assert.deepEqual(places((await readWhole(xlsx(goodRow()))).problems), []);
  });

  it('names every merged cell, and no cell is silently blank', async () => {
    const rows = [HEADER, goodRow(1), withCell('等级', '<c r="$"/>'), goodRow(3)];
    const { problems, rows: checked } = await readWhole(
      rawXlsx({
        rows: rows.map((cells, i) => row(i + 1, cells)).join(''),
        behind: '<mergeCells count="1"><mergeCell ref="F2:F3"/></mergeCells>',
      }),
    );
    assert.deepEqual(places(problems), ['CELL_MERGED F2', 'CELL_MERGED F3']);
    assert.equal(problems[0]?.parameters['area'], 'F2:F3');
    assert.ok('exam' in (checked[2] ?? {}));
  });

  it('takes a merged title above the header as what it is', async () => {
    const title = row(1, ['示例中心合格人员名单']);
    const { problems, sheet } = await readWhole(
      rawXlsx({
        rows: title + row(3, HEADER) + row(4, goodRow()),
        behind: '<mergeCells><mergeCell ref="A1:M2"/></mergeCells>',
      }),
    );
    assert.deepEqual(problems, []);
    assert.equal(sheet.headerRow, 3);
    assert.deepEqual(
      sheet.notices().map(({ code, row: at }) => [code, at]),
      [['TITLE_ROWS_SKIPPED', 3]],
    );
  });

  it('refuses formulas, whatever value they had', async () => {
    const cells = withCell('理论成绩', '<c r="$"><f>40+40</f><v>80</v></c>');
    assert.deepEqual(places((await readWhole(xlsx(cells))).problems), [`CELL_FORMULA ${letterOf('理论成绩')}2`]);
    const inCsv = await readWhole(csv([HEADER, goodRow(1, { 理论成绩: '=40+40' })]));
    assert.deepEqual(places(inCsv.problems), [`CELL_FORMULA ${letterOf('理论成绩')}2`]);
  });

  it('takes ="…" in CSV as the text it keeps', async () => {
    const { rows } = await readWhole(csv([HEADER, goodRow(1, { 证件号码: `="${citizenNumber(7)}"` })]));
    assert.ok(rows[0] && 'exam' in rows[0]);
    assert.equal(rows[0].exam.holder.idNumber, citizenNumber(7));
  });

  it('reads date cells of both date systems and refuses a bare serial number, naming the day it may mean', async () => {
    const dateCell = (xml: string, more = {}): Uint8Array =>
      rawXlsx({ rows: row(1, HEADER) + row(2, withCell('考核日期', xml)), ...more });
    const read = async (bytes: Uint8Array): Promise<string | undefined> => {
      const { rows, problems } = await readWhole(bytes);
      assert.deepEqual(problems, []);
      return rows[0] && 'exam' in rows[0] ? rows[0].exam.assessment.date : undefined;
    };
    assert.equal(await read(dateCell('<c r="$" s="2"><v>46143</v></c>')), '2026-05-01');
    assert.equal(await read(dateCell('<c r="$" s="2"><v>46143.75</v></c>')), '2026-05-01');
    assert.equal(await read(dateCell('<c r="$" s="2"><v>44681</v></c>', { date1904: true })), '2026-05-01');
    const custom = { format: 'yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@' };
    assert.equal(await read(dateCell('<c r="$" s="1"><v>46143</v></c>', custom)), '2026-05-01');
    const { problems } = await readWhole(dateCell('<c r="$"><v>46143</v></c>'));
    assert.deepEqual(places(problems), [`DATE_IS_SERIAL_NUMBER ${date}2`]);
    assert.equal(problems[0]?.parameters['perhaps'], '2026-05-01');
    const red = { format: '[Red]0.00&quot;day&quot;' };
    assert.deepEqual(places((await readWhole(dateCell('<c r="$" s="1"><v>46143</v></c>', red))).problems), [
      `DATE_IS_SERIAL_NUMBER ${date}2`,
    ]);
  });

  for (const [written, meant] of [
    ['20261101', '2026-11-01'],
    ['2026/11/1', '2026-11-01'],
    ['2026.11.1', '2026-11-01'],
    ['2026年11月1日', '2026-11-01'],
    ['2026-11-01 00:00:00', '2026-11-01'],
    ['2026/11/1 0:00', '2026-11-01'],
  ])
    it(`understands the date ${written}`, async () => {
      const { rows } = await readWhole(csv([HEADER, goodRow(1, { 考核日期: written ?? '' })]));
      assert.ok(rows[0] && 'exam' in rows[0]);
      assert.equal(rows[0].exam.assessment.date, meant);
    });

  for (const [written, code] of [
    ['11/1/2026', 'DATE_AMBIGUOUS'],
    ['26/11/1', 'DATE_AMBIGUOUS'],
    ['2026-11', 'DATE_AMBIGUOUS'],
    ['202611', 'DATE_AMBIGUOUS'],
    ['2026-02-30', 'DATE_NOT_A_DAY'],
    ['去年', 'DATE_UNREADABLE'],
  ])
    it(`refuses the date ${written} with ${code}`, async () => {
      const { problems } = await readWhole(csv([HEADER, goodRow(1, { 考核日期: written ?? '' })]));
      assert.deepEqual(places(problems), [`${code} ${date}2`]);
      assert.equal(problems[0]?.value, written);
    });

  it('takes leading apostrophes and full-width digits off codes, and keeps the letters of names', async () => {
    const wide = (text: string): string => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    const { rows, problems } = await readWhole(
      csv([
        HEADER,
        goodRow(1, {
          姓名: ' 张  伟 ',
          证件号码: `'${wide(citizenNumber(1))}`,
          职业编码: wide('6-18-02-04'),
          理论成绩: wide('80'),
          考核日期: wide('2026/11/15'),
        }),
        goodRow(2, { 姓名: 'Ａｎｎ  Ｌｅｅ' }),
      ]),
    );
    assert.deepEqual(problems, []);
    assert.ok(rows[0] && 'exam' in rows[0] && rows[1] && 'exam' in rows[1]);
    assert.equal(rows[0].exam.holder.name, '张伟');
    assert.equal(rows[0].exam.holder.idNumber, citizenNumber(1));
    assert.equal(rows[0].exam.occupation?.code, '6-18-02-04');
    assert.equal(rows[0].exam.assessment.theoryScore, '80');
    assert.equal(rows[1].exam.holder.name, 'Ａｎｎ Ｌｅｅ');
  });

  it('refuses 15-digit numbers, numbers that lost their digits, and shows only their last four', async () => {
    const { problems } = await readWhole(csv([HEADER, goodRow(1, { 证件号码: '510105900101001' })]));
    assert.deepEqual(places(problems), [`ID_NUMBER_15_DIGITS ${number}2`]);
    assert.equal(problems[0]?.value, '***********1001');
    const stored = withCell('证件号码', '<c r="$"><v>5.1010519900101E17</v></c>');
    assert.deepEqual(places((await readWhole(xlsx(stored))).problems), [`ID_NUMBER_LOST_DIGITS ${number}2`]);
    for (const text of ['5.10105E+17', '510105199001011000']) {
      const found = (await readWhole(csv([HEADER, goodRow(1, { 证件号码: text })]))).problems;
      assert.deepEqual(places(found), [`ID_NUMBER_LOST_DIGITS ${number}2`], text);
    }
    const wrong = (await readWhole(csv([HEADER, goodRow(1, { 证件号码: '510105199001010014' })]))).problems;
    assert.deepEqual(places(wrong), [`ID_NUMBER_INVALID ${number}2`]);
    assert.ok(!JSON.stringify(wrong).includes('51010519900101001'));
  });

  it('names an invisible character and its place', async () => {
    const { problems } = await readWhole(
      csv([HEADER, goodRow(1, { 姓名: '张\u200b伟' }), goodRow(2, { 职业编码: '6-18-02-04\u202e' })]),
    );
    assert.deepEqual(places(problems), ['CELL_INVISIBLE_CHARACTER A2', `CELL_INVISIBLE_CHARACTER D3`]);
    assert.deepEqual(problems[0]?.parameters, { character: 'U+200B', position: '2' });
    assert.equal(problems[0].value, '张□伟');
  });

  it('finds two exchanged columns and says which', async () => {
    const swapped = [...HEADER];
    const [name = '', type = '', id = '', ...rest] = swapped;
    const rows = [1, 2, 3].map((n) => goodRow(n));
    await assert.rejects(readWhole(csv([[id, type, name, ...rest], ...rows])), (error: SheetError) => {
      assert.equal(error.code, 'COLUMNS_SWAPPED');
      assert.match(problemText(error.problems[0]!, 'zh-CN'), /A 列“证件号码”和 C 列“姓名”/);
      assert.match(error.message, /Columns A "证件号码" and C "姓名" look swapped/);
      return true;
    });
    const [theory, practice] = [HEADER.indexOf('理论成绩'), HEADER.indexOf('考核日期')];
    const mixed = rows.map((cells) => cells.with(theory, cells[practice]!).with(practice, cells[theory]!));
    await assert.rejects(readWhole(csv([HEADER, ...mixed])), { code: 'COLUMNS_SWAPPED' });
  });

  it('names a level the institution may not assess, and those it may', async () => {
    const { problems } = await readWhole(csv([HEADER, goodRow(1, { 等级: '技师' })]));
    assert.deepEqual(places(problems), [`LEVEL_OUT_OF_SCOPE ${letterOf('等级')}2`]);
    assert.equal(problems[0]?.parameters['allowed'], '五级/初级工、四级/中级工、三级/高级工');
    assert.match(problemText(problems[0], 'zh-CN'), /二级\/技师.*五级\/初级工/);
  });

  it('names an occupation outside the accreditation and those inside, and each other thing outside it', async () => {
    const { problems } = await readWhole(
      csv([
        HEADER,
        goodRow(1, { 职业编码: '4-10-01-05', 工种: '', 等级: '一级', 考核标准: '企标 1', 标准类型: '企业评价规范' }),
      ]),
    );
    assert.deepEqual(places(problems), [
      'OCCUPATION_OUT_OF_SCOPE D2',
      'LEVEL_OUT_OF_SCOPE F2',
      'STANDARD_OUT_OF_SCOPE I2',
    ]);
    assert.match(problems[0]?.parameters['allowed'] ?? '', /6-18-02-04 焊工/);
    const elsewhere = await readWhole(csv([HEADER, goodRow()]), { view: viewWith({ region: ['50*'] }) });
    assert.deepEqual(places(elsewhere.problems), ['REGION_OUT_OF_SCOPE 2']);
  });

  it('says when the authority is not known, when nothing is accredited and when a date lies outside', async () => {
    const header = [...HEADER, '发证日期'];
    const one = csv([header, [...goodRow(1, { 考核日期: '2025-01-01' }), '2025-06-01']]);
    assert.deepEqual(places((await readWhole(one)).problems), ['ACCREDITATION_NOT_IN_FORCE_AT_ISSUE N2']);
    const unknown = await readWhole(csv([HEADER, goodRow()]), { view: undefined });
    assert.deepEqual(places(unknown.problems), ['ISSUER_NOT_ACCREDITED 2']);
    const late = [...goodRow(1), '2026-12-01'];
    assert.deepEqual(places((await readWhole(csv([header, late]))).problems), ['ISSUED_IN_FUTURE N2']);
    const early = [...goodRow(1), '2026-11-01'];
    assert.deepEqual(places((await readWhole(csv([header, early]))).problems), [`ASSESSED_AFTER_ISSUE ${date}2`]);
  });

  it('gives good rows as good and bad rows with all their problems, so that the person can decide', async () => {
    const rows = Array.from({ length: 100 }, (_, i) =>
      i % 20 < 13
        ? goodRow(i)
        : goodRow(i, { 证件号码: '1', 等级: '七级', 理论成绩: '59', 考核方式: '抽签', 考核计划编号: '' }),
    );
    const { rows: checked } = await readWhole(csv([HEADER, ...rows]));
    assert.equal(checked.filter((one) => 'exam' in one).length, 65);
    const bad = checked[13];
    assert.ok(bad && 'problems' in bad);
    assert.deepEqual(places(bad.problems), [
      'ID_NUMBER_INVALID C15',
      'LEVEL_UNKNOWN F15',
      'CELL_MISSING G15',
      'CELL_NOT_IN_LIST H15',
      'SCORE_BELOW_PASS L15',
    ]);
  });

  it('refuses error values, truth values and document numbers where they must not stand', async () => {
    const cells = withCell('工种', '<c r="$" t="e"><v>#N/A</v></c>');
    assert.deepEqual(places((await readWhole(xlsx(cells))).problems), ['CELL_ERROR E2']);
    const bool = withCell('工种', '<c r="$" t="b"><v>1</v></c>');
    assert.deepEqual(places((await readWhole(xlsx(bool))).problems), ['CELL_BOOLEAN E2']);
    for (const n of [1, 2]) {
      const { problems } = await readWhole(csv([HEADER, goodRow(1, { 工种: `焊工${citizenNumber(n)}` })]));
      assert.deepEqual(places(problems), ['ID_NUMBER_ON_CERTIFICATE E2']);
      assert.ok(!JSON.stringify(problems).includes(citizenNumber(n)));
    }
  });

  it('reads hidden rows and says so', async () => {
    const { rows, sheet } = await readWhole(
      rawXlsx({ rows: row(1, HEADER) + row(2, goodRow(1)) + row(3, goodRow(2), ' hidden="1"') + row(4, goodRow(3)) }),
    );
    assert.equal(rows.length, 3);
    assert.deepEqual(sheet.notices(), [{ code: 'HIDDEN_ROWS', row: 3, parameters: { rows: '1' } }]);
  });

  it('names unknown, doubled and missing columns all at once, and ignores what lists usually carry', async () => {
    const header = ['序号', '姓 名*', '证件号码', '身份证号', '发证日其', ...HEADER.slice(3, 10)];
    await assert.rejects(readWhole(csv([header, ['1']])), (error: SheetError) => {
      assert.deepEqual(places(error.problems), ['HEADER_DOUBLED D1', 'HEADER_UNKNOWN E1', 'HEADER_MISSING 1']);
      assert.equal(error.problems[2]?.column, 'assessmentDate');
      return true;
    });
    const english = 'Name,ID number,Occupation code,Level,Assessment id,Method,Standard,Standard type,Assessment date';
    const cells = ['张伟', citizenNumber(1), '6-18-02-04', 'L3', 'A-1', '考试', 'GZB 1', '国家', '2026-11-15'];
    const { rows, sheet } = await readWhole(
      csv([
        [...english.split(','), '备注'],
        [...cells, 'x'],
      ]),
    );
    assert.ok('exam' in (rows[0] ?? {}));
    assert.deepEqual(
      sheet.notices().map(({ code, parameters }) => [code, parameters['letter']]),
      [['COLUMN_IGNORED', 'J']],
    );
    await assert.rejects(readWhole('甲,乙\r\n1,2\r\n'), { code: 'HEADER_NOT_FOUND' });
  });

  it('asks for one header cell for each column', async () => {
    const bytes = rawXlsx({
      rows: row(1, HEADER) + row(2, goodRow()),
      behind: '<mergeCells><mergeCell ref="L1:M1"/></mergeCells>',
    });
    await assert.rejects(readWhole(bytes), (error: SheetError) => {
      assert.deepEqual(places(error.problems), ['HEADER_MERGED L1', 'HEADER_MERGED M1']);
      return true;
    });
  });

  it('knows what a kind needs and what it does not have', async () => {
    const header = [...HEADER, '证书类别', '培训名称', '证书编号'];
    const training = [...goodRow(1, { 职业编码: '', 工种: '' }), '培训合格证书', '急救', 'PX-1'];
    const { problems } = await readWhole(csv([header, training]));
    assert.deepEqual(places(problems), ['CELL_NOT_FOR_KIND F2', 'CELL_MISSING_FOR_KIND 2']);
    assert.equal(problems[1]?.column, 'trainingHours');
    const qualification = [...goodRow(2), '国家职业资格证书', '', ''];
    assert.deepEqual(places((await readWhole(csv([header, qualification]))).problems), ['NUMBER_MISSING P2']);
    const good = [...goodRow(2), '国家职业资格证书', '', '1610012003300123'];
    assert.deepEqual((await readWhole(csv([header, good]))).problems, []);
    const other = [...goodRow(2), '', '', 'S000051000002263000001'];
    assert.deepEqual(places((await readWhole(csv([header, other]))).problems), ['NUMBER_INSTITUTION_MISMATCH P2']);
  });

  it('asks for the employer where only some people may be assessed', async () => {
    const view = viewWith({ candidates: 'own-employees' });
    const header = [...HEADER, '所在单位统一社会信用代码', '所在单位名称'];
    const found = async (...employer: string[]): Promise<string[]> =>
      places((await readWhole(csv([header, [...goodRow(1), ...employer]]), { view })).problems);
    assert.deepEqual(await found('', ''), ['CANDIDATE_EMPLOYER_UNKNOWN N2']);
    assert.deepEqual(await found('91510000MA5U000002', '别的公司'), ['CANDIDATE_NOT_OWN_EMPLOYEE N2']);
    assert.deepEqual(await found('91510000MA5U000001', '本公司'), []);
    assert.deepEqual(await found('91510000MA5U000001', ''), ['CELL_MISSING O2']);
  });

  it('points at the same person, occupation and level from another assessment, and at nothing else', async () => {
    const { rows } = await readWhole(
      csv([
        HEADER,
        goodRow(1),
        goodRow(2),
        goodRow(1, { 考核计划编号: '2026-PJ-0002' }),
        goodRow(1, { 等级: '四级' }),
        goodRow(1),
      ]),
    );
    const notices = rows.flatMap((one) => ('exam' in one ? (one.notices ?? []) : []));
    assert.deepEqual(
      notices.map(({ row: at, code, parameters }) => [at, code, parameters['row']]),
      [[4, 'SAME_PERSON_AGAIN', '2']],
    );
  });

  it('leaves the example row of the template out', async () => {
    const { rows, sheet } = await readWhole(csv([HEADER, goodRow(1, { 姓名: '示例:张三' }), goodRow(2)]));
    assert.deepEqual(
      rows.map(({ row: at }) => at),
      [3],
    );
    assert.deepEqual(sheet.notices(), [{ code: 'EXAMPLE_ROW_IGNORED', row: 2, parameters: {} }]);
    await assert.rejects(readWhole(csv([HEADER, goodRow(1, { 姓名: '示例' })])), { code: 'SHEET_WITHOUT_ROWS' });
  });

  it('keeps the original of a correction beside the result', async () => {
    const header = ['原证书编号', ...HEADER];
    const { rows, problems } = await readWhole(
      csv([header, ['S000051000001263000001', ...goodRow(1)], ['', ...goodRow(2)]]),
      { operation: 'correct' },
    );
    assert.ok(rows[0] && 'exam' in rows[0]);
    assert.equal(rows[0].corrects, 'S000051000001263000001');
    assert.equal(rows[0].exam.supersedes, undefined);
    assert.deepEqual(places(problems), ['CELL_MISSING A3']);
    await assert.rejects(
      openIssueSheet(await fileOf(csv([HEADER, goodRow()])), contextWith({ operation: 'correct' })),
      {
        code: 'HEADER_MISSING',
      },
    );
  });
});

import assert from 'node:assert/strict';
import { strFromU8, unzipSync } from 'fflate';
import {
  openIssueSheet,
  openStatusSheet,
  writeProblemSheet,
  writeResultSheet,
  writeTemplate,
  type ResultRow,
  type TemplateRequest,
} from '../../../../issuer/batch/sheet/index.js';
import { HeaderReader } from '../../../../issuer/batch/sheet/header.js';
import { columnsOf } from '../../../../issuer/batch/sheet/columns.js';
import { sheetLimits } from '../../../../issuer/batch/sheet/limits.js';
import { readCsv } from '../../../../issuer/batch/sheet/csv/read-csv.js';
import { textOf } from '../../../../issuer/batch/sheet/raw-sheet.js';
import { readXlsx } from '../../../../issuer/batch/sheet/xlsx/read-xlsx.js';
import { bytesOf, citizenNumber, contextWith, fileOf, INSTITUTION, removeFiles, viewWith } from './sheet-world.js';

const NOW = new Date('2026-11-21T09:00:00Z');

function template(changes: Partial<TemplateRequest> = {}): Promise<Buffer> {
  return bytesOf(
    writeTemplate({
      format: 'xlsx',
      operation: 'issue',
      institution: INSTITUTION,
      view: viewWith(),
      now: NOW,
      language: 'zh-CN',
      ...changes,
    }),
  );
}

/** All cells of a written sheet as text, by our own readers without any tidying. */
async function cellsOf(bytes: Uint8Array, format: 'csv' | 'xlsx'): Promise<string[][]> {
  const { path } = await fileOf(bytes);
  const sheet =
    format === 'csv'
      ? await readCsv(path, sheetLimits(), (cells) => cells.length)
      : await readXlsx(path, sheetLimits(), new Set());
  const rows: string[][] = [];
  for await (const block of sheet.blocks()) for (const { cells } of block) rows.push(cells.map(textOf));
  await sheet.close();
  return rows;
}

function part(bytes: Uint8Array, name: string): string {
  return strFromU8(unzipSync(bytes)[name] ?? new Uint8Array());
}

describe('the template', () => {
  after(removeFiles);

  for (const format of ['xlsx', 'csv'] as const)
    for (const operation of ['issue', 'correct'] as const)
      it(`is taken back as it is (${format}, ${operation}): its header is known and its example not read`, async () => {
        const file = await fileOf(await template({ format, operation }));
        const sheet = await openIssueSheet(file, contextWith({ operation }));
        await assert.rejects(sheet.rows()[Symbol.asyncIterator]().next(), { code: 'SHEET_WITHOUT_ROWS' });
        assert.deepEqual(
          sheet.notices().map(({ code }) => code),
          ['EXAMPLE_ROW_IGNORED'],
        );
      });

  it('is taken back for status changes and in English too', async () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const file = await fileOf(await template({ operation: 'revoke', language }));
      const sheet = await openStatusSheet(file, { operation: 'revoke' });
      await assert.rejects(sheet.rows()[Symbol.asyncIterator]().next(), { code: 'SHEET_WITHOUT_ROWS' });
    }
    const file = await fileOf(await template({ language: 'en' }));
    const { header } = await openIssueSheet(file, contextWith());
    assert.equal(header[0]?.header, '*Name');
  });

  it('has only the columns this institution can use', async () => {
    const headers = async (changes: Partial<TemplateRequest>): Promise<string> =>
      (await cellsOf(await template({ format: 'csv', ...changes }), 'csv'))[0]?.join() ?? '';
    const open = await headers({});
    assert.match(open, /\*姓名.*\*证件号码.*职业编码.*等级.*培训名称/);
    assert.doesNotMatch(open, /统一社会信用代码|聘任岗位/);
    const own = await headers({ view: viewWith({ kind: ['skill-level'], candidates: 'own-employees' }) });
    assert.match(own, /所在单位统一社会信用代码/);
    assert.doesNotMatch(own, /培训名称|产业链/);
  });

  it('explains every column and lists what this institution may issue', async () => {
    const bytes = await template();
    const text = part(bytes, 'xl/worksheets/sheet2.xml');
    for (const { zh, key } of columnsOf('issue').slice(0, 20))
      assert.ok(key === 'holderDid' || text.includes(`>${zh}<`), zh);
    assert.match(text, /示例技能评价中心现在可以签发\(示例省人社厅备案\)/);
    assert.match(text, /三级\/高级工/);
    assert.match(text, /6-18-02-04 焊工/);
    assert.doesNotMatch(text, /二级\/技师</);
    const none = part(await template({ view: undefined }), 'xl/worksheets/sheet2.xml');
    assert.match(none, /还没有示例技能评价中心的备案数据/);
  });

  it('keeps digits as text and offers lists of the accreditation', async () => {
    const bytes = await template();
    const sheet = part(bytes, 'xl/worksheets/sheet1.xml');
    assert.match(sheet, /<col min="3" max="3" width="\d+" style="2" customWidth="1"\/>/);
    assert.match(part(bytes, 'xl/styles.xml'), /<xf numFmtId="49" applyNumberFormat="1"\/>/);
    const lists = [...sheet.matchAll(/sqref="([A-Z]+)2:[A-Z]+1048576"><formula1>'可选值'!\$([A-Z]+)\$2:\$\2\$(\d+)</g)];
    const header = new HeaderReader(columnsOf('issue'));
    const [first = []] = await cellsOf(bytes, 'xlsx');
    const { columns } = header.read([{ row: 1, cells: first }]);
    const level = columns.find(({ column }) => column === 'level')?.letter;
    const found = lists.find(([, letter]) => letter === level);
    assert.equal(found?.[3], '7', 'three levels of two frameworks have six names');
    for (const wanted of ['idType', 'kind', 'occupationCode', 'method'])
      assert.ok(
        lists.some(([, letter]) => letter === columns.find(({ column }) => column === wanted)?.letter),
        wanted,
      );
  });
});

const DANGEROUS = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '=1',
  '+1',
  '-1',
  '@a',
  ' =1',
  '"=1"',
  '|calc',
  "'=1",
];

describe('sheets we write', () => {
  after(removeFiles);

  for (const format of ['csv', 'xlsx'] as const)
    it(`hold no cell that could be a formula (${format})`, async () => {
      const rows: ResultRow[] = DANGEROUS.map((name, i) => ({
        row: i + 2,
        name,
        certificateNumber: name,
        state: 'done',
        qrText: name,
      }));
      const bytes = await bytesOf(writeResultSheet(rows, { format, language: 'zh-CN' }));
      const [, ...cells] = await cellsOf(bytes, format);
      assert.equal(cells.length, DANGEROUS.length);
      for (const [i, row] of cells.entries()) {
        assert.equal(row[0], String(i + 2));
        for (const text of [row[1], row[2], row[5]]) {
          assert.doesNotMatch(text ?? '', /^\s*[=+\-@=+-@|%]/u);
          assert.equal(text?.replace(/^'(?=[\s=+\-@=+-@|])/u, '').trim(), DANGEROUS[i]?.replace(/^'/, '').trim());
        }
      }
    });

  it('say what became of each row, in both languages', async () => {
    const rows: ResultRow[] = [
      {
        row: 2,
        name: '张伟',
        certificateNumber: 'S000051000001263000001',
        state: 'done',
        qrText: 'https://v.example/#123',
      },
      {
        row: 3,
        name: '王, "芳"',
        state: 'failed',
        problems: [
          {
            row: 3,
            code: 'CERTIFICATE_DUPLICATE',
            parameters: { certificate: 'urn:yizheng:certificate:S000051000001263000009:1' },
          },
        ],
      },
    ];
    for (const format of ['csv', 'xlsx'] as const) {
      const cells = await cellsOf(await bytesOf(writeResultSheet(rows, { format, language: 'zh-CN' })), format);
      assert.deepEqual(cells[0], ['原表行号', '姓名', '证书编号', '状态', '说明', '二维码内容']);
      assert.deepEqual(cells[1], ['2', '张伟', 'S000051000001263000001', '完成', '', 'https://v.example/#123']);
      assert.deepEqual(cells[2]?.slice(0, 5), [
        '3',
        '王, "芳"',
        '',
        '未能办理',
        '这份考核结果已发证:S000051000001263000009;没有再发。',
      ]);
    }
    const english = await bytesOf(writeResultSheet(rows, { format: 'csv', language: 'en' }));
    assert.deepEqual([...english.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.match(english.toString(), /3,"王, ""芳""",,failed,"This result was certified already/);
  });

  it('say of changed certificates their new status, why and when, and hold no QR text', async () => {
    const change = { operation: 'revoke', reason: 'error', at: '2026-11-21T18:30:05.000Z' } as const;
    const certificateNumber = 'S000051000001263000001';
    const rows: ResultRow[] = [
      { row: 2, name: '张伟', certificateNumber, state: 'done', change },
      {
        row: 3,
        state: 'wrong',
        change: { operation: 'revoke' },
        problems: [{ row: 3, code: 'STATUS_UNCHANGED', value: 'X', parameters: { status: 'revoked' } }],
      },
    ];
    const cells = await cellsOf(await bytesOf(writeResultSheet(rows, { format: 'csv', language: 'zh-CN' })), 'csv');
    assert.deepEqual(cells, [
      ['原表行号', '姓名', '证书编号', '状态', '原因', '办理时间(北京时间)', '说明'],
      ['2', '张伟', certificateNumber, '已撤销', '信息有误', '2026-11-22 02:30:05', ''],
      ['3', '', '', '有误', '', '', '证书“X”已经撤销,不用再办;请删去这一行。'],
    ]);
    const english = await bytesOf(writeResultSheet(rows, { format: 'csv', language: 'en' }));
    assert.match(english.toString(), /2,张伟,S000051000001263000001,revoked,error,"2026-11-22 02:30:05",/);
  });

  it('list the problems of an upload with place, masked value and what to do', async () => {
    const problem = {
      row: 7,
      column: 'idNumber',
      letter: 'C',
      header: '身份证号',
      value: '**************0015',
      code: 'ID_NUMBER_INVALID',
      parameters: {},
    };
    for (const format of ['csv', 'xlsx'] as const) {
      const bytes = await bytesOf(writeProblemSheet([problem], { format, language: 'zh-CN' }));
      const cells = await cellsOf(bytes, format);
      assert.deepEqual(cells[1]?.slice(0, 4), ['7', 'C', '身份证号', '**************0015']);
      assert.match(cells[1][4] ?? '', /校验位不对/);
      assert.ok(!bytes.includes(citizenNumber(1)));
    }
  });

  it('are the same bytes whenever they are written, and stream', async () => {
    assert.deepEqual(await template(), await template());
    let pieces = 0;
    const many = (function* (): Generator<ResultRow> {
      for (let row = 1; row <= 5000; row++)
        yield { row, name: `张${row}`, state: 'done', qrText: `https://v.example/#${row ** 4}` };
    })();
    for await (const _ of writeResultSheet(many, { format: 'xlsx', language: 'en' })) pieces++;
    assert.ok(pieces > 5, `${pieces} pieces`);
  });
});

import fc from 'fast-check';
import { columnsOf } from '../../../../issuer/batch/sheet/columns.js';
import { HeaderReader } from '../../../../issuer/batch/sheet/header.js';
import type { Cell } from '../../../../issuer/batch/sheet/raw-sheet.js';
import { citizenNumber, contextWith, goodRow, HEADER, viewWith } from './sheet-world.js';

/** Headers of these sheets. */
export const header = [
  ...HEADER,
  '证书类别',
  '发证日期',
  '所在单位统一社会信用代码',
  '所在单位名称',
  '证书编号',
  '职业名称',
];
/** Where they stand. */
export const { columns } = new HeaderReader(columnsOf('issue')).read([{ row: 1, cells: header }]);
/** What the rows are checked against. */
export const context = contextWith({ view: viewWith({ candidates: 'supply-chain' }) });

/** What stands in a column: mostly the good value, so that rows share it, else one of many odd ones. */
const ODD: Readonly<Record<string, readonly Cell[]>> = {
  姓名: [
    '',
    '无',
    '李',
    '张 伟',
    '欧\u3000阳 ',
    '\uf900明',
    'Ann Lee',
    '张伟\u200b',
    citizenNumber(3),
    '某'.repeat(21),
    '示',
    '彭︀',
    '阿卜杜热合曼·买买提',
    '阿·',
    '·阿',
    '阿··买',
    { type: 'number', text: '5' },
    { type: 'formula', text: '张伟' },
    { type: 'merged', text: '李娜', area: 'A2:A3' },
  ],
  证件类型: ['', '护照', '身份证', '港澳台居民居住证', '驾照'],
  证件号码: [
    '',
    'E12345678',
    '510105900101001',
    '11010519491231002x',
    ` ${citizenNumber(6)}\u3000`,
    citizenNumber(7).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
    '510105199001010014',
    { type: 'number', text: '510105199001010000' },
    `'${citizenNumber(4)}`,
  ],
  职业编码: ['', '4-10-01-05', '6-18-02', '6-31-01-03', '6-18-99-99', '2-02-99-99'],
  工种: [`9${citizenNumber(1)}9`, '', '--', '电\u0000工', `工${citizenNumber(1)}`, '甲\u0001', '9'.repeat(13)],
  等级: ['', '五级', 'L1', '七级', '学徒工', { type: 'number', text: '3' }, { type: 'formula', text: '3' }],
  考核计划编号: ['', '--', '-', 'A-1', 'A b', citizenNumber(1), '2026-PJ-0002', { type: 'number', text: '20260001' }],
  考核方式: ['', '破格', '抽签'],
  考核标准: ['', '企标 甲', 'GZB\u3000x'],
  标准类型: ['', '企业'],
  考核日期: ['', '2026/11/15', '2026-12-01', '11/15/2026', { type: 'number', text: '20261115' }],
  理论成绩: [
    '',
    '60',
    '59.9',
    '100',
    '100.0',
    '100.5',
    '85.0',
    ' 8５.5',
    '60.00',
    '缺考',
    '--',
    { type: 'number', text: '77' },
  ],
  实操成绩: ['', '61.5', '0', '088', { type: 'boolean', text: '77' }],
  证书类别: ['职业技能等级证书', '国家职业资格证书', '培训合格证书', '某证'],
  发证日期: ['2026-11-20', '2026-11-01', '2027-01-01', '2020-01-01'],
  所在单位统一社会信用代码: ['', '91510000MA5U000002', citizenNumber(1), 'X'],
  所在单位名称: ['', '某公司'],
  证书编号: ['S000051000001263000001', 'S000051000001265000001', 'A1'],
  职业名称: ['焊工', '电工', '某工'],
};

/** What stands in a column, where nothing odd does. */
export function usual(column: string, n: number): Cell {
  if (column === '所在单位统一社会信用代码') return '91510000MA5U000001';
  if (column === '所在单位名称') return '本公司';
  const index = HEADER.indexOf(column);
  return index < 0 ? '' : (goodRow(n)[index] ?? '');
}

/** Columns that differ from person to person. */
export const PERSONAL = ['姓名', '证件号码', '考核计划编号', '理论成绩', '实操成绩'];
const SHARED = Object.keys(ODD).filter((column) => !PERSONAL.includes(column));
const odd = (columns: readonly string[], most: number): fc.Arbitrary<Record<string, number>> =>
  fc.dictionary(fc.constantFrom(...columns), fc.nat(20), { maxKeys: most });

/** Sheets whose rows share odd cells and differ in odd personal ones: which odd values stand in them, see {@link cellsOf}. */
export const sheets = fc.record({
  shared: odd(SHARED, 1),
  rows: fc.array(
    fc.record({ n: fc.nat(5), personal: odd(PERSONAL, 1), other: fc.oneof(fc.constant({}), odd(SHARED, 2)) }),
    {
      minLength: 8,
      maxLength: 14,
    },
  ),
});

/** The cells of a row. @param picks which odd value stands in a column */
export function cellsOf(n: number, picks: Readonly<Record<string, number>>): Cell[] {
  return header.map((column) => {
    const values = ODD[column] ?? [];
    const pick = picks[column];
    return pick === undefined ? usual(column, n) : (values[pick % values.length] ?? '');
  });
}

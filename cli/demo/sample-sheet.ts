import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeXlsx } from '../../issuer/batch/sheet/xlsx-writer/write-xlsx.js';

const HEADER = ['姓名', '证件号码', '职业编码', '工种', '等级', '考核计划编号', '考核方式', '考核标准', '标准类型', '考核日期', '理论成绩', '实操成绩']; // prettier-ignore
const NAMES = ['王芳', '李娜', '刘洋', '陈静', '杨帆', '赵敏', '黄磊', '周涛', '吴婷', '徐强', '孙丽', '马超', '朱琳', '胡军', '郭亮', '何雪', '高飞', '林峰', '罗丹', '欧阳明']; // prettier-ignore
const LEVELS = ['五级/初级工', '四级/中级工', '三级/高级工'];
/** What is wrong on purpose: row of the list, column, and what stands there instead. */
const MISTAKES: readonly (readonly [row: number, column: string, text: string])[] = [
  [4, '证件号码', '510105199003070049'],
  [8, '等级', '一级/高级技师'],
  [12, '考核日期', '2026年13月1日'],
  [16, '理论成绩', '52'],
];

/**
 * Writes a sheet to try a batch with: twenty people, four of them with a mistake each. What is there already stays.
 * @param directory folder of the demo
 * @returns the file
 */
export async function writeSampleSheet(directory: string): Promise<string> {
  const file = join(directory, '示例批量.xlsx');
  const known = await stat(file).catch(() => undefined);
  if (known) return file;
  const sheet = {
    name: '签发',
    hasHeader: true,
    columns: HEADER.map(() => ({ width: 20, style: 'text' as const })),
    rows: [HEADER.map((text) => ({ text, style: 'header' as const })), ...NAMES.map(rowOf)],
  };
  await pipeline(Readable.from(writeXlsx([sheet])), createWriteStream(file));
  return file;
}

function rowOf(name: string, row: number): string[] {
  const level = LEVELS[row % LEVELS.length] ?? '';
  const right = [
    name,
    citizenNumber(row),
    '6-18-02-04',
    '电焊工',
    level,
    'SC-2026-0118',
    '考试',
    'GZB 6-18-02-04-2018',
    '国家职业标准',
    '2026-01-18',
    String(70 + row),
    String(75 + (row % 20)),
  ];
  const mistakes = MISTAKES.filter(([at]) => at === row);
  return right.map((text, column) => mistakes.find(([, header]) => header === HEADER[column])?.[2] ?? text);
}

/** A made-up number with its right check character (GB 11643). */
function citizenNumber(person: number): string {
  const digits = `5101051990${String((person % 12) + 1).padStart(2, '0')}07${String(person * 2 + 1).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return `${digits}${'10X98765432'[sum % 11] ?? ''}`;
}

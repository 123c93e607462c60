import { writeFile } from 'node:fs/promises';

/** Columns of the sheets these tests upload. */
export const SHEET_HEADER =
  '姓名,证件号码,职业编码,工种,等级,考核计划编号,考核方式,考核标准,标准类型,考核日期,证书类别';

/** One line of a sheet; `n` makes the person unique. */
export function line(
  n: number,
  changes: { name?: string; idNumber?: string; level?: string; assessment?: string; occupation?: string } = {},
): string {
  return [
    changes.name ?? `张伟${n}`,
    changes.idNumber ?? uniqueCitizen(n),
    changes.occupation ?? '6-18-02-04',
    '电焊工',
    changes.level ?? '三级',
    changes.assessment ?? '2026-PJ-000001',
    '考试',
    'GZB 6-18-02-04-2018',
    '国家职业标准',
    '2026-11-15',
    '职业技能等级证书',
  ].join(',');
}

/** A citizen number of its own for each `n` up to some 300,000. */
export function uniqueCitizen(n: number): string {
  const day = new Date(Date.UTC(1970, 0, 1 + (Math.floor(n / 999) % 300)));
  const digits = `510105${day.toISOString().slice(0, 10).replaceAll('-', '')}${String((n % 999) + 1).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return `${digits}${'10X98765432'[sum % 11] ?? ''}`;
}

/** Writes a CSV file of these lines. @returns its path */
export async function sheetFile(path: string, lines: readonly string[], header = SHEET_HEADER): Promise<string> {
  await writeFile(path, `\ufeff${header}\r\n${lines.join('\r\n')}\r\n`);
  return path;
}

/** Lines of `count` people. */
export function people(count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, i) => line(first + i));
}

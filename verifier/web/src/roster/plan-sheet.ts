import type { Expected, RosterEntry } from './types.js';

/** Columns a roster may have, by the words of their headings. */
const HEADINGS: Readonly<Record<'code' | 'certificateNumber' | 'name' | 'identity', RegExp>> = {
  code: /二维码|条码内容|qr|code text|扫码|证书内容/i,
  certificateNumber: /证书编号|证书号|编号|certificate ?(?:no|number|id)|^number$/i,
  name: /姓名|名字|^name$|holder|full name/i,
  identity: /身份证|证件|后四位|尾号|last ?four|id ?(?:no|number|card)|identity/i,
};
const CODE = /^(?:https?:\/\/\S+#\d{20,}|YZ:\d{20,}|VP1-\S+|\{)/;
const NUMBER = /^(?=.*\d{4})[A-Za-z0-9\u4e00-\u9fff()()〔〕._/-]{6,40}$/;

type Column = keyof typeof HEADINGS;

/**
 * What a spreadsheet asks to be checked. Columns are found by their headings, or in a sheet without headings by what the cells look
 * like. A row with only a certificate number is kept: it is matched with the files given beside the sheet.
 * @param sheet name of the file, for the names of its rows
 * @returns one entry a row that holds anything to check
 */
export function planSheet(sheet: string, rows: readonly (readonly string[])[]): RosterEntry[] {
  const { columns, first } = findColumns(rows);
  return rows.slice(first).flatMap((row, i) => {
    const at = (column: Column): string => {
      const index = columns[column];
      return index === undefined ? '' : (row[index] ?? '').trim();
    };
    const text = CODE.test(at('code')) ? at('code') : (row.find((cell) => CODE.test(cell.trim()))?.trim() ?? '');
    const expected = expectedOf(at('name'), at('identity'), at('certificateNumber'));
    if (text === '' && expected.certificateNumber === undefined) return [];
    const name = `${sheet} · ${first + i + 1}`;
    return [
      {
        name,
        ...(Object.keys(expected).length > 0 && { expected }),
        ...(text !== '' && { read: () => Promise.resolve({ text, name }) }),
      },
    ];
  });
}

function expectedOf(name: string, identity: string, certificateNumber: string): Expected {
  const letters = identity.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
  return {
    ...(name !== '' && { name }),
    ...(letters.length >= 4 && { lastFour: letters.slice(-4) }),
    ...(NUMBER.test(certificateNumber) && { certificateNumber }),
  };
}

function findColumns(rows: readonly (readonly string[])[]): {
  columns: Partial<Record<Column, number>>;
  first: number;
} {
  for (const [i, row] of rows.slice(0, 5).entries()) {
    const columns: Partial<Record<Column, number>> = {};
    for (const column of Object.keys(HEADINGS) as Column[]) {
      const index = row.findIndex((cell, place) => HEADINGS[column].test(cell.trim()) && cell.length <= 30 && !Object.values(columns).includes(place)); // prettier-ignore
      if (index >= 0) columns[column] = index;
    }
    if (Object.keys(columns).length > 0 && !row.some((cell) => CODE.test(cell.trim())))
      return { columns, first: i + 1 };
  }
  const width = Math.max(0, ...rows.map((row) => row.length));
  const numbers = Array.from({ length: width }, (_, column) => column).find((column) =>
    rows.some((row) => NUMBER.test((row[column] ?? '').trim())),
  );
  return { columns: numbers === undefined ? {} : { certificateNumber: numbers }, first: 0 };
}

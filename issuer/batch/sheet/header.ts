import type { CellProblem } from '../types.js';
import type { Column } from './column.js';
import { columnLetter, textOf, type Cell, type RawRow } from './raw-sheet.js';
import { SheetError } from './sheet-error.js';
import type { HeaderColumn, SheetNotice } from './types.js';

/** Headers clerks' lists carry that a certificate has no use for. Others are refused: they may be a misspelt column. */
const IGNORED = new Set(
  '序号 编号 备注 说明 性别 年龄 民族 出生日期 出生年月 学历 文化程度 联系电话 手机 手机号 手机号码 联系方式 准考证号 工作单位 照片 是否合格 鉴定结果 NO REMARKS'.split(
    ' ',
  ),
);

/** Where a recognised column stands. */
export interface PlacedColumn extends HeaderColumn {
  index: number;
  definition: Column;
}

/** A header row, understood. */
export interface Header {
  row: number;
  columns: readonly PlacedColumn[];
  notices: readonly SheetNotice[];
}

/** Understands header rows of one kind of sheet. */
export class HeaderReader {
  private readonly known = new Map<string, Column>();

  constructor(private readonly columns: readonly Column[]) {
    for (const column of columns)
      for (const name of [column.zh, column.en, column.key, ...(column.aliases ?? [])])
        this.known.set(plain(name), column);
  }

  /** How many headers a row holds. */
  recognised(cells: readonly Cell[]): number {
    return new Set(cells.map((cell) => this.known.get(plain(textOf(cell)))?.key).filter((key) => key !== undefined))
      .size;
  }

  /**
   * Understands the header among the first rows: the one with the most known names; a title above it is skipped.
   * @throws SheetError `HEADER_NOT_FOUND`, `HEADER_UNKNOWN`, `HEADER_DOUBLED`, `HEADER_MISSING`, `HEADER_MERGED`, all that apply
   */
  read(rows: readonly RawRow[]): Header {
    const best = rows.reduce<{ row: RawRow | undefined; score: number }>(
      (found, row) => {
        const score = this.recognised(row.cells);
        return score > found.score ? { row, score } : found;
      },
      { row: undefined, score: 0 },
    );
    const required = this.columns.filter(({ need }) => need === 'always');
    const needed = Math.min(2, required.length);
    if (best.row === undefined || best.score < needed)
      throw new SheetError({
        row: rows[0]?.row ?? 1,
        code: 'HEADER_NOT_FOUND',
        parameters: { wanted: required.map(({ zh }) => zh).join('、') },
      });
    return this.understood(best.row, rows[0]?.row ?? 1, required);
  }

  private understood(header: RawRow, firstRow: number, required: readonly Column[]): Header {
    const columns: PlacedColumn[] = [];
    const problems: CellProblem[] = [];
    const notices: SheetNotice[] =
      header.row > firstRow ? [{ code: 'TITLE_ROWS_SKIPPED', row: header.row, parameters: {} }] : [];
    header.cells.forEach((cell, index) => {
      const text = textOf(cell).replace(/\s+/gu, ' ').trim();
      if (text === '') return;
      const place = { row: header.row, letter: columnLetter(index), header: [...text].slice(0, 60).join('') };
      const problem = (code: string, parameters: Record<string, string> = {}): void =>
        void problems.push({ ...place, code, parameters });
      const definition = this.known.get(plain(text));
      const before = columns.find(({ column }) => column === definition?.key);
      if (typeof cell === 'object' && cell.type === 'merged') problem('HEADER_MERGED', { area: cell.area ?? '' });
      else if (IGNORED.has(plain(text)) && definition === undefined)
        notices.push({
          code: 'COLUMN_IGNORED',
          row: header.row,
          parameters: { header: place.header, letter: place.letter },
        });
      else if (definition === undefined) problem('HEADER_UNKNOWN');
      else if (before) problem('HEADER_DOUBLED', { first: before.letter });
      else columns.push({ column: definition.key, letter: place.letter, header: place.header, index, definition });
    });
    for (const { key, zh } of required)
      if (!columns.some(({ column }) => column === key))
        problems.push({ row: header.row, column: key, code: 'HEADER_MISSING', parameters: { wanted: zh } });
    const [first, ...others] = problems;
    if (first) throw new SheetError(first, others);
    return { row: header.row, columns, notices };
  }
}

/** A header without what people decorate it with: blanks, marks for required fields, notes in brackets at its end. */
function plain(header: string): string {
  const name = header
    .normalize('NFKC')
    .replace(/[\s*※★☆:'"“”‘’\u200b-\u200f\ufeff]/gu, '')
    .toUpperCase();
  return name.replace(/\((?:必填|选填|可选|非必填|REQUIRED|OPTIONAL|文本|文本格式|百分制|YYYY-MM-DD)\)$/, '');
}

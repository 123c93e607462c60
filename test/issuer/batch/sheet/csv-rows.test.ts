import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteRow } from '../../../../issuer/batch/sheet/byte-row.js';
import { CsvRows } from '../../../../issuer/batch/sheet/csv/csv-rows.js';
import { CsvTokenizer } from '../../../../issuer/batch/sheet/csv/csv-tokenizer.js';
import type { RawRow } from '../../../../issuer/batch/sheet/raw-sheet.js';

const LIMITS = { cellCharacters: 1000, columns: 100 };

interface Read {
  row: number;
  cells: readonly unknown[];
}

/** Rows as they are read, the file coming in pieces that end anywhere. */
function rowsOf(text: string, cuts: readonly number[] = [], limits = LIMITS): { rows: Read[]; ofBytes: number } {
  const csv = new CsvRows(',', limits);
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  const rows: Read[] = [];
  let ofBytes = 0;
  const take = (found: readonly RawRow[]): void => {
    for (const one of found) {
      if (one instanceof ByteRow) ofBytes++;
      rows.push({ row: one.row, cells: one instanceof ByteRow ? cellByCell(one) : one.cells });
    }
  };
  for (const [i, end] of places.slice(1).entries()) take(csv.push(Buffer.from(bytes.subarray(places[i], end))));
  take(csv.end());
  return { rows, ofBytes };
}

/** The cells of a row by where they lie, which must be what it gives as texts. */
function cellByCell(row: ByteRow): readonly string[] {
  const cells = row.cells.map((_, i) => Buffer.from(row.bytes.subarray(row.startOf(i), row.endOf(i))).toString());
  assert.deepEqual(cells, row.cells);
  for (const beyond of [-1, cells.length]) assert.equal(row.startOf(beyond), row.endOf(beyond));
  return cells;
}

/** What the tokenizer says of the whole text. */
function expected(text: string, limits = LIMITS): Read[] {
  const tokenizer = new CsvTokenizer(',', limits);
  return [...tokenizer.push(text), ...tokenizer.end()]
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map(({ row, cells }) => ({
      row,
      cells: cells.map((cell) =>
        cell.startsWith('=') ? (/^="([^"]*)"$/.exec(cell)?.[1] ?? { type: 'formula', text: cell }) : cell,
      ),
    }));
}

describe('rows of a CSV file as bytes', () => {
  const piece = fc.constantFrom('a', '张', '𠮷', '\u0000', '\ufeff', ' ', 'bc', ',', ',', '\r\n', '\r\n', '\n');
  const special = fc.constantFrom('"', '=', '\r', '="1"', '"x,\n"', '""');
  const text = (specials: number): fc.Arbitrary<string> =>
    fc
      .array(fc.oneof({ weight: 20, arbitrary: piece }, { weight: specials, arbitrary: special }), { maxLength: 120 })
      .map((pieces) => pieces.join(''));

  it('are cut as the text of the file would be, wherever its bytes are parted', () => {
    const found = { ofBytes: 0, all: 0 };
    fc.assert(
      fc.property(fc.oneof(text(0), text(1), text(6)), fc.array(fc.nat(400), { maxLength: 6 }), (whole, cuts) => {
        const outcome = (read: () => Read[]): unknown => {
          try {
            return read();
          } catch (error) {
            return (error as { code: string }).code;
          }
        };
        const wanted = outcome(() => expected(whole));
        assert.deepEqual(
          outcome(() => {
            const { rows, ofBytes } = rowsOf(whole, cuts);
            found.ofBytes += ofBytes;
            found.all += rows.length;
            return rows;
          }),
          wanted,
        );
      }),
      { numRuns: 2000 },
    );
    assert.ok(found.ofBytes > found.all / 4 && found.ofBytes < (found.all * 3) / 4, JSON.stringify(found));
  });

  it('are made text where one is longer than all that is held, and read on after it', () => {
    const long = '长'.repeat(300);
    const row = Array.from({ length: 90 }, () => long).join(',');
    const whole = `a,b\n${row}\nc,d\n"e\n${row}",f\ng,h`;
    const limits = { ...LIMITS, cellCharacters: 100_000 };
    const every16k = Array.from({ length: 20 }, (_, i) => i * 16_384);
    const cuts = every16k.filter((cut) => cut < Buffer.byteLength(whole));
    const { rows, ofBytes } = rowsOf(whole, cuts, limits);
    assert.deepEqual(rows, expected(whole, limits));
    assert.ok(ofBytes > 0);
  });

  it('are refused as the text would be: for a cell that is too long, and for too many of them', () => {
    const read =
      (whole: string): (() => unknown) =>
      () =>
        rowsOf(`a,b\n${whole}\n`);
    assert.doesNotThrow(read('张'.repeat(1000)));
    assert.throws(read('张'.repeat(1001)), { code: 'CELL_TOO_LONG', row: 2 });
    assert.deepEqual(rowsOf(`${'x,'.repeat(150)}\n`).rows[0]?.cells.length, 151);
    assert.throws(read('x,'.repeat(20_000)), { code: 'TOO_MANY_COLUMNS' });
  });

  it('are refused where they are no UTF-8', () => {
    const csv = new CsvRows(',', LIMITS);
    const [row] = csv.push(Buffer.from([0x61, 0xe5, 0x0a]));
    assert.ok(row);
    assert.throws(() => row.cells, { code: 'SHEET_ENCODING_UNKNOWN' });
    assert.throws(() => csv.push(Buffer.from([0x22, 0xe5, 0x0a])), { code: 'SHEET_ENCODING_UNKNOWN' });
  });
});

import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvTokenizer } from '../../../../issuer/batch/sheet/csv/csv-tokenizer.js';

const LIMITS = { cellCharacters: 1000 };

function tokenized(text: string, cuts: readonly number[] = []): string[][] {
  const tokenizer = new CsvTokenizer(',', LIMITS);
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  const records = places.slice(1).flatMap((end, i) => tokenizer.push(text.slice(places[i], end)));
  return [...records, ...tokenizer.end()].map(({ cells }) => cells);
}

/** What csv-parse says, which counts no record behind the last line end either. */
function peer(text: string): string[][] {
  return parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'], skip_empty_lines: false });
}

describe('cutting CSV into cells', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '张', '𠮷', '"', ',', '\n', '\r', ' ', ''), maxLength: 6 });
  const line = fc.array(cell, { minLength: 1, maxLength: 5 });
  const written = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.constantFrom('\r\n', '\n'), fc.boolean())
    .map(([lines, end, isEnded]) => {
      const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      return lines.map((cells) => cells.map(quoted).join(',')).join(end) + (isEnded ? end : '');
    });

  it('cuts as csv-parse does, however the text comes in pieces', () => {
    fc.assert(
      fc.property(written, fc.array(fc.nat(200), { maxLength: 8 }), (text, cuts) => {
        const whole = tokenized(text);
        assert.deepEqual(tokenized(text, cuts), whole);
        assert.deepEqual(whole, peer(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes any line end, quotes inside cells and text behind a closing quote', () => {
    assert.deepEqual(tokenized('a,b\rc,d\ne,f\r\n\ng'), [['a', 'b'], ['c', 'd'], ['e', 'f'], [''], ['g']]);
    assert.deepEqual(tokenized('5"管,"a"b'), [['5"管', 'ab']]);
    assert.deepEqual(tokenized('a,\n'), [['a', '']]);
  });

  it('stops at a quote that is never closed without gathering the whole file', () => {
    const tokenizer = new CsvTokenizer(',', LIMITS);
    tokenizer.push('a\n"');
    const piece = 'x'.repeat(256 * 1024);
    assert.throws(
      () => {
        for (let i = 0; i < 100; i++) tokenizer.push(piece);
      },
      { code: 'QUOTE_NOT_CLOSED', row: 2 },
    );
    assert.throws(() => new CsvTokenizer(',', LIMITS).push(`${'x'.repeat(1001)},`), { code: 'CELL_TOO_LONG' });
    assert.throws(() => new CsvTokenizer(',', LIMITS).push(','.repeat(20_000)), { code: 'TOO_MANY_COLUMNS' });
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  endOfPlainScore,
  isPlainId,
  isPlainIdNumber,
  isPlainName,
} from '../../../../issuer/batch/sheet/plain-cells.js';
import { isCitizenNumber } from '../../../../shared/certificate/identity-document.js';
import { citizenNumber } from './sheet-world.js';

const NAME = /^(?=.{2,20}$)[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)*$/;
const ID = /^(?!.*\d{12})[A-Za-z0-9][A-Za-z0-9-]{0,39}$/;
const SCORE = /^(?:100|[6-9]\d(?:\.[1-9])?)$/;
const WHOLE = /^(?:100|[6-9]\d)\.0$/;

type Check = (bytes: Uint8Array, start: number, end: number) => unknown;

/** What a check says of a cell that stands among others. */
function ask(check: Check, text: string): unknown {
  const before = Buffer.from('张1,');
  const cell = Buffer.from(text);
  return check(Buffer.concat([before, cell, Buffer.from(',0张')]), before.length, before.length + cell.length);
}

function agrees(check: Check, form: (text: string) => unknown, texts: fc.Arbitrary<string>): void {
  let good = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const wanted = form(text);
      if (wanted !== false) good++;
      assert.deepEqual(ask(check, text), wanted, text);
    }),
    { numRuns: 3000 },
  );
  assert.ok(good > 300, String(good));
}

function made(units: readonly string[], maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...units), maxLength });
}

describe('cells of plain rows as bytes', () => {
  it('hold a name where the text of the cell is one', () => {
    const han = ['一', '鿿', '张', '䶿', 'ꀀ', '\u4dff', '·', '·', '㐀', '𠮷', 'a', ' ', '\u00b6', '\uf900', '，'];
    const check = (text: string): boolean => NAME.test(text);
    agrees(isPlainName, check, fc.oneof(made(han, 5), made(['阿', '一', '鿿'], 24), made(['买', '鿿', '·'], 8)));
    for (let code = 0x4d00; code < 0xa100; code++) {
      const text = String.fromCharCode(code, 0x5f20);
      assert.equal(ask(isPlainName, text), NAME.test(text));
    }
  });

  it('hold the number of an identity card where the text of the cell is one', () => {
    const changed = fc
      .tuple(fc.nat(5000), fc.nat(17), fc.constantFrom('0', '1', '3', '9', 'X', 'x', '１'))
      .map(([n, at, character]) => citizenNumber(n).slice(0, at) + character + citizenNumber(n).slice(at + 1));
    const summed = fc
      .tuple(fc.constantFrom('18', '19', '20', '21'), fc.nat(99), fc.nat(99), fc.nat(10))
      .map(
        ([century, month, day, check]) =>
          `510105${century}90${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}001${'10X98765432'[check] ?? ''}`,
      );
    const dates = fc.tuple(fc.nat(13), fc.nat(33), fc.nat(10)).map(([month, day, check]) => {
      const date = `${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`;
      return `5101051990${date}001${'10X98765432'[check] ?? ''}`;
    });
    const good = fc.nat(100_000).map(citizenNumber);
    agrees(isPlainIdNumber, isCitizenNumber, fc.oneof(good, changed, summed, dates, made(['1', '0', 'X'], 19)));
  });

  it('hold the id of an assessment where the text of the cell is one', () => {
    const check = (text: string): boolean => ID.test(text);
    const units = ['A', 'z', '0', '9', '-', '-', '_', '@', '[', '`', '{', '/', ':', '张'];
    agrees(
      isPlainId,
      check,
      fc.oneof(made(units, 6), made(['A', 'Z', 'a', '-'], 43), made(['1', '1', '1', '1', 'a'], 30)),
    );
    for (let code = 0; code < 128; code++) {
      const text = String.fromCharCode(code);
      assert.equal(ask(isPlainId, text), ID.test(text));
    }
  });

  it('hold a score that passes where the text of the cell is one, and end before a decimal that says nothing', () => {
    const end = (text: string): number | false => {
      const start = Buffer.byteLength('张1,');
      if (SCORE.test(text)) return start + text.length;
      return WHOLE.test(text) ? start + text.length - 2 : false;
    };
    const check: Check = (bytes, from, to) => {
      const found = endOfPlainScore(bytes, from, to);
      return found < 0 ? false : found;
    };
    const scores = fc.integer({ min: 0, max: 1100 }).map((tenths) => (tenths / 10).toFixed(1));
    const whole = fc.integer({ min: 0, max: 120 }).map(String);
    agrees(check, end, fc.oneof(scores, whole, made(['1', '0', '6', '9', '.', '分'], 6)));
  });
});

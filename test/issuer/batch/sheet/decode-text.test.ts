import assert from 'node:assert/strict';
import { decodedText, detectEncoding } from '../../../../issuer/batch/sheet/csv/decode-text.js';
import { fileOf, removeFiles } from './sheet-world.js';

/** Bytes read at once. */
const READ = 256 * 1024;

describe('the encoding of a text file', () => {
  after(removeFiles);

  it('is UTF-8 wherever the pieces it is read in cut a character', async () => {
    for (const character of ['é', '张', '𠮷'])
      for (let before = 1; before <= 5; before++) {
        const text = 'a'.repeat(READ - before) + character.repeat(3) + 'b'.repeat(READ);
        const { path } = await fileOf(text + character);
        assert.equal(await detectEncoding(path), 'utf-8', `${character} ${before}`);
        let read = '';
        for await (const piece of decodedText(path, 'utf-8')) read += piece;
        assert.equal(read, text + character);
      }
  });

  it('is not UTF-8 where a character is cut off, at the end of a piece or of the file, or begins wrongly', async () => {
    const whole = Buffer.from('张𠮷');
    const ascii = (length: number): Buffer => Buffer.alloc(length, 'a');
    const wrong = [
      Buffer.concat([ascii(READ - 2), whole.subarray(0, 2), ascii(10)]),
      Buffer.concat([ascii(READ - 3), whole.subarray(3, 6), ascii(10)]),
      Buffer.concat([ascii(10), whole.subarray(0, 6)]),
      Buffer.concat([ascii(READ), whole.subarray(1)]),
      Buffer.concat([ascii(READ - 1), Buffer.from([0xff]), ascii(5)]),
      Buffer.concat([ascii(READ - 2), Buffer.from([0xc0, 0x80]), ascii(5)]),
      Buffer.concat([ascii(READ - 3), Buffer.from([0xed, 0xa0, 0x80]), ascii(5)]),
    ];
    for (const [i, bytes] of wrong.entries()) {
      const { path } = await fileOf(bytes);
      const found = await detectEncoding(path).catch((error: unknown) => (error as { code: string }).code);
      assert.ok(found === 'gb18030' || found === 'SHEET_ENCODING_UNKNOWN', `${i} ${found}`);
    }
  });
});

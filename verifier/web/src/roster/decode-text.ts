import { YizhengError } from '../../../../shared/errors.js';

/**
 * Text of a file from a spreadsheet or an editor: UTF-8, UTF-16 with byte-order mark, or GB 18030 as Chinese Windows writes it.
 * @throws YizhengError `SHEET_ENCODING` when it is none of them
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  throw new YizhengError('SHEET_ENCODING', 'The text is in no encoding known here; save it as UTF-8.', { status: 422 });
}

import { YizhengError } from '../errors.js';

/** Most bytes that all deflated streams of a PDF may have together. */
export const MAX_PDF_INFLATED_BYTES = 64 * 1024 * 1024;
const MAX_STREAMS = 5_000;
const CHUNK = 16_384;

/** Ways to pack that are not counted below: two deflates in a row, filters named elsewhere, and old or encrypted kinds. */
const UNCOUNTED = [
  /\/(?:LZWDecode|LZW|RunLengthDecode|RL|Encrypt|Crypt)\b/,
  /\/(?:Filter|F)\b\s*\[?\s*\d+\s+\d+\s+R\b/,
  /\/(?:FlateDecode|Fl)\b(?:[^>]{0,400}\/(?:FlateDecode|Fl)\b|\s*\d+\s+\d+\s+R\b)/,
];
const EMBEDDED_FILE_REFERENCES = /\/EF\s*<<[^>]*>>/g;

/**
 * Refuses a PDF whose streams unpack to more than 64 MiB, before pdf.js, which unpacks without limit, sees it: 400 kB of file
 * can hold 400 MB of attachment. Encrypted files and the filters nobody needs for a certificate are refused too.
 * @throws YizhengError `PDF_TOO_LARGE` (413), `PDF_UNREADABLE`
 */
export async function refusePdfBomb(pdf: Uint8Array): Promise<void> {
  const text = latin1(pdf);
  const plain = text.includes('#') ? text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => fromHex(hex)) : text;
  const dictionaries = plain.replace(EMBEDDED_FILE_REFERENCES, '');
  if (UNCOUNTED.some((packing) => packing.test(dictionaries)))
    throw new YizhengError('PDF_UNREADABLE', 'The PDF is encrypted or packed in a way that is not taken.', {
      status: 422,
    });
  let total = 0;
  let streams = 0;
  for (let at = text.indexOf('stream'); at >= 0; at = text.indexOf('stream', at + 6)) {
    if (text.startsWith('end', at - 3)) continue;
    if (++streams > MAX_STREAMS) throw tooLarge();
    total += await inflatedLength(pdf.subarray(lineAfter(text, at)), MAX_PDF_INFLATED_BYTES - total);
    if (total > MAX_PDF_INFLATED_BYTES) throw tooLarge();
  }
}

/** Where the data of a stream begins: on the line after its keyword (ISO 32000-2 §7.3.8). */
function lineAfter(text: string, at: number): number {
  const end = /\r\n?|\n/g;
  end.lastIndex = at;
  return end.exec(text) ? end.lastIndex : text.length;
}

/** Bytes a zlib stream at the beginning of `data` unpacks to, counted until just over `limit`; 0 for anything else. */
async function inflatedLength(data: Uint8Array, limit: number): Promise<number> {
  const [method = 0, flags = 0] = data;
  if ((method & 0x0f) !== 8 || (method * 256 + flags) % 31 !== 0) return 0;
  const unpacked = piecesOf(data).pipeThrough(new DecompressionStream('deflate')).getReader();
  let length = 0;
  try {
    for (let next = await unpacked.read(); !next.done; next = await unpacked.read()) {
      length += next.value.length;
      if (length > limit) break;
    }
    await unpacked.cancel();
  } catch {
    // What follows the stream in the file, or damage; pdf.js will not unpack more than was counted here.
  }
  return length;
}

/** The bytes piece by piece, only as fast as they are taken. */
function piecesOf(data: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (at >= data.length) controller.close();
        else controller.enqueue(data.slice(at, at + CHUNK));
        at += CHUNK;
      },
    },
    { highWaterMark: 0 },
  );
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return text;
}

function fromHex(hex: string): string {
  return String.fromCharCode(parseInt(hex, 16));
}

function tooLarge(): YizhengError {
  return new YizhengError('PDF_TOO_LARGE', 'The PDF unpacks to more than 64 MiB.', { status: 413 });
}

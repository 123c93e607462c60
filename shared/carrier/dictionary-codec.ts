import { deflateSync, inflateSync } from 'fflate';
import { YizhengError } from '../errors.js';
import { CREDENTIAL_LIMITS, parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { DICTIONARY_TEXT } from './dictionary-v1.js';

/** High half of the first byte of a dictionary payload; the low half is the version of the dictionary. */
export const DICTIONARY_FORM = 2;
const VERSION = 1;
const HEADER = 1 + 4;
const MAX_JSON_BYTES = CREDENTIAL_LIMITS.maxBytes;

const dictionary = new TextEncoder().encode(DICTIONARY_TEXT);

/**
 * Packs any credential: a checksum (CRC-32, big endian) and its JSON, deflated (RFC 1951) against a preset dictionary.
 *
 * Deflate knows many spellings of one text, so unlike the compact form this one does not promise one payload per credential.
 * @param credential any JSON object
 * @throws YizhengError `QR_TOO_LARGE` (413) over 64 KiB of JSON
 */
export function encodeDictionary(credential: object): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(credential));
  if (json.length > MAX_JSON_BYTES)
    throw new YizhengError('QR_TOO_LARGE', 'The credential is too large for a QR code.', { status: 413 });
  const body = deflateSync(json, { level: 9, mem: 9, dictionary });
  const payload = new Uint8Array(HEADER + body.length);
  payload[0] = DICTIONARY_FORM * 16 + VERSION;
  new DataView(payload.buffer).setUint32(1, crc32(body));
  payload.set(body, HEADER);
  return payload;
}

/**
 * Reads what {@link encodeDictionary} wrote; never inflates to more than 64 KiB.
 * @returns the credential and its JSON text
 * @throws YizhengError `QR_VERSION`, `QR_CORRUPT`, `QR_TOO_LARGE` (413), or the codes of `parseJson` for hostile JSON
 */
export function decodeDictionary(payload: Uint8Array): { json: string; credential: JsonObject } {
  if (payload[0] !== DICTIONARY_FORM * 16 + VERSION)
    throw new YizhengError(
      'QR_VERSION',
      'The code is incomplete, or a newer version made it: scan it whole, then update.',
    );
  const body = payload.subarray(HEADER);
  if (payload.length <= HEADER || new DataView(payload.buffer, payload.byteOffset).getUint32(1) !== crc32(body))
    throw corrupt();
  let inflated: Uint8Array;
  try {
    inflated = inflateSync(body, { dictionary, out: new Uint8Array(MAX_JSON_BYTES + 1) });
  } catch (cause) {
    throw corrupt(cause);
  }
  if (inflated.length > MAX_JSON_BYTES)
    throw new YizhengError('QR_TOO_LARGE', 'The code inflates to more than 64 KiB.', { status: 413 });
  const credential = parseJsonObject(inflated);
  return { json: JSON.stringify(credential), credential };
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function corrupt(cause?: unknown): YizhengError {
  return new YizhengError('QR_CORRUPT', 'The code cannot be unpacked: it was damaged or misread; scan it again.', {
    cause,
  });
}

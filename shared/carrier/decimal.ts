import { YizhengError } from '../errors.js';

/** Most payload bytes a QR text may hold: what a version 40 symbol at ECC L takes as digits. */
export const MAX_PAYLOAD_BYTES = 2_940;
const MAX_DIGITS = 7_089;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Writes bytes as one decimal number, the densest URL-safe text a QR symbol knows (10 bits for 3 digits).
 * @param bytes payload whose first byte is not zero, so that no leading zero can be lost; at most {@link MAX_PAYLOAD_BYTES}
 * @throws YizhengError `QR_TOO_LARGE` (413)
 */
export function bytesToDecimal(bytes: Uint8Array): string {
  if (bytes[0] === undefined || bytes[0] === 0) throw new RangeError('a payload starts with a byte other than zero');
  if (bytes.length > MAX_PAYLOAD_BYTES)
    throw new YizhengError('QR_TOO_LARGE', 'The credential is too large for a QR code.', { status: 413 });
  let hex = '0x';
  for (const byte of bytes) hex += HEX[byte] ?? '';
  return BigInt(hex).toString();
}

/**
 * Reads what {@link bytesToDecimal} wrote; one payload has exactly one text.
 * @throws YizhengError `QR_DIGITS` for anything but digits without leading zero, `QR_TOO_LARGE` (413)
 */
export function decimalToBytes(digits: string): Uint8Array {
  if (digits.length > MAX_DIGITS)
    throw new YizhengError('QR_TOO_LARGE', 'More digits than a QR code can hold.', { status: 413 });
  if (!/^[1-9][0-9]*$/.test(digits))
    throw new YizhengError('QR_DIGITS', 'The digits of the code are not written the one way they may be written.');
  const hex = BigInt(digits).toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => parseInt(even.slice(2 * i, 2 * i + 2), 16));
}

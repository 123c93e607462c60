import { bytesToDecimal } from './decimal.js';
import { liveMessage, writeLivePayload, type LiveStatement } from './live-code.js';
import { qrPayload, qrTextOf, type EncodedQr } from './qr-text.js';

/**
 * Writes a certificate with its holder's statement as QR text or link: `https://<verifier>/#<digits>`, or `YZ:<digits>`.
 *
 * What stands after `#` never reaches a server. A certificate with holder key and names inline makes a symbol of version 13 at
 * level M for the live code, a few versions more with names that are in no table.
 * @param credential signed credential, bound to the key that signs here
 * @param statement when, and for a link until when and for whom
 * @param options `sign`: signs with the holder's key, 64 bytes; `url`: address of a verifier, as for `encodeQr`
 * @throws YizhengError `LIVE_STATEMENT`, `QR_URL`, `QR_TOO_LARGE`
 */
export async function encodeLiveQr(
  credential: object,
  statement: LiveStatement,
  options: { sign: (data: Uint8Array) => Promise<Uint8Array>; url?: string },
): Promise<EncodedQr> {
  const { form, payload: certificate } = qrPayload(credential);
  const signature = await options.sign(liveMessage(statement, certificate));
  const payload = writeLivePayload(statement, certificate, signature);
  return { form, payload, ...qrTextOf(bytesToDecimal(payload), options.url) };
}

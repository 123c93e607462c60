import type { DataIntegrityProof } from '../certificate/credential.js';
import type { CertificateRecord } from '../certificate/record.js';
import { YizhengError } from '../errors.js';
import type { JsonObject } from '../json/parse-json.js';
import { COMPACT_FORM, decodeCompact, encodeCompact, encodeCompactRecord } from './compact-codec.js';
import { bytesToDecimal, decimalToBytes } from './decimal.js';
import { decodeDictionary, DICTIONARY_FORM, encodeDictionary } from './dictionary-codec.js';
import { LIVE_FORM, readLivePayload, type LiveProof } from './live-code.js';
import { qrVersion, type QrSegment } from './qr-symbol.js';

/** Largest QR version that a printed certificate may need (DESIGN §6). */
export const QR_VERSION_BUDGET = 11;
/** Beginning of the bare form, without a verifier's address. */
export const BARE_PREFIX = 'YZ:';

/** How the credential stands in a payload. */
export type QrForm = 'compact' | 'dictionary';

/** A credential as QR text. */
export interface EncodedQr {
  form: QrForm;
  payload: Uint8Array;
  /** Everything a scanner reads. */
  text: string;
  /** The same text in the modes that make the smallest symbol. */
  segments: QrSegment[];
  /** QR version (1–40) at error correction level M. */
  version: number;
  /** True when `version` is at most {@link QR_VERSION_BUDGET}. */
  withinBudget: boolean;
}

/** A credential read from QR text. */
export interface DecodedQr {
  /** The signed JSON, member for member. */
  json: string;
  credential: JsonObject;
  form: QrForm;
  /** What the holder signed over it, in a live code or share link; unchecked. */
  holderProof?: LiveProof;
  /** Host of the address around the payload. It proves nothing and is never asked. */
  host?: string;
}

const VERIFIER_URL = /^(?:https:\/\/[a-z0-9.-]+|http:\/\/localhost)(?::\d{1,5})?\/[A-Za-z0-9._~/-]*$/;
const URL_FORM = /^https?:\/\/([A-Za-z0-9.-]{1,253}(?::\d{1,5})?)\/[A-Za-z0-9._~/-]{0,100}#(\d+)$/;
/** Longest text that is looked at. */
export const MAX_TEXT = 7_500;
/** A signature alone has 64 bytes; fewer cannot be a certificate, so a short number in somebody's link is not ours. */
const MIN_PAYLOAD_BYTES = 70;

/**
 * Writes a signed credential as QR text: `https://<verifier>/#<digits>`, or `YZ:<digits>` without an address.
 *
 * What stands after `#` never leaves a phone that opens the address. Our own shape takes the compact form, everything else the
 * dictionary form; both are lossless.
 * @param credential signed credential
 * @param options `url`: address of a verifier, `https://host[:port]/[path]` (`http` for localhost only), at most 100 characters
 * @throws YizhengError `QR_URL` for an address that cannot stand there, `QR_TOO_LARGE` (413) over version 40 at level M
 */
export function encodeQr(credential: object, options: { url?: string } = {}): EncodedQr {
  const { form, payload } = qrPayload(credential);
  return { form, payload, ...qrTextOf(bytesToDecimal(payload), options.url) };
}

/** The bytes a credential is written as: the compact form where it is of our shape, else the dictionary form. */
export function qrPayload(credential: object): Pick<EncodedQr, 'form' | 'payload'> {
  const compact = encodeCompact(credential);
  return compact
    ? { form: 'compact', payload: compact }
    : { form: 'dictionary', payload: encodeDictionary(credential) };
}

/** The text and symbol of a payload. @throws YizhengError `QR_URL`, `QR_TOO_LARGE` (413) */
export function qrTextOf(digits: string, url?: string): Omit<EncodedQr, 'form' | 'payload'> {
  const beginning = beginningOf(url);
  const segments: QrSegment[] = [beginning, { mode: 'numeric', data: digits }];
  const version = qrVersion(segments);
  return { text: beginning.data + digits, segments, version, withinBudget: version <= QR_VERSION_BUDGET };
}

/**
 * The text {@link encodeQr} writes, for whoever signed one certificate and has its record at hand.
 * @param signed `record` parsed; `proof` and `json` of the signed credential
 * @throws YizhengError as {@link encodeQr}
 */
export function qrTextOfRecord(
  signed: { record: CertificateRecord; proof: DataIntegrityProof; json: string },
  options: { url?: string } = {},
): string {
  const { record, proof, json } = signed;
  const payload = encodeCompactRecord(record, proof, json) ?? encodeDictionary(JSON.parse(json) as JsonObject);
  return beginningOf(options.url).data + bytesToDecimal(payload);
}

/** What stands before the digits. @throws YizhengError `QR_URL` */
export function beginningOf(url: string | undefined): QrSegment {
  if (url === undefined) return { mode: 'alphanumeric', data: BARE_PREFIX };
  if (url.length > 100 || !VERIFIER_URL.test(url))
    throw new YizhengError('QR_URL', 'The address of the verifier must look like https://verify.example/ .', {
      status: 422,
    });
  return { mode: 'byte', data: `${url}#` };
}

/**
 * Reads QR text. Total: every input gives a credential or a YizhengError, in bounded time. The signature is not checked here.
 * @throws YizhengError `QR_NOT_OURS` for any other code, `QR_TOO_LARGE` (413), `QR_DIGITS`, `QR_CORRUPT`, `QR_VERSION` (cut off or of a later version: as one
 *   number, what is cut off begins like anything), and the
 *   `JSON_…` codes of the strict parser
 */
export function decodeQrText(text: string): DecodedQr {
  if (text.length > MAX_TEXT)
    throw new YizhengError('QR_TOO_LARGE', 'More text than a QR code can hold.', { status: 413 });
  const link = URL_FORM.exec(text);
  const bare = /^YZ:([0-9]+)$/.exec(text);
  const digits = link?.[2] ?? bare?.[1];
  if (digits === undefined) throw notOurs();
  const payload = decimalToBytes(digits);
  if (payload.length < MIN_PAYLOAD_BYTES) {
    if (link) throw notOurs();
    throw new YizhengError('QR_CORRUPT', 'The code is too short to hold a signed certificate.');
  }
  const host = link?.[1];
  return { ...decodeSigned(payload), ...(host === undefined ? {} : { host }) };
}

function decodeSigned(payload: Uint8Array): DecodedQr {
  if ((payload[0] ?? 0) >> 4 !== LIVE_FORM) return decodePayload(payload);
  const { proof, certificate } = readLivePayload(payload);
  return { ...decodePayload(certificate), holderProof: proof };
}

function decodePayload(payload: Uint8Array): DecodedQr {
  switch ((payload[0] ?? 0) >> 4) {
    case COMPACT_FORM: {
      const credential = decodeCompact(payload) as JsonObject;
      return { json: JSON.stringify(credential), credential, form: 'compact' };
    }
    case DICTIONARY_FORM:
      return { ...decodeDictionary(payload), form: 'dictionary' };
    default:
      throw new YizhengError(
        'QR_VERSION',
        'The code is incomplete, or a newer version of Yizheng made it: scan it whole, then update this program.',
      );
  }
}

function notOurs(): YizhengError {
  return new YizhengError('QR_NOT_OURS', 'This code is not a Yizheng certificate. It was read, not opened.');
}

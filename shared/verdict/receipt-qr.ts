import canonicalize from 'canonicalize';
import { deflateSync, inflateSync } from 'fflate';
import { bytesToDecimal, decimalToBytes, MAX_PAYLOAD_BYTES } from '../carrier/decimal.js';
import { decodeQrText, encodeQr } from '../carrier/qr-text.js';
import { qrVersion, type QrSegment } from '../carrier/qr-symbol.js';
import { readRecord } from '../certificate/credential.js';
import { errorCode, YizhengError } from '../errors.js';
import { parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { sha256Hex } from '../trust/digest.js';
import { RECEIPT_DICTIONARY_TEXT } from './receipt-dictionary-v1.js';
import { MAX_RECEIPT_BYTES, parseReceipt, type Receipt } from './receipt-schema.js';

/** Beginning of a receipt in a QR code. */
export const RECEIPT_PREFIX = 'YZR:';
/** Largest symbol worth printing on a receipt: at 75 mm its modules are 0.5 mm wide. */
export const RECEIPT_QR_VERSION = 31;
const FORM = 1;
const dictionary = new TextEncoder().encode(RECEIPT_DICTIONARY_TEXT);

/** A receipt as QR code. */
export interface ReceiptQr {
  text: string;
  segments: QrSegment[];
  /** QR version at error correction level M. */
  version: number;
}

/**
 * Writes a receipt as QR text, `YZR:<digits>`: the certificate in its compact form, what follows from it left out, the rest deflated
 * against a preset dictionary. Reading it back gives the receipt with the same digest.
 * @returns undefined when it does not fit a symbol worth printing; the file then is the only copy
 */
export function encodeReceiptQr(receipt: Receipt): ReceiptQr | undefined {
  try {
    const body = deflateSync(new TextEncoder().encode(JSON.stringify(shortened(receipt))), {
      level: 9,
      mem: 9,
      dictionary,
    });
    if (body.length >= MAX_PAYLOAD_BYTES) return undefined;
    const segments: QrSegment[] = [
      { mode: 'alphanumeric', data: RECEIPT_PREFIX },
      { mode: 'numeric', data: bytesToDecimal(new Uint8Array([FORM, ...body])) },
    ];
    const version = qrVersion(segments);
    const text = segments.map(({ data }) => data).join('');
    return version <= RECEIPT_QR_VERSION && canonicalize(decodeReceiptQr(text)) === canonicalize(receipt)
      ? { text, segments, version }
      : undefined;
  } catch (error) {
    if (error instanceof YizhengError) return undefined;
    throw error;
  }
}

/**
 * Reads a receipt from QR text.
 * @throws YizhengError `RECEIPT_INVALID`, `RECEIPT_VERSION`, `QR_DIGITS`, `QR_TOO_LARGE`
 */
export function decodeReceiptQr(text: string): Receipt {
  if (!text.startsWith(RECEIPT_PREFIX)) throw invalid();
  const payload = decimalToBytes(text.slice(RECEIPT_PREFIX.length));
  if (payload[0] !== FORM)
    throw new YizhengError('RECEIPT_VERSION', 'A later version of Yizheng wrote this receipt; update this program.', {
      status: 422,
    });
  try {
    const inflated = inflateSync(payload.subarray(1), { dictionary, out: new Uint8Array(MAX_RECEIPT_BYTES) });
    return parseReceipt(JSON.stringify(lengthened(parseJsonObject(inflated, LIMITS))));
  } catch (cause) {
    if (errorCode(cause) === 'RECEIPT_INVALID') throw cause;
    throw invalid(cause);
  }
}

const LIMITS = { maxBytes: MAX_RECEIPT_BYTES, maxDepth: 16, maxNodes: 5_000 };

function shortened(receipt: Receipt): object {
  const { verdict, certificate, ...rest } = receipt;
  const { certificate: record, trust, input, evaluatedAt: _, ...said } = verdict;
  const { feeds: __, ...ages } = trust;
  const qr = encodeQr(parseJsonObject(certificate.json)).text;
  return {
    ...rest,
    certificate: { qr },
    verdict: { ...said, input: { carrier: input.carrier }, trust: ages },
    ...(record && { names: [record.issuer.name, record.authority.name] }),
  };
}

function lengthened(short: JsonObject): object {
  const { names, ...rest } = short as unknown as Omit<Receipt, 'certificate'> & {
    certificate: { qr: string };
    names?: [string, string];
  };
  const { json, credential } = decodeQrText(rest.certificate.qr);
  const sha256 = sha256Hex(json);
  const feeds = rest.data.feeds.map(({ authority, sequence, manifestSha256 }) => ({
    authority,
    sequence,
    manifestSha256,
  }));
  const record = names && readRecord(credential);
  return {
    ...rest,
    certificate: { json, sha256 },
    verdict: {
      ...rest.verdict,
      input: { ...rest.verdict.input, sha256 },
      trust: { ...rest.verdict.trust, feeds },
      evaluatedAt: rest.checkedAt,
      ...(record && {
        certificate: {
          ...record,
          issuer: { id: record.issuer.id, name: names[0] },
          authority: { id: record.authority.id, name: names[1] },
        },
      }),
    },
  };
}

function invalid(cause?: unknown): YizhengError {
  return new YizhengError('RECEIPT_INVALID', 'This is no verification receipt, or it is damaged.', {
    status: 422,
    cause,
  });
}

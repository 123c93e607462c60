import type { DocumentLoader } from '@digitalbazaar/cborld';
import { base64urlnopad } from '@scure/base';
import { YizhengError } from '../errors.js';
import { parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { readImageHeader } from './image-header.js';
import type { LiveProof } from './live-code.js';
import { decodeQrText, type QrForm } from './qr-text.js';

/** What a certificate came in. */
export type CarrierKind = 'json' | 'qr' | 'image' | 'pdf' | 'cbor-ld' | 'jwt' | 'sd-jwt';

/** A credential or presentation taken out of its carrier; nothing about it is verified. */
export interface OpenedCarrier {
  carrier: CarrierKind;
  /** The JSON, members in the order they came in; of a compact form its text, unchanged. */
  json: string;
  /** The same, parsed strictly; of a compact form the payload as it was signed. */
  document: JsonObject;
  /** Form of the QR payload, when there was one. */
  form?: QrForm;
  /** Host of the address around a QR payload; it proves nothing. */
  host?: string;
  /** What the holder signed over it, in a live code or share link; `checkLiveProof` says what it is worth. */
  holderProof?: LiveProof;
}

/** Helpers with side effects or heavy parts; a carrier whose helper is missing is refused by name. */
export interface CarrierIo {
  /** Text of the QR code in a PNG or JPEG file; see `createQrImageReader`. */
  readQrImage?: (image: Uint8Array) => Promise<string>;
  /** Draws one page (1 = first) of a PDF as a PNG file, for PDFs that carry only a printed code. */
  renderPdfPage?: (pdf: Uint8Array, page: number) => Promise<Uint8Array>;
  /** Gives the bundled JSON-LD contexts; needed for CBOR-LD only. */
  documentLoader?: DocumentLoader;
  signal?: AbortSignal;
}

/** A compact JWS, alone or with disclosures behind it. */
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*(?:~|$)/;
/** Longest compact form, characters: an SD-JWT with a photo. */
const MAX_COMPACT = 128 * 1024;
const PDF_HEADER = '%PDF-';
/** An object or array, behind blanks and a byte-order mark (as text or as three bytes), which the strict parser then refuses. */
const JSON_START = /^(?:\ufeff|\u00ef\u00bb\u00bf)?[ \t\r\n]*(?:[{[]|$)/;

/**
 * Finds out what a certificate came in and takes it out: JSON, QR text, CBOR-LD text, a PNG or JPEG picture, a PDF, a compact JWS or
 * SD-JWT (`vc+jwt`, `jwt_vc_json`, `dc+sd-jwt`).
 * @param input file bytes or text as received
 * @throws YizhengError `CARRIER_UNKNOWN` for what is none of them, `CARRIER_UNSUPPORTED` (501) when its helper is missing, and the
 *   `QR_…`, `IMAGE_…`, `PDF_…`, `CBORLD_…`, `JSON_…` codes of the carriers, `JOSE_TOO_LARGE` (413); never anything else
 */
export async function openCarrier(input: Uint8Array | string, io: CarrierIo = {}): Promise<OpenedCarrier> {
  if (typeof input !== 'string') {
    if (readImageHeader(input)) return openText(await readImage(input, io), io, 'image');
    if (asciiStart(input, 1024).includes(PDF_HEADER)) return openPdf(input, io);
    if (looksLikeText(input)) return openJsonOrText(input, io);
    throw unknownCarrier();
  }
  return openJsonOrText(input, io);
}

function openJsonOrText(input: Uint8Array | string, io: CarrierIo): Promise<OpenedCarrier> | OpenedCarrier {
  if (JSON_START.test(typeof input === 'string' ? input.slice(0, 1024) : asciiStart(input, 1024)))
    return openJson(input, 'json');
  const text = (
    typeof input === 'string' ? input : new TextDecoder().decode(input.subarray(0, MAX_COMPACT + 1))
  ).trim();
  return COMPACT.test(text) ? openCompact(text) : openText(text, io, undefined);
}

function openCompact(text: string): OpenedCarrier {
  if (text.length > MAX_COMPACT)
    throw new YizhengError('JOSE_TOO_LARGE', `The signed text is longer than ${MAX_COMPACT} characters.`, {
      status: 413,
    });
  let payload: Uint8Array;
  try {
    payload = base64urlnopad.decode(text.split('.', 2)[1] ?? '');
  } catch {
    throw unknownCarrier();
  }
  return { carrier: text.includes('~') ? 'sd-jwt' : 'jwt', json: text, document: parseJsonObject(payload) };
}

function openJson(input: Uint8Array | string, carrier: CarrierKind): OpenedCarrier {
  const document = parseJsonObject(input);
  return { carrier, json: JSON.stringify(document), document };
}

async function openText(text: string, io: CarrierIo, within: 'image' | 'pdf' | undefined): Promise<OpenedCarrier> {
  if (text.startsWith('VP1-')) {
    if (!io.documentLoader) throw unsupported('CBOR-LD');
    const { fromCborLd } = await import('./cbor-ld.js');
    const document = await fromCborLd(text, io.documentLoader);
    return { carrier: within ?? 'cbor-ld', json: JSON.stringify(document), document };
  }
  const { json, credential, form, host, holderProof } = decodeQrText(text);
  return {
    carrier: within ?? 'qr',
    json,
    document: credential,
    form,
    ...(host === undefined ? {} : { host }),
    ...(holderProof && { holderProof }),
  };
}

async function openPdf(pdf: Uint8Array, io: CarrierIo): Promise<OpenedCarrier> {
  const { readPdf, noCredential } = await import('./pdf-attachment.js');
  const { attachment, pages } = await readPdf(pdf, { signal: io.signal });
  if (attachment !== undefined) return openJson(attachment, 'pdf');
  if (!io.renderPdfPage || !io.readQrImage) throw noCredential();
  for (let page = 1; page <= pages; page++) {
    if (io.signal?.aborted) throw new YizhengError('ABORTED', 'Reading was given up.', { status: 503 });
    const text = await io.readQrImage(await io.renderPdfPage(pdf, page)).catch(noneOnThisPage);
    if (text !== undefined) return openText(text, io, 'pdf');
  }
  throw noCredential();
}

function noneOnThisPage(error: unknown): undefined {
  if (!(error instanceof YizhengError && error.code === 'IMAGE_NO_QR')) throw error;
}

function readImage(image: Uint8Array, io: CarrierIo): Promise<string> {
  if (!io.readQrImage) throw unsupported('Pictures');
  return io.readQrImage(image);
}

function asciiStart(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length));
}

function looksLikeText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, 1024).includes(0);
}

function unsupported(what: string): YizhengError {
  return new YizhengError('CARRIER_UNSUPPORTED', `${what} cannot be read here.`, { status: 501 });
}

function unknownCarrier(): YizhengError {
  return new YizhengError(
    'CARRIER_UNKNOWN',
    'This is no certificate: give its JSON, its signed text, QR text, a PNG or JPEG picture of its code, or its PDF.',
    { status: 422 },
  );
}

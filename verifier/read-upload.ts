import express, { type Request, type RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { YizhengError } from '../shared/errors.js';
import { CREDENTIAL_LIMITS } from '../shared/json/parse-json.js';
import { verifierBusy } from './verifier-busy.js';

/** Largest carrier, in bytes: what `openCarrier` takes of a picture or PDF. */
export const MAX_CARRIER_BYTES = 20 * 1024 * 1024;

/** Media types of a carrier that is the body itself. */
export const CARRIER_TYPES = [
  'application/json',
  'application/vc',
  'application/vc+json',
  'application/ld+json',
  'text/plain',
  'image/png',
  'image/jpeg',
  'application/pdf',
  'application/octet-stream',
] as const;

const TEXT_TYPES = new Set<string>(CARRIER_TYPES.filter((type) => /json|vc|text/.test(type)));
/** Largest JSON or QR text, in bytes: what the strict parser takes. */
const MAX_TEXT_BYTES = CREDENTIAL_LIMITS.maxBytes;
/** Beside its file a form has boundaries and four short fields. */
const MAX_FORM_BYTES = MAX_CARRIER_BYTES + 512 * 1024;

/** How many uploads may be in memory at once, from their first byte to the answer. */
export interface UploadLimits {
  /** Of more than 1 MiB each. */
  large: number;
  /** Of at most 1 MiB each. */
  small: number;
}

/** At most 160 MiB of pictures and PDFs and 64 MiB of everything else. */
export const DEFAULT_UPLOAD_LIMITS: UploadLimits = { large: 8, small: 64 };

const SMALL_BYTES = 1024 * 1024;
const form = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: MAX_CARRIER_BYTES, files: 1, fields: 4, fieldSize: 100_000, fieldNameSize: 40, parts: 5 },
}).any();
const text: RequestHandler = express.raw({ type: () => true, limit: MAX_TEXT_BYTES, inflate: false });
const file: RequestHandler = express.raw({ type: () => true, limit: MAX_CARRIER_BYTES, inflate: false });

/**
 * Makes the reader of a carrier in a request: a form (`multipart/form-data`) with one file or the field `text`, or the carrier as the
 * body. Its size and the number in memory are settled before a byte of it is read, so that unfinished uploads cannot fill the memory.
 * The reader's errors: `CONTENT_TYPE` (415), `CARRIER_TOO_LARGE` (413), `VERIFIER_BUSY` (503), `FORM_INVALID`.
 */
export function uploadReader(limits: UploadLimits = DEFAULT_UPLOAD_LIMITS): RequestHandler {
  const held: UploadLimits = { large: 0, small: 0 };
  return (request, response, next) => {
    const type = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const most = mostBytesOf(type);
    const announced = Number(request.get('content-length') ?? most);
    if (announced > most) throw tooLarge();
    const size = announced > SMALL_BYTES ? 'large' : 'small';
    if (held[size] >= limits[size]) throw verifierBusy();
    held[size]++;
    response.once('close', () => held[size]--);
    const read = type === 'multipart/form-data' ? form : most === MAX_TEXT_BYTES ? text : file;
    void read(request, response, (error: unknown) => next(error === undefined ? undefined : readError(error)));
  };
}

function mostBytesOf(type: string): number {
  if (type === 'multipart/form-data') return MAX_FORM_BYTES;
  if ((CARRIER_TYPES as readonly string[]).includes(type))
    return TEXT_TYPES.has(type) ? MAX_TEXT_BYTES : MAX_CARRIER_BYTES;
  throw new YizhengError(
    'CONTENT_TYPE',
    `Send a form with one file, or the certificate as ${CARRIER_TYPES.join(', ')}.`,
    { status: 415, at: 'Content-Type' },
  );
}

/** What {@link uploadReader} read. */
export interface Upload {
  carrier: Uint8Array;
  /** Other fields of the form, each a text. */
  fields: Record<string, string>;
}

/** @throws YizhengError `BODY_MISSING`, `FORM_INVALID` when there is not exactly one file or `text` */
export function uploadOf(request: Request): Upload {
  const body: unknown = request.body;
  if (Buffer.isBuffer(body)) {
    if (body.length === 0) throw missing();
    return { carrier: bytesOf(body), fields: {} };
  }
  const { text, ...fields } = Object.fromEntries(
    Object.entries((body ?? {}) as Record<string, unknown>).map(([name, value]) => {
      if (typeof value !== 'string') throw invalid(`the field ${name} must be given once`);
      return [name, value];
    }),
  );
  const files = Array.isArray(request.files) ? request.files : [];
  const carriers = [
    ...files.map(({ buffer }) => bytesOf(buffer)),
    ...(text === undefined || text === '' ? [] : [new TextEncoder().encode(text)]),
  ];
  const [carrier] = carriers;
  if (!carrier || carrier.length === 0) throw missing();
  if (carriers.length > 1) throw invalid('give one file or one text, not both');
  return { carrier, fields };
}

/** Plain bytes that share no pool with anything else; what is large is not copied. */
function bytesOf(buffer: Buffer): Uint8Array {
  return buffer.byteLength === buffer.buffer.byteLength ? new Uint8Array(buffer.buffer) : Uint8Array.from(buffer);
}

function readError(error: unknown): unknown {
  if (error instanceof MulterError)
    return error.code === 'LIMIT_FILE_SIZE' ? tooLarge() : invalid(error.message.toLowerCase(), error);
  const { type } = error as { type?: unknown };
  if (type === 'entity.too.large') return tooLarge();
  return type === undefined ? invalid('it ends early or is malformed', error) : error;
}

function tooLarge(): YizhengError {
  return new YizhengError(
    'CARRIER_TOO_LARGE',
    'It is larger than can be taken: 20 MiB for a picture or PDF, 64 KiB for JSON or text.',
    { status: 413 },
  );
}

function invalid(what: string, cause?: unknown): YizhengError {
  return new YizhengError('FORM_INVALID', `The form cannot be used: ${what}.`, { cause });
}

function missing(): YizhengError {
  return new YizhengError('BODY_MISSING', 'There is no certificate in the request: send a file or a text.');
}

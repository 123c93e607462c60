import express, { type Request, type RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { YizhengError } from '../shared/errors.js';

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

const form = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: MAX_CARRIER_BYTES, files: 1, fields: 4, fieldSize: 100_000, fieldNameSize: 40, parts: 5 },
}).any();
const plain: RequestHandler = express.raw({ type: () => true, limit: MAX_CARRIER_BYTES, inflate: false });

/**
 * Reads a carrier from a request: a form (`multipart/form-data`) with one file or the field `text`, or the carrier as the body.
 * The reader's errors: `CONTENT_TYPE` (415), `CARRIER_TOO_LARGE` and `BODY_TOO_LARGE` (413), `FORM_INVALID`.
 */
export const readUpload: RequestHandler = (request, response, next) => {
  const type = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'multipart/form-data')
    void form(request, response, (error: unknown) => next(error === undefined ? undefined : formError(error)));
  else if ((CARRIER_TYPES as readonly string[]).includes(type)) plain(request, response, next);
  else
    throw new YizhengError(
      'CONTENT_TYPE',
      `Send a form with one file, or the certificate as ${CARRIER_TYPES.join(', ')}.`,
      {
        status: 415,
        at: 'Content-Type',
      },
    );
};

/** What {@link readUpload} read. */
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
    return { carrier: Uint8Array.from(body), fields: {} };
  }
  const { text, ...fields } = Object.fromEntries(
    Object.entries((body ?? {}) as Record<string, unknown>).map(([name, value]) => {
      if (typeof value !== 'string') throw invalid(`the field ${name} must be given once`);
      return [name, value];
    }),
  );
  const files = Array.isArray(request.files) ? request.files : [];
  const carriers = [
    ...files.map((file) => Uint8Array.from(file.buffer)),
    ...(text === undefined || text === '' ? [] : [new TextEncoder().encode(text)]),
  ];
  const [carrier] = carriers;
  if (!carrier || carrier.length === 0) throw missing();
  if (carriers.length > 1) throw invalid('give one file or one text, not both');
  return { carrier, fields };
}

function formError(error: unknown): YizhengError {
  if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE')
    return new YizhengError('CARRIER_TOO_LARGE', 'The file is larger than 20 MiB.', { status: 413 });
  return invalid(error instanceof MulterError ? error.message.toLowerCase() : 'it ends early or is malformed', error);
}

function invalid(what: string, cause?: unknown): YizhengError {
  return new YizhengError('FORM_INVALID', `The form cannot be used: ${what}.`, { cause });
}

function missing(): YizhengError {
  return new YizhengError('BODY_MISSING', 'There is no certificate in the request: send a file or a text.');
}

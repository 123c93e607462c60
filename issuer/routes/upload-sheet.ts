import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';
import { YizhengError } from '../../shared/errors.js';
import { Slots, whenOver } from '../batch/output/slots.js';

/** A sheet on this machine's disk, in a folder only this user can read, until it is dealt with. */
export interface UploadedSheet {
  path: string;
  /** Name the sender gave it, at most 120 characters; only shown. */
  name: string;
  bytes: number;
  /** SHA-256 of the file, hex. */
  sha256: string;
  /** Other fields of the form. */
  fields: Record<string, string>;
}

/** Limits of uploads. */
export interface SheetUploadLimits {
  fileBytes: number;
  /** How many may be under way at once, until their rows are checked; and how many of one institution. */
  atOnce: number;
  each: number;
}

const PREFIX = 'yizheng-upload-';
const STALE_MS = 3_600_000;
/** Beside its file a form has boundaries and a few short fields. */
const FORM_BYTES = 64 * 1024;

interface Held {
  folder: string;
  sheet?: UploadedSheet;
  /** Settles when nothing more is written. */
  writing: Promise<unknown>;
  /** A handler works on it and removes it. */
  taken: boolean;
  /** It was removed. */
  gone: boolean;
  /** Makes room for another upload. */
  release: () => void;
}

const held = new WeakMap<Request, Held>();

/**
 * Makes the reader of a form (`multipart/form-data`) with one sheet in the field `file`: streamed to a file of mode 0600 in a folder of
 * its own, hashed on the way, and removed when the answer is done or the sender leaves. The reader's errors: `CONTENT_TYPE` (415),
 * `SHEET_TOO_LARGE` (413), `UPLOAD_BUSY` (503), `FORM_INVALID` (400).
 */
export function sheetUpload(limits: SheetUploadLimits): RequestHandler {
  const slots = new Slots({ all: limits.atOnce, each: limits.each });
  const form = multer({
    storage: PRIVATE_STORAGE,
    defParamCharset: 'utf8',
    limits: { fileSize: limits.fileBytes, files: 1, fields: 6, fieldSize: 2000, fieldNameSize: 40, parts: 7 },
  }).single('file');
  return async (request, response, next) => {
    if (!/^multipart\/form-data\s*;/i.test(request.get('content-type') ?? ''))
      throw new YizhengError('CONTENT_TYPE', 'Send a form (multipart/form-data) with the sheet in the field "file".', {
        status: 415,
        at: 'Content-Type',
      });
    if (Number(request.get('content-length') ?? 0) > limits.fileBytes + FORM_BYTES) throw tooLarge(limits);
    const release = slots.hold(String(request.params['institutionCode']));
    if (!release)
      throw new YizhengError('UPLOAD_BUSY', 'Other sheets are being taken in; repeat in a minute.', { status: 503 });
    const upload = await newFolder(release);
    held.set(request, upload);
    // The sender may have left long ago.
    whenOver(request, () => {
      if (!upload.taken) void remove(upload);
    });
    if (upload.gone) return;
    void form(request, response, (error: unknown) => next(error === undefined ? undefined : readError(error, limits)));
  };
}

/**
 * Hands the uploaded sheet to `work`, and removes it when that is done, whatever comes of it.
 * @throws YizhengError `FORM_INVALID` when the form holds no file; what `work` threw
 */
export async function withSheet<T>(request: Request, work: (sheet: UploadedSheet) => Promise<T>): Promise<T> {
  const upload = held.get(request);
  if (!upload) throw new TypeError('the route has no sheetUpload');
  if (upload.gone) throw invalid('its sender left');
  upload.taken = true;
  // Other uploads sweep away what was not touched for an hour.
  const touching = setInterval(() => void touch(upload.folder), STALE_MS / 6).unref();
  try {
    if (!upload.sheet || upload.sheet.bytes === 0) throw invalid('the field "file" holds no sheet');
    return await work({ ...upload.sheet, fields: fieldsOf(request.body) });
  } finally {
    clearInterval(touching);
    await remove(upload);
  }
}

async function newFolder(release: () => void): Promise<Held> {
  try {
    await sweep();
    const folder = await mkdtemp(join(tmpdir(), PREFIX));
    return { folder, writing: Promise.resolve(), taken: false, gone: false, release };
  } catch (error) {
    release();
    throw error;
  }
}

async function touch(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined);
}

const PRIVATE_STORAGE: StorageEngine = {
  _handleFile(request, file, done) {
    const upload = held.get(request);
    if (!upload) throw new TypeError('an upload without a folder');
    const hash = createHash('sha256');
    let bytes = 0;
    const path = join(upload.folder, 'sheet');
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, pass) {
        bytes += chunk.length;
        hash.update(chunk);
        pass(null, chunk);
      },
    });
    const writing = pipeline(file.stream, meter, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    upload.writing = writing.catch(() => undefined);
    writing.then(
      () => {
        upload.sheet = { path, name: shownName(file.originalname), bytes, sha256: hash.digest('hex'), fields: {} };
        done(null, { path, size: bytes });
      },
      (error: unknown) => done(error),
    );
  },
  // The whole folder is removed when the answer is done.
  _removeFile: (_request, _file, done) => done(null),
};

function shownName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  return last.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').slice(0, 120) || 'sheet';
}

function fieldsOf(body: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((body ?? {}) as Record<string, unknown>).map(([name, value]) => {
      if (typeof value !== 'string') throw invalid(`the field ${name.slice(0, 40)} must be given once`);
      return [name, value];
    }),
  );
}

async function remove(upload: Held): Promise<void> {
  const { folder, writing, release } = upload;
  upload.gone = true;
  try {
    await rm(folder, REMOVED);
    // What was about to be opened when the sender left.
    void writing.then(() => rm(folder, REMOVED));
  } finally {
    release();
  }
}

const REMOVED = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const;

/** What a process left behind that was killed while it took a sheet in. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < Date.now() - STALE_MS) await rm(folder, REMOVED).catch(() => undefined);
  }
}

function readError(error: unknown, limits: SheetUploadLimits): unknown {
  if (error instanceof MulterError)
    return error.code === 'LIMIT_FILE_SIZE' ? tooLarge(limits) : invalid(error.message.toLowerCase(), error);
  const { code } = error as { code?: unknown };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new YizhengError('STORAGE_FULL', 'There is no room for the sheet on the disk of this service.', {
      status: 503,
      cause: error,
    });
  return error instanceof YizhengError ? error : invalid('it ends early or is malformed', error);
}

function tooLarge({ fileBytes }: SheetUploadLimits): YizhengError {
  return new YizhengError(
    'SHEET_TOO_LARGE',
    `The sheet is larger than ${Math.floor(fileBytes / (1024 * 1024))} MiB; cut it into several.`,
    { status: 413 },
  );
}

function invalid(what: string, cause?: unknown): YizhengError {
  return new YizhengError('FORM_INVALID', `The form cannot be used: ${what}.`, { cause });
}

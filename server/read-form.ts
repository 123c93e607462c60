import express, { type Request, type RequestHandler } from 'express';
import { YizhengError } from '../shared/errors.js';

/** Most parameters of a form. */
const MAX_PARAMETERS = 40;

/**
 * Middleware that takes the body of an `application/x-www-form-urlencoded` request; {@link readForm} then reads it.
 * @param limit largest body, in bytes
 */
export function formBody(limit: number): RequestHandler {
  return express.raw({ type: () => true, limit, inflate: false });
}

/**
 * The parameters of a form. A parameter sent without a value counts as not sent (RFC 6749 §3.2).
 * @throws YizhengError `CONTENT_TYPE` (415); `FORM_MALFORMED` where a name comes twice (RFC 6749 §3.2), there are too many, or the text is
 *   not UTF-8
 */
export function readForm(request: Request): ReadonlyMap<string, string> {
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.get('content-type') ?? ''))
    throw new YizhengError('CONTENT_TYPE', 'Send the body as application/x-www-form-urlencoded.', {
      status: 415,
      at: 'Content-Type',
    });
  const raw: unknown = request.body;
  const found = new Map<string, string>();
  let parameters = 0;
  for (const [name, value] of new URLSearchParams(textOf(raw))) {
    parameters += 1;
    if (found.has(name) || parameters > MAX_PARAMETERS) throw notAForm();
    if (value !== '') found.set(name, value);
  }
  return found;
}

function textOf(raw: unknown): string {
  if (!Buffer.isBuffer(raw)) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch (cause) {
    throw notAForm(cause);
  }
}

function notAForm(cause?: unknown): YizhengError {
  return new YizhengError('FORM_MALFORMED', 'The form names a parameter twice, has too many, or is not UTF-8.', {
    cause,
  });
}

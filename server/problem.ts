import { YizhengError } from '../shared/errors.js';
import { storageError } from './storage-error.js';

/** Problem Details (RFC 9457) as every service answers errors, media type `application/problem+json`. */
export interface Problem {
  /** `https://yizheng.example/problems/<code>`. */
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Stable error code. */
  code: string;
  /** Where the input is wrong: JSON pointer, row and column, or header name. */
  at?: string;
  /** Request id, `urn:uuid:…`; the log line of the same request carries it. */
  instance: string;
}

/**
 * Turns anything thrown into Problem Details. What is not a {@link YizhengError} becomes a 500 that says nothing of the inside.
 * @param error what was thrown
 * @param requestId UUID of the request
 */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = knownError(error);
  return {
    type: `https://yizheng.example/problems/${known.code}`,
    title: known.code.toLowerCase().replaceAll('_', ' '),
    status: known.status,
    detail: known.message,
    code: known.code,
    ...(known.at === undefined ? {} : { at: known.at }),
    instance: `urn:uuid:${requestId}`,
  };
}

function knownError(error: unknown): YizhengError {
  if (error instanceof YizhengError) return error;
  const storage = storageError(error);
  if (storage) return storage;
  const found = error as { type?: unknown; status?: unknown } | null | undefined;
  const kind = typeof found?.type === 'string' ? found.type : '';
  if (kind === 'entity.too.large')
    return new YizhengError('BODY_TOO_LARGE', 'The request body is larger than this service takes.', { status: 413 });
  if (kind === 'encoding.unsupported')
    return new YizhengError('CONTENT_ENCODING', 'Send the body without Content-Encoding.', { status: 415 });
  if (kind.startsWith('request.') || kind.startsWith('charset.') || kind.startsWith('entity.'))
    return new YizhengError('BODY_UNREADABLE', 'The request body could not be read to its end.');
  if (error instanceof URIError || found?.status === 400)
    return new YizhengError('REQUEST_MALFORMED', 'The request line or address is malformed.');
  return new YizhengError('INTERNAL', 'Something failed inside the service; quote the instance when you report it.', {
    status: 500,
  });
}

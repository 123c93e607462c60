import type { z } from 'zod';
import { YizhengError } from '../../../../shared/errors.js';
import { problemSchema } from './schemas.js';
import { refusalsState, sessionEnded, sessionState } from './session-state.js';

/** What is sent besides the address. */
export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON, or as it is when it is form data. */
  body?: unknown;
  /** Names the request, so that sending it again does nothing twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/**
 * Asks the service this page came from.
 * @param path below the service's address, beginning with a slash
 * @param schema of the answer; what does not fit is refused
 * @throws YizhengError the code of the service's Problem Details, with its sentence and place; `OFFLINE` when there is no answer;
 *   `ANSWER_UNKNOWN` when it is not what was agreed
 */
export async function call<S extends z.ZodType>(
  path: string,
  schema: S,
  options: CallOptions = {},
): Promise<z.infer<S>> {
  const response = await send(path, options);
  const text = await response.text();
  if (!response.ok) throw problemOf(text, response.status);
  const parsed = schema.safeParse(text === '' ? undefined : json(text));
  if (parsed.success) return parsed.data;
  throw new YizhengError('ANSWER_UNKNOWN', 'The service answered something else; reload the page.', { status: 502 });
}

/** The answer as a file, to be saved. @throws YizhengError as {@link call} */
export async function callForFile(path: string, options: CallOptions = {}): Promise<Blob> {
  const response = await send(path, options);
  if (!response.ok) throw problemOf(await response.text(), response.status);
  return response.blob();
}

async function send(path: string, { method = 'GET', body, idempotencyKey, signal }: CallOptions): Promise<Response> {
  const { csrfToken } = sessionState.get();
  const isForm = body instanceof FormData;
  const headers = {
    accept: 'application/json',
    ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
    ...(csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  };
  try {
    return await fetch(`.${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      redirect: 'error',
      cache: 'no-store',
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new YizhengError('OFFLINE', 'The service does not answer; check the network and try again.', {
      status: 503,
      cause,
    });
  }
}

function problemOf(text: string, status: number): YizhengError {
  const parsed = problemSchema.safeParse(json(text));
  const { code, detail, at } = parsed.success
    ? parsed.data
    : { code: 'INTERNAL', detail: 'Something failed.', at: undefined };
  if (code === 'SESSION_EXPIRED' || code === 'SESSION_MISSING') sessionEnded();
  if (code === 'ROLE_MISSING') refusalsState.set(refusalsState.get() + 1);
  return new YizhengError(code, detail, { status, ...(at !== undefined && { at }) });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

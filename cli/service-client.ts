import { createHmac } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isPrivateMode } from '../keys/secret-file.js';
import { YizhengError } from '../shared/errors.js';
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../shared/json/parse-json.js';

const TIMEOUT_MS = 60_000;
const ANSWER_LIMITS = { maxBytes: 64 * 1024 * 1024, maxDepth: 24, maxNodes: 1_000_000 };

/** One request to a service. */
export interface ServiceRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the service's address, starting with `/`. */
  path: string;
  /** Sent as JSON; text is sent as it is. */
  body?: JsonValue | string;
  headers?: Record<string, string>;
  accept?: string;
  /** A form with files, instead of `body`. */
  form?: FormData;
  signal?: AbortSignal;
}

/** What a service refused with: the code it threw, and its whole Problem Details (RFC 9457). */
export class ServiceProblem extends YizhengError {
  readonly problem: JsonObject;

  constructor(
    code: string,
    message: string,
    { problem, ...options }: { at: string | undefined; status: number; problem: JsonObject },
  ) {
    super(code, message, options);
    this.problem = problem;
  }
}

/** An answer that is still arriving. */
export interface OpenAnswer {
  headers: Headers;
  /** Its pieces. @throws YizhengError `SERVICE_BROKE_OFF` (502) when it ends early */
  pieces: AsyncIterable<Uint8Array>;
}

/** A service of ours over HTTP. Problem Details come out as the same typed errors the service threw. */
export interface ServiceClient {
  /** @throws YizhengError the service's own codes; (502) `SERVICE_UNREACHABLE`, `SERVICE_ANSWER` */
  json(request: ServiceRequest): Promise<JsonValue>;
  /** Like `json`, for files. */
  bytes(request: ServiceRequest): Promise<Uint8Array>;
  /** The answer as it arrives, for long ones: it takes as long as it takes. */
  open(request: ServiceRequest): Promise<OpenAnswer>;
  /** Names a request by its content: hex, keyed with the API key, because a plain hash of an ID number could be searched. */
  digest(text: string): string;
}

/**
 * Makes a client for the service at an address the user named.
 * @param url address without last slash
 * @param keyFile file with the API key, readable by its owner only; absent for public routes
 * @throws YizhengError `API_KEY_FILE_UNREADABLE`, `API_KEY_FILE_MODE`, `API_KEY_FILE_FORM`
 */
export async function createServiceClient(url: string, keyFile?: string): Promise<ServiceClient> {
  const apiKey = keyFile === undefined ? undefined : await readApiKey(keyFile);
  const open = async (request: ServiceRequest, signal?: AbortSignal): Promise<Response> => {
    const { method, path, body, form, accept = 'application/json' } = request;
    const headers = { accept, ...request.headers, ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) };
    const response = await reach(url, () =>
      fetch(`${url}${path}`, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(form === undefined ? {} : { body: form }),
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        redirect: 'error',
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    if (!response.ok)
      throw problemError(response.status, new Uint8Array(await reach(url, () => response.arrayBuffer())));
    return response;
  };
  const send = async (request: ServiceRequest): Promise<Uint8Array> => {
    const response = await open(request, AbortSignal.timeout(TIMEOUT_MS));
    return new Uint8Array(await reach(url, () => response.arrayBuffer()));
  };
  return {
    bytes: send,
    open: async (request) => {
      const { headers, body } = await open(request, request.signal);
      return { headers, pieces: piecesOf(url, body) };
    },
    digest: (text) =>
      createHmac('sha256', apiKey ?? '')
        .update(text)
        .digest('hex'),
    json: async (request) => {
      const bytes = await send(request);
      return bytes.length === 0 ? null : readAnswer(bytes);
    },
  };
}

async function readApiKey(file: string): Promise<string> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new YizhengError('API_KEY_FILE_UNREADABLE', `The API key file ${file} cannot be read.`, { at: file, cause });
  });
  try {
    if (!isPrivateMode((await handle.stat()).mode))
      throw new YizhengError('API_KEY_FILE_MODE', `Others can read the API key file: run chmod 600 ${file}.`, {
        at: file,
      });
    const key = (await handle.readFile('utf8')).trim();
    if (!/^yz_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/.test(key))
      throw new YizhengError('API_KEY_FILE_FORM', `${file} does not hold an API key (yz_…).`, { at: file });
    return key;
  } finally {
    await handle.close();
  }
}

async function reach<T>(url: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new YizhengError('SERVICE_UNREACHABLE', `${url} cannot be reached.`, { at: url, status: 502, cause });
  }
}

async function* piecesOf(url: string, body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  try {
    // Node's streams of bytes can be walked through; the types of the browser do not say so.
    for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) yield piece;
  } catch (cause) {
    throw new YizhengError('SERVICE_BROKE_OFF', `${url} broke its answer off; run it again.`, { status: 502, cause });
  }
}

function readAnswer(bytes: Uint8Array): JsonValue {
  try {
    return parseJson(bytes, ANSWER_LIMITS);
  } catch (cause) {
    throw new YizhengError('SERVICE_ANSWER', 'The service did not answer with JSON; is the address right?', {
      status: 502,
      cause,
    });
  }
}

function problemError(status: number, bytes: Uint8Array): YizhengError {
  const problem = problemOf(bytes);
  const { code, detail, at } = problem;
  if (typeof code !== 'string' || typeof detail !== 'string')
    return new YizhengError('SERVICE_ANSWER', `The service answered with status ${status}.`, { status });
  return new ServiceProblem(code, detail, { status, at: typeof at === 'string' ? at : undefined, problem });
}

function problemOf(bytes: Uint8Array): JsonObject {
  try {
    const value = parseJson(bytes, ANSWER_LIMITS);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

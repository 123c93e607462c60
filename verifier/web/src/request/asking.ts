import { z } from 'zod';
import { createStore } from '../../../../ui/app/store.js';
import { YizhengError } from '../../../../shared/errors.js';
import { isJsonObject, type JsonObject } from '../../../../shared/json/parse-json.js';
import type { AskedQuery } from '../../../../shared/presentation/check-vp-token.js';
import type { CertificateRequest } from '../../../../shared/presentation/certificate-request.js';
import { readBounded } from '../../../../ui/trust/mirror-fetch.js';
import type { Verdict } from '../../../../shared/verdict/types.js';

const offerSchema = z.object({ guests: z.boolean(), name: z.string().nullable(), walletUrl: z.string().nullable() });
const newRequestSchema = z.object({
  id: z.string(),
  readSecret: z.string(),
  clientId: z.string(),
  link: z.string().startsWith('openid4vp://'),
  walletLink: z.url({ protocol: /^https?$/ }).optional(),
  expiresAt: z.string(),
});
const problemSchema = z.object({ code: z.string(), at: z.string().optional() });
const jsonObject = z.custom<JsonObject>(isJsonObject);
const standSchema = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('waiting') }),
  z.object({ phase: z.literal('checking') }),
  z.object({
    phase: z.literal('answered'),
    presentations: z.array(z.object({ verdict: z.custom<Verdict>(isJsonObject) })),
    asked: z.custom<AskedQuery>(isJsonObject),
    vpToken: jsonObject,
  }),
  z.object({ phase: z.literal('refused'), problems: z.array(problemSchema).min(1) }),
  z.object({ phase: z.literal('declined'), error: z.string() }),
]);

/** A request under way. */
export type NewRequest = z.infer<typeof newRequestSchema>;

/** How a request stands. */
export type Stand = z.infer<typeof standSchema>;

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 2 * 1024 * 1024;

/** Whether the host of this app asks holders for certificates; undefined: not known, no host, or not reachable. */
export const askingOffer = createStore<z.infer<typeof offerSchema> | undefined>(undefined);

/** Finds out whether the host of this app asks. The single file has no host, and an app without network cannot ask. */
export async function findAskingOffer(): Promise<void> {
  if (!/^https?:$/.test(location.protocol)) return;
  const offer = await call('openid4vp', {}).then(
    (answer) => offerSchema.safeParse(answer).data,
    () => undefined,
  );
  askingOffer.set(offer?.guests === true ? offer : undefined);
}

/** Makes a request. @throws YizhengError `OFFLINE`, `ASKING_FAILED`, or the code the host answered with */
export async function makeRequest(
  request: Partial<CertificateRequest>,
  anchor: string | undefined,
): Promise<NewRequest> {
  const body = JSON.stringify({ request, ...(anchor !== undefined && { anchor }) });
  const headers = { 'Content-Type': 'application/json' };
  return read(newRequestSchema, await call('openid4vp/guest-requests', { method: 'POST', headers, body }));
}

/** Reads how a request stands. @throws YizhengError as {@link makeRequest}; `REQUEST_NOT_FOUND` when its time is over */
export async function readRequest({ id, readSecret }: NewRequest): Promise<Stand> {
  return read(standSchema, await call(`openid4vp/requests/${id}`, { headers: bearer(readSecret) }));
}

/** Erases a request and its answer on the host; what fails is erased there by time. */
export async function eraseRequest({ id, readSecret }: NewRequest): Promise<void> {
  await call(`openid4vp/requests/${id}`, { method: 'DELETE', headers: bearer(readSecret) }).catch(() => undefined);
}

function bearer(secret: string): Record<string, string> {
  return { Authorization: `Bearer ${secret}` };
}

async function call(path: string, options: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(new URL(path, document.baseURI), {
      ...options,
      cache: 'no-store',
      redirect: 'error',
      signal,
    });
  } catch (cause) {
    throw new YizhengError('OFFLINE', 'The host of this verifier cannot be reached.', { cause });
  }
  if (response.status === 204) return undefined;
  const answer = parse(new TextDecoder().decode(await readBounded(response, MAX_BYTES)));
  if (response.ok) return answer;
  const { code } = problemSchema.safeParse(answer).data ?? {};
  throw new YizhengError(code ?? 'ASKING_FAILED', `The host answered with status ${response.status}.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new YizhengError('ASKING_FAILED', 'The host answered something else.');
  return parsed.data;
}

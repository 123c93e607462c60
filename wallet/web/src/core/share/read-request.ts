import { YizhengError } from '../../../../../shared/errors.js';
import { parseJsonObject, type JsonObject } from '../../../../../shared/json/parse-json.js';
import { parseDcqlQuery, type DcqlQuery } from '../../../../../shared/presentation/dcql-query.js';
import { claimsTimeProblem, readClaims } from '../../../../../shared/proof/jose/jwt-claims.js';
import { randomBytes, toBase64url } from '../bytes.js';
import { safeAddress, send, sendForm } from '../net/http.js';
import { nowText, type Platform } from '../platform.js';
import { assertHonestAddress } from '../receive/suspicious-host.js';
import { clientKindOf, requestPayload, verifyRequestObject, type ClientKind } from './client-identity.js';
import { parseRequestLink, type RequestParameters } from './parse-request-link.js';
import { clientMetadataSchema, requestSchema, type ClientMetadata } from './request-schema.js';

/** Who asks, as far as it is known. */
export interface RequestParty {
  kind: ClientKind;
  /** Full client identifier. */
  clientId: string;
  /** Host the answer goes to: whoever runs it reads the answer. */
  host: string;
  /** What the asker calls itself; nobody vouches for it. */
  name?: string;
  /** Whether the identity was proven: by the domain of a did:web. Otherwise only the host is certain. */
  proven: boolean;
  /** The identity is at another host than the one the answer goes to. */
  answerGoesElsewhere: boolean;
}

/** A request for certificates, read and checked. */
export interface PresentationRequest {
  party: RequestParty;
  query: DcqlQuery;
  nonce: string;
  state?: string;
  responseUri: string;
  encrypted: boolean;
  metadata: ClientMetadata;
}

const LIMITS = { maxBytes: 128 * 1024, maxDepth: 20, maxNodes: 5_000 };

/**
 * Reads a request for certificates and finds out who makes it (OpenID4VP 1.0 §5). Nothing is told to the asker but that it was opened.
 * @throws YizhengError `REQUEST_FORMAT`, `REQUEST_GONE`, `REQUEST_MISMATCH` when link and request name different askers,
 *   `REQUEST_SIGNATURE`, `REQUEST_CLIENT_UNSUPPORTED`, `REQUEST_LOOKALIKE_HOST`, `REQUEST_UNSAFE_LINK`, `REQUEST_EXPIRED`,
 *   `REQUEST_UNSUPPORTED`, `DCQL_INVALID`, and the codes of `send`
 */
export async function readRequest(text: string, platform: Platform): Promise<PresentationRequest> {
  const link = parseRequestLink(text);
  const clientId = link?.['client_id'];
  if (!link || clientId === undefined) throw badRequest('This is no request for certificates.');
  const { kind, value } = clientKindOf(clientId);
  const { members, proven } = await membersOf(link, clientId, platform);
  const parsed = requestSchema.safeParse(members);
  if (!parsed.success) throw badRequest('The request is not complete.');
  const { response_uri, response_mode, nonce, state, redirect_uri, transaction_data } = parsed.data;
  if (parsed.data.client_id !== clientId)
    throw new YizhengError('REQUEST_MISMATCH', 'The link and the request name different askers.', { status: 422 });
  if (redirect_uri !== undefined || transaction_data !== undefined)
    throw new YizhengError('REQUEST_UNSUPPORTED', 'The request wants something this wallet does not do.');
  if (kind === 'redirect_uri' && value !== response_uri)
    throw new YizhengError('REQUEST_MISMATCH', 'The answer would go to somebody else than the asker.', { status: 422 });
  assertHonestAddress(response_uri, platform.knownHosts(), 'REQUEST');
  const { host, hostname } = safeAddress(response_uri);
  // Nobody here vouches for the certificate, so the name in it must be the one the connection itself proves (§5.9.3).
  if (kind === 'x509_san_dns' && value !== hostname)
    throw new YizhengError('REQUEST_MISMATCH', 'The answer would go to somebody else than the asker.', { status: 422 });
  const identity = kind === 'decentralized_identifier' ? /^did:web:([^:]+)/.exec(value)?.[1] : undefined;
  const metadata = clientMetadataSchema.safeParse(objectOf(members['client_metadata']) ?? {});
  if (!metadata.success) throw badRequest('The asker describes itself in a way that cannot be read.');
  const { client_name: name } = metadata.data;
  return {
    party: {
      kind,
      clientId,
      host,
      proven,
      answerGoesElsewhere: identity !== undefined && identity.replace('%3A', ':') !== host,
      ...(name !== undefined && { name }),
    },
    query: parseDcqlQuery(objectOf(members['dcql_query'])),
    nonce,
    ...(state !== undefined && { state }),
    responseUri: response_uri,
    encrypted: response_mode === 'direct_post.jwt',
    metadata: metadata.data,
  };
}

async function membersOf(
  link: RequestParameters,
  clientId: string,
  platform: Platform,
): Promise<{ members: JsonObject; proven: boolean }> {
  const { request, request_uri: uri } = link;
  if (request !== undefined && uri !== undefined) throw badRequest('The request stands there twice.');
  if (request === undefined && uri === undefined) {
    if (clientKindOf(clientId).kind !== 'redirect_uri')
      throw new YizhengError('REQUEST_SIGNATURE', 'This asker must sign its requests, and did not.', { status: 422 });
    return { members: { ...link }, proven: false };
  }
  const wanted = toBase64url(randomBytes(platform.crypto, 16));
  const text = request ?? (await fetchRequest(uri ?? '', link['request_uri_method'], wanted, platform));
  const stated = readClaims(requestPayload(text), LIMITS);
  if (stated['client_id'] !== clientId)
    throw new YizhengError('REQUEST_MISMATCH', 'The link and the request name different askers.', { status: 422 });
  const { payload, proven } = await verifyRequestObject(text, clientId, platform);
  const members = readClaims(payload, LIMITS);
  if (link['request_uri_method'] === 'post' && request === undefined && members['wallet_nonce'] !== wanted)
    throw new YizhengError('REQUEST_REPLAYED', 'The request was made for somebody else, or earlier.', { status: 422 });
  if (claimsTimeProblem(members, { now: nowText(platform), clockToleranceSeconds: 300 }) !== undefined)
    throw new YizhengError('REQUEST_EXPIRED', 'The request has expired; ask for a new one.');
  return { members, proven };
}

async function fetchRequest(
  uri: string,
  method: string | undefined,
  walletNonce: string,
  platform: Platform,
): Promise<string> {
  assertHonestAddress(uri, platform.knownHosts(), 'REQUEST');
  const accept = { accept: 'application/oauth-authz-req+jwt' };
  const { status, text } =
    method === 'post'
      ? await sendForm(platform, uri, { wallet_nonce: walletNonce }, accept)
      : await send(platform, uri, { headers: accept });
  if (status !== 200)
    throw new YizhengError('REQUEST_GONE', 'The request is not there any more: it was answered or has expired.');
  return text.trim();
}

/** In a link, objects are JSON texts. */
function objectOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return parseJsonObject(value, LIMITS);
  } catch (cause) {
    throw badRequest('A part of the request is not JSON.', cause);
  }
}

function badRequest(message: string, cause?: unknown): YizhengError {
  return new YizhengError('REQUEST_FORMAT', message, { status: 422, cause });
}

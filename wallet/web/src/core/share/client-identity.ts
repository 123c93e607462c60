import { createResolver } from '../../../../../shared/did/create-resolver.js';
import { decodeMultikey, type PublicKey } from '../../../../../shared/did/multikey.js';
import { findVerificationMethod } from '../../../../../shared/did/verification-method.js';
import { YizhengError } from '../../../../../shared/errors.js';
import type { JsonObject } from '../../../../../shared/json/parse-json.js';
import { readCompactJws } from '../../../../../shared/proof/jose/compact-jws.js';
import { verifyCompactJws } from '../../../../../shared/proof/jose/verify-compact-jws.js';
import { utf8 } from '../bytes.js';
import { send } from '../net/http.js';
import type { Platform } from '../platform.js';
import { readRequestCertificate } from './request-certificate.js';

/** Ways a verifier says who it is (OpenID4VP 1.0 §5.9.3) that this wallet understands. */
export type ClientKind = 'redirect_uri' | 'decentralized_identifier' | 'x509_san_dns' | 'x509_hash';

const PREFIXED = /^(redirect_uri|decentralized_identifier|x509_san_dns|x509_hash):(.+)$/s;

/** Splits a client identifier. @throws YizhengError `REQUEST_CLIENT_UNSUPPORTED` */
export function clientKindOf(clientId: string): { kind: ClientKind; value: string } {
  const [, kind, value] = PREFIXED.exec(clientId) ?? [];
  if (kind === undefined || value === undefined)
    throw new YizhengError('REQUEST_CLIENT_UNSUPPORTED', 'The asker names itself in a way this wallet cannot check.', {
      at: clientId.slice(0, 100),
    });
  return { kind: kind as ClientKind, value };
}

/**
 * Checks the signature of a request object by the key that its client identifier stands for (§5.8, §5.9.3).
 * @returns its claims; `proven`: whether somebody besides the asker vouches for the name (the domain of a did:web does)
 * @throws YizhengError `REQUEST_SIGNATURE` when it is not signed by that key, `REQUEST_CLIENT_UNSUPPORTED`, `HOST_UNREACHABLE`
 */
export async function verifyRequestObject(
  text: string,
  clientId: string,
  platform: Platform,
): Promise<{ payload: Uint8Array; proven: boolean }> {
  const { kind, value } = clientKindOf(clientId);
  if (kind === 'redirect_uri') throw badSignature('A request under a redirect_uri is never signed.');
  const x509 = kind !== 'decentralized_identifier';
  const keyOf = ({ kid, x5c }: JsonObject): PublicKey | Promise<PublicKey> =>
    x509 ? keyOfCertificate(kind, value, x5c, platform) : keyOfDid(value, kid, platform);
  try {
    const { payload } = await verifyCompactJws(text, {
      typ: 'oauth-authz-req+jwt',
      keyOf,
      ...(x509 && { keyHeaders: ['x5c'] }),
      maxLength: 128 * 1024,
    });
    return { payload, proven: value.startsWith('did:web:') };
  } catch (cause) {
    if (cause instanceof YizhengError && /^(?:HOST_|ADDRESS_|REQUEST_|ANSWER_)/.test(cause.code)) throw cause;
    throw badSignature('The request is not signed by whom it names.', cause);
  }
}

/** Claims of a request object, unverified: to learn its client identifier. @throws YizhengError `REQUEST_FORMAT` */
export function requestPayload(text: string): Uint8Array {
  try {
    return readCompactJws(text).payload;
  } catch (cause) {
    throw new YizhengError('REQUEST_FORMAT', 'The request is not a signed request object.', { status: 422, cause });
  }
}

async function keyOfDid(did: string, kid: unknown, platform: Platform): Promise<PublicKey> {
  if (typeof kid !== 'string' || kid.split('#')[0] !== did) throw badSignature('The key is not one of the asker.');
  const fetchDidDocument = async (url: string): Promise<Uint8Array> => {
    const { status, text } = await send(platform, url);
    if (status !== 200) throw new YizhengError('DID_NOT_FETCHED', 'The asker publishes no key.');
    return utf8(text);
  };
  const { didDocument } = await createResolver({ fetchDidDocument }).resolve(did);
  if (!didDocument) throw badSignature('The keys of the asker could not be fetched.');
  const listed = (didDocument.authentication ?? []).some(
    (entry) => (typeof entry === 'string' ? entry : entry.id) === kid,
  );
  const { publicKeyMultibase } = findVerificationMethod(
    didDocument,
    kid,
    listed ? 'authentication' : 'assertionMethod',
  );
  return decodeMultikey(publicKeyMultibase);
}

/** The certificate proves the key and names the host; nobody here vouches for whoever issued it. */
function keyOfCertificate(kind: ClientKind, value: string, x5c: unknown, { now }: Platform): PublicKey {
  const first: unknown = Array.isArray(x5c) ? x5c[0] : undefined;
  if (typeof first !== 'string' || first.length > 16_384) throw badSignature('The request carries no certificate.');
  const { key, dnsNames, hash } = readRequestCertificate(first, now());
  const isNamed = kind === 'x509_san_dns' ? dnsNames.includes(value) : hash === value;
  if (!isNamed) throw badSignature('The certificate of the request is for somebody else.');
  return key;
}

function badSignature(message: string, cause?: unknown): YizhengError {
  return new YizhengError('REQUEST_SIGNATURE', message, { status: 422, cause });
}

import { base64urlnopad } from '@scure/base';
import type { DIDDocument, DIDResolver, JsonWebKey } from 'did-resolver';
import { YizhengError } from '../errors.js';
import { parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { publicKeyOfJwk } from './multikey.js';
import { resolved } from './resolution.js';

/**
 * DID document of a did:jwk (did:jwk method, "Read"): Ed25519, P-256 and P-384 public keys.
 * @throws YizhengError `DID_INVALID`, `KEY_FORMAT`, and the codes of `parseJson`
 */
export function didJwkDocument(did: string): DIDDocument {
  const publicKeyJwk = jwkOf(did);
  publicKeyOfJwk(publicKeyJwk);
  const id = `${did}#0`;
  const use = publicKeyJwk['use'];
  if (use === 'enc') throw new YizhengError('KEY_FORMAT', 'The key of this did:jwk is for encryption only.');
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: [
      { id, type: 'JsonWebKey2020', controller: did, publicKeyJwk: publicKeyJwk as unknown as JsonWebKey },
    ],
    authentication: [id],
    assertionMethod: [id],
  };
}

/** did:jwk driver for `did-resolver`. */
export const didJwkResolver: DIDResolver = (did) => Promise.resolve(resolved(didJwkDocument(did)));

function jwkOf(did: string): JsonObject {
  const encoded = /^did:jwk:([A-Za-z0-9_-]{1,1500})$/.exec(did)?.[1];
  if (encoded === undefined) throw new YizhengError('DID_INVALID', 'Not a did:jwk.');
  let bytes: Uint8Array;
  try {
    bytes = base64urlnopad.decode(encoded);
  } catch (cause) {
    throw new YizhengError('DID_INVALID', 'A did:jwk holds a JWK in base64url without padding.', { cause });
  }
  return parseJsonObject(bytes, { maxBytes: 1200, maxDepth: 3, maxNodes: 8 });
}

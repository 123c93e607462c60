import type { DIDDocument, DIDResolver } from 'did-resolver';
import { YizhengError } from '../errors.js';
import { decodeMultikey } from './multikey.js';
import { resolved } from './resolution.js';

/**
 * DID document of a did:key (did:key method §3.1): Ed25519, P-256 and P-384, as one Multikey for signing and authentication.
 * @throws YizhengError `DID_INVALID`, `KEY_FORMAT`
 */
export function didKeyDocument(did: string): DIDDocument {
  const multibase = /^did:key:(z[1-9A-HJ-NP-Za-km-z]+)$/.exec(did)?.[1];
  if (multibase === undefined) throw new YizhengError('DID_INVALID', 'Not a did:key.');
  decodeMultikey(multibase);
  const id = `${did}#${multibase}`;
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [{ id, type: 'Multikey', controller: did, publicKeyMultibase: multibase }],
    authentication: [id],
    assertionMethod: [id],
  };
}

/** did:key driver for `did-resolver`. */
export const didKeyResolver: DIDResolver = (did) => Promise.resolve(resolved(didKeyDocument(did)));

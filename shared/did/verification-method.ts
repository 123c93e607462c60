import type { DIDDocument, VerificationMethod } from 'did-resolver';
import { YizhengError } from '../errors.js';
import { decodeMultikey, encodeMultikey, publicKeyOfJwk } from './multikey.js';

/** What a key may be used for (DID Core §5.3). */
export type Relationship = 'assertionMethod' | 'authentication';

/** A verification method of a checked document, always written as Multikey. */
export interface Multikey {
  id: string;
  type: 'Multikey';
  controller: string;
  publicKeyMultibase: string;
}

/**
 * Finds a verification method in a DID document and checks that the document may speak for it (SECURITY F7).
 * @param document the resolved document
 * @param url verification method asked for, `<did>#<fragment>`
 * @param relationship what the key must be listed for
 * @throws YizhengError `DID_DOCUMENT_ID`, `KEY_NOT_LISTED`, `KEY_CONTROLLER_MISMATCH`, `KEY_FORMAT`
 */
export function findVerificationMethod(document: DIDDocument, url: string, relationship: Relationship): Multikey {
  const did = url.split('#')[0] ?? '';
  if (document.id !== did)
    throw new YizhengError('DID_DOCUMENT_ID', 'The DID document is not the one of the DID that was asked for.');
  const listed = (document[relationship] ?? []).find((entry) => idOf(entry) === url);
  const method =
    typeof listed === 'object' ? listed : (document.verificationMethod ?? []).find((entry) => entry.id === url);
  if (listed === undefined || method === undefined)
    throw new YizhengError('KEY_NOT_LISTED', `The DID document does not list the key for ${relationship}.`);
  if (method.controller !== did)
    throw new YizhengError(
      'KEY_CONTROLLER_MISMATCH',
      'The key is controlled by another DID than the one it stands in.',
    );
  return { id: url, type: 'Multikey', controller: did, publicKeyMultibase: multibaseOf(method) };
}

function idOf(entry: string | VerificationMethod): string {
  return typeof entry === 'string' ? entry : entry.id;
}

function multibaseOf(method: VerificationMethod): string {
  switch (method.type) {
    case 'Multikey':
    case 'Ed25519VerificationKey2020':
      return encodeMultikey(decodeMultikey(method.publicKeyMultibase ?? ''));
    case 'JsonWebKey':
    case 'JsonWebKey2020':
      return encodeMultikey(publicKeyOfJwk(method.publicKeyJwk));
    default:
      throw new YizhengError('KEY_FORMAT', 'The key is of a type that is not supported.');
  }
}

import type { JsonObject } from '../shared/json/parse-json.js';
import type { KeyInfo } from './custody.js';

/** A service entry of a DID document (DID Core §5.4). */
export interface DidService {
  /** `<did>#<fragment>`. */
  id: string;
  type: string | string[];
  serviceEndpoint: string;
}

/**
 * The DID document of an issuer or authority (DID Core 1.0, Controlled Identifiers 1.0 §2.2.2 Multikey), ready to serve
 * at `didWebDocumentUrl(did)`.
 *
 * - Every key the DID ever had stays in `verificationMethod`: certificates outlive keys.
 * - An active **and** a retired assertion key stand in `assertionMethod`. Ordinary verifiers (`@digitalbazaar/vc`) ask
 *   only that list, never the clock, so taking a retired key out would break every certificate it honestly signed. It
 *   carries `expires` = its `validUntil`; our verifier, which knows the intervals, refuses proofs created later.
 * - A next key stands there too: it signs nothing yet, and the authority takes it into the accreditation before it does.
 * - A compromised key leaves `assertionMethod`, because a verifier without intervals cannot tell its honest signatures
 *   from the thief's. It stays listed with `revoked` = `compromisedSince`.
 * - An active key that signs presentation requests stands in `authentication`; a request is answered within minutes or never.
 * - Keys of other purposes are listed in `verificationMethod` only: they sign no credentials.
 * @param did the subject; keys of other controllers are left out
 */
export function didDocument(
  did: string,
  keys: readonly KeyInfo[],
  options: { services?: DidService[] } = {},
): JsonObject {
  const own = keys.filter((key) => key.controller === did);
  const authentication = own
    .filter(({ purpose, state }) => purpose === 'presentation-request' && state === 'active')
    .map(({ id }) => id);
  const services = (options.services ?? []).map((service) => ({ ...service }));
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: own.map(verificationMethod),
    assertionMethod: own
      .filter(({ purpose, state }) => (purpose === 'assertion' || purpose === 'vc-api') && state !== 'compromised')
      .map(({ id }) => id),
    ...(authentication.length === 0 ? {} : { authentication }),
    ...(services.length === 0 ? {} : { service: services }),
  };
}

function verificationMethod(key: KeyInfo): JsonObject {
  return {
    id: key.id,
    type: 'Multikey',
    controller: key.controller,
    publicKeyMultibase: key.publicKeyMultibase,
    ...(key.validUntil === undefined ? {} : { expires: key.validUntil }),
    ...(key.compromisedSince === undefined ? {} : { revoked: key.compromisedSince }),
  };
}

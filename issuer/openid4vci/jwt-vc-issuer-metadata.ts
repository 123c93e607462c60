import type { KeyInfo } from '../../keys/custody.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { JWS_ALGORITHM_OF } from '../../shared/proof/jose/algorithms.js';
import type { Institution } from '../institutions.js';
import { credentialIssuerAddresses } from './addresses.js';

/**
 * JWT VC Issuer Metadata of an institution (SD-JWT VC §4): every key its credentials were ever signed with, for verifiers that look
 * keys up by address. Our credentials name them by DID URL, which is the `kid` here.
 * @param keys assertion keys of the institution
 */
export function jwtVcIssuerMetadata(institution: Pick<Institution, 'did'>, keys: readonly KeyInfo[]): JsonObject {
  return {
    issuer: credentialIssuerAddresses(institution).issuer,
    jwks: {
      keys: keys
        .filter(({ state }) => state !== 'compromised')
        .map(({ id, publicKeyJwk, algorithm }) => ({
          ...publicKeyJwk,
          kid: id,
          use: 'sig',
          alg: JWS_ALGORITHM_OF[algorithm],
        })),
    },
  };
}

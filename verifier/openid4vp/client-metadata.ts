import { RESPONSE_ENCRYPTIONS, type ResponseJwk } from '../../keys/response-keys.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import type { DcqlQuery } from '../../shared/presentation/dcql-query.js';

/** JOSE algorithms of holders and issuers we verify. */
const ALGORITHMS = ['ES256', 'ES384', 'EdDSA'];

/** `vp_formats_supported` (OpenID4VP 1.0 §11.1, Appendix B). */
const VP_FORMATS: Readonly<Record<string, JsonObject>> = {
  'dc+sd-jwt': { 'sd-jwt_alg_values': ALGORITHMS, 'kb-jwt_alg_values': ALGORITHMS },
  ldp_vc: {
    proof_type_values: ['DataIntegrityProof'],
    cryptosuite_values: ['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'ecdsa-rdfc-2019', 'ecdsa-jcs-2019'],
  },
  jwt_vc_json: { alg_values: ALGORITHMS },
  'vc+jwt': { alg_values: ALGORITHMS },
};

/**
 * What a wallet needs to know of this verifier to answer (OpenID4VP 1.0 §5.1).
 * @param options `name`: shown to the holder; `encryptTo`: key of `direct_post.jwt`
 */
export function clientMetadata(
  query: DcqlQuery,
  options: { name?: string | undefined; encryptTo?: ResponseJwk | undefined },
): JsonObject {
  const formats = [...new Set(query.credentials.map(({ format }) => format))];
  return {
    ...(options.name !== undefined && { client_name: options.name }),
    vp_formats_supported: Object.fromEntries(formats.map((format) => [format, VP_FORMATS[format] ?? {}])),
    ...(options.encryptTo && {
      jwks: { keys: [{ ...options.encryptTo }] },
      encrypted_response_enc_values_supported: [...RESPONSE_ENCRYPTIONS],
    }),
  };
}

import type { JsonObject } from '../../shared/json/parse-json.js';
import type { Institution } from '../institutions.js';
import { credentialIssuerAddresses } from './addresses.js';
import { configurationIds } from './credential-configurations.js';
import { DPOP_ALGORITHMS } from './dpop.js';

/** Grant type of a pre-authorized code (OpenID4VCI 1.0 §3.5). */
export const PRE_AUTHORIZED_CODE = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

/**
 * OAuth 2.0 Authorization Server Metadata of an institution (RFC 8414, OpenID4VCI 1.0 §12.3). There is no authorization endpoint,
 * so `response_types_supported` is left out, as §12.2.4 allows.
 */
export function authorizationServerMetadata(institution: Pick<Institution, 'did'>): JsonObject {
  const { issuer, token } = credentialIssuerAddresses(institution);
  return {
    issuer,
    token_endpoint: token,
    grant_types_supported: [PRE_AUTHORIZED_CODE],
    'pre-authorized_grant_anonymous_access_supported': true,
    token_endpoint_auth_methods_supported: ['none'],
    authorization_details_types_supported: ['openid_credential'],
    scopes_supported: configurationIds(),
    dpop_signing_alg_values_supported: [...DPOP_ALGORITHMS],
  };
}

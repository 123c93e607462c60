import type { JsonObject } from '../../shared/json/parse-json.js';
import type { Institution } from '../institutions.js';
import { credentialIssuerAddresses } from './addresses.js';
import { BATCH_SIZE, credentialConfigurations } from './credential-configurations.js';

/** Credential Issuer Metadata of an institution (OpenID4VCI 1.0 §12.2.4). It is its own authorization server. */
export function credentialIssuerMetadata(institution: Pick<Institution, 'did' | 'name'>): JsonObject {
  const { issuer, credential, nonce, deferredCredential, notification } = credentialIssuerAddresses(institution);
  return {
    credential_issuer: issuer,
    credential_endpoint: credential,
    nonce_endpoint: nonce,
    deferred_credential_endpoint: deferredCredential,
    notification_endpoint: notification,
    batch_credential_issuance: { batch_size: BATCH_SIZE },
    display: [{ name: institution.name, locale: 'zh-CN' }],
    credential_configurations_supported: credentialConfigurations(institution),
  };
}

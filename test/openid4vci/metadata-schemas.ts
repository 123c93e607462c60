/**
 * JSON Schemas (2020-12) of what an issuer publishes, written from OpenID4VCI 1.0 §4.1, §12.2.4, §12.3, Appendices A and B, RFC 8414 and
 * SD-JWT VC §4, §6; not from our code. `additionalProperties` stays open where the specifications let members be added, and is closed
 * where an old draft's member would show that we still speak it.
 */
const url = { type: 'string', pattern: '^https://[^?#]+$' };
const name = { type: 'string', minLength: 1 };
const names = { type: 'array', items: name, minItems: 1, uniqueItems: true };
const display = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['name'],
    properties: { name, locale: { type: 'string', pattern: '^[a-z]{2,3}(-[A-Z]{2})?$' } },
  },
};
const claims = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['path'],
    additionalProperties: false,
    properties: {
      path: {
        type: 'array',
        minItems: 1,
        items: { anyOf: [{ type: 'string' }, { type: 'null' }, { type: 'integer', minimum: 0 }] },
      },
      mandatory: { type: 'boolean' },
      display,
    },
  },
};
const definition = (contexts: boolean): object => ({
  type: 'object',
  required: contexts ? ['type', '@context'] : ['type'],
  properties: { type: { ...names, contains: { const: 'VerifiableCredential' } }, '@context': names },
});
const ofFormat = (format: string, required: string): object => ({
  if: { properties: { format: { const: format } } },
  then: { required: [required] },
});

const configuration = {
  type: 'object',
  required: ['format', 'credential_metadata', 'proof_types_supported', 'cryptographic_binding_methods_supported'],
  // `display`, `claims` and `order` stood here until draft 15.
  not: { anyOf: [{ required: ['display'] }, { required: ['claims'] }, { required: ['order'] }] },
  properties: {
    format: { enum: ['ldp_vc', 'jwt_vc_json', 'dc+sd-jwt', 'vc+jwt'] },
    scope: { type: 'string', pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$' },
    vct: url,
    cryptographic_binding_methods_supported: names,
    credential_signing_alg_values_supported: names,
    proof_types_supported: {
      type: 'object',
      minProperties: 1,
      required: ['jwt'],
      additionalProperties: {
        type: 'object',
        required: ['proof_signing_alg_values_supported'],
        properties: {
          proof_signing_alg_values_supported: {
            ...names,
            items: { enum: ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] },
          },
        },
      },
    },
    credential_metadata: { type: 'object', required: ['display'], properties: { display, claims } },
  },
  allOf: [
    ofFormat('dc+sd-jwt', 'vct'),
    ofFormat('ldp_vc', 'credential_definition'),
    ofFormat('jwt_vc_json', 'credential_definition'),
    {
      if: { properties: { format: { const: 'ldp_vc' } } },
      then: { properties: { credential_definition: definition(true) } },
    },
    {
      if: { properties: { format: { const: 'jwt_vc_json' } } },
      then: { properties: { credential_definition: definition(false) } },
    },
  ],
};

/** Credential Issuer Metadata. */
export const CREDENTIAL_ISSUER_METADATA = {
  type: 'object',
  required: ['credential_issuer', 'credential_endpoint', 'nonce_endpoint', 'credential_configurations_supported'],
  properties: {
    credential_issuer: url,
    credential_endpoint: url,
    nonce_endpoint: url,
    deferred_credential_endpoint: url,
    notification_endpoint: url,
    authorization_servers: { ...names, items: url },
    batch_credential_issuance: {
      type: 'object',
      required: ['batch_size'],
      properties: { batch_size: { type: 'integer', minimum: 2 } },
    },
    display,
    credential_configurations_supported: { type: 'object', minProperties: 1, additionalProperties: configuration },
  },
};

/** Authorization Server Metadata of a server that knows pre-authorized codes only. */
export const AUTHORIZATION_SERVER_METADATA = {
  type: 'object',
  required: ['issuer', 'token_endpoint', 'grant_types_supported', 'pre-authorized_grant_anonymous_access_supported'],
  properties: {
    issuer: url,
    token_endpoint: url,
    grant_types_supported: { const: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'] },
    'pre-authorized_grant_anonymous_access_supported': { const: true },
    authorization_details_types_supported: { ...names, contains: { const: 'openid_credential' } },
    dpop_signing_alg_values_supported: { ...names, items: { not: { pattern: '^(none|HS)' } } },
  },
};

/** Credential Offer with a pre-authorized code. */
export const CREDENTIAL_OFFER = {
  type: 'object',
  required: ['credential_issuer', 'credential_configuration_ids', 'grants'],
  additionalProperties: false,
  properties: {
    credential_issuer: url,
    credential_configuration_ids: names,
    grants: {
      type: 'object',
      additionalProperties: false,
      required: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'],
      properties: {
        'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
          type: 'object',
          additionalProperties: false,
          required: ['pre-authorized_code'],
          properties: {
            'pre-authorized_code': { type: 'string', minLength: 32 },
            tx_code: {
              type: 'object',
              additionalProperties: false,
              properties: {
                input_mode: { enum: ['numeric', 'text'] },
                length: { type: 'integer', minimum: 4 },
                description: { type: 'string', maxLength: 300 },
              },
            },
          },
        },
      },
    },
  },
};

/** JWT VC Issuer Metadata. */
export const JWT_VC_ISSUER_METADATA = {
  type: 'object',
  required: ['issuer', 'jwks'],
  not: { required: ['jwks_uri'] },
  properties: {
    issuer: url,
    jwks: {
      type: 'object',
      required: ['keys'],
      properties: {
        keys: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['kty', 'kid', 'alg'],
            not: { anyOf: [{ required: ['d'] }, { required: ['k'] }] },
          },
        },
      },
    },
  },
};

/** Type Metadata of SD-JWT VC. */
export const TYPE_METADATA = {
  type: 'object',
  required: ['vct', 'display', 'claims'],
  properties: {
    vct: url,
    claims: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', required: ['path'], properties: { sd: { enum: ['always', 'allowed', 'never'] } } },
    },
  },
};

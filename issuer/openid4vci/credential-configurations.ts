import { CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL } from '../../shared/certificate/context.js';
import { CERTIFICATE_KINDS, certificateKind, type CertificateKind } from '../../shared/certificate/kind.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { credentialTypeUrl } from '../../shared/proof/forms/credential-type.js';
import { CERTIFICATE_FORMS, type CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import type { Institution } from '../institutions.js';
import { claimsOf } from './claims.js';

/** JWS algorithms a wallet may prove its key with. */
export const PROOF_ALGORITHMS = ['ES256', 'ES384', 'EdDSA'];

/** Most keys, so most credentials, of one request. */
export const BATCH_SIZE = 10;

const VCDM_1_CONTEXT_URL = 'https://www.w3.org/2018/credentials/v1';

/** What a credential configuration stands for. */
export interface CredentialConfiguration {
  kind: CertificateKind;
  format: CertificateForm;
}

/** Id of the configuration of a kind and format, e.g. `SkillLevelCertificate_dc+sd-jwt`. */
export function configurationId(kind: string, format: CertificateForm): string {
  return `${certificateKind(kind).type}_${format}`;
}

/** What a configuration id stands for, or undefined. */
export function findConfiguration(id: string): CredentialConfiguration | undefined {
  return BY_ID.get(id);
}

const BY_ID = new Map<string, CredentialConfiguration>(
  CERTIFICATE_KINDS.flatMap((kind) =>
    CERTIFICATE_FORMS.map((format) => [configurationId(kind.id, format), { kind, format }] as const),
  ),
);

/** Ids of all configurations. */
export function configurationIds(): string[] {
  return [...BY_ID.keys()];
}

/** `credential_configurations_supported` (OpenID4VCI 1.0 §12.2.4): every kind of certificate in every format. */
export function credentialConfigurations(institution: Pick<Institution, 'did'>): JsonObject {
  return Object.fromEntries(
    [...BY_ID].map(([id, configuration]) => [id, describe(configuration, institution.did)] as const),
  );
}

function describe({ kind, format }: CredentialConfiguration, did: string): JsonObject {
  return {
    format,
    scope: configurationId(kind.id, format),
    ...definition(kind, format, did),
    // A key of a W3C credential is named by the subject's DID; wallets that see `jwk` here send bare keys.
    cryptographic_binding_methods_supported:
      format === 'dc+sd-jwt' ? ['jwk', 'did:key', 'did:jwk'] : ['did:key', 'did:jwk'],
    credential_signing_alg_values_supported: [format === 'ldp_vc' ? 'eddsa-rdfc-2022' : 'EdDSA'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: [...PROOF_ALGORITHMS] } },
    credential_metadata: {
      display: [
        { name: kind.nameZh, locale: 'zh-CN' },
        { name: kind.nameEn, locale: 'en' },
      ],
      claims: claimsOf(kind, format),
    },
  };
}

function definition(kind: CertificateKind, format: CertificateForm, did: string): JsonObject {
  if (format === 'dc+sd-jwt') return { vct: credentialTypeUrl(did, kind.id) };
  const type = ['VerifiableCredential', kind.type];
  const base = format === 'jwt_vc_json' ? VCDM_1_CONTEXT_URL : CREDENTIALS_V2_URL;
  return { credential_definition: { '@context': [base, CERTIFICATE_CONTEXT_URL], type } };
}

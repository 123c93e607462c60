import { certificateKind, KIND_IDS, type KindId } from '../../certificate/kind.js';
import { didWebUrl } from '../../did/did-web-url.js';
import type { JsonObject } from '../../json/parse-json.js';
import { SD_JWT_CLAIMS } from './claim-table.js';

/**
 * The `vct` of a kind of certificate (SD-JWT VC draft-25 §2.2.2.1): an address of the issuer, one for all institutions of an origin.
 * @param issuer did:web of the institution
 * @throws YizhengError `DID_NOT_WEB`
 */
export function credentialTypeUrl(issuer: string, kind: KindId): string {
  return `${new URL(didWebUrl(issuer)).origin}/credential-types/v1/${kind}`;
}

/**
 * Type metadata of a kind (SD-JWT VC draft-25 §4), to be served at its {@link credentialTypeUrl}: names and claims in Chinese and
 * English, and which of them the holder may hide.
 */
export function credentialTypeMetadata(issuer: string, kind: KindId): JsonObject {
  const { nameZh, nameEn } = certificateKind(kind);
  return {
    vct: credentialTypeUrl(issuer, kind),
    name: nameEn,
    description: `${nameZh} · ${nameEn}`,
    display: [
      { locale: 'zh-CN', name: nameZh },
      { locale: 'en', name: nameEn },
    ],
    claims: SD_JWT_CLAIMS.filter(({ of }) => of === undefined || of(certificateKind(kind))).map((claim) => ({
      path: [...claim.path],
      display: [
        { locale: 'zh-CN', label: claim.labelZh },
        { locale: 'en', label: claim.labelEn },
      ],
      sd: claim.disclosable === true ? 'always' : 'never',
    })),
  };
}

/** Whether a text is a `vct` of some kind of ours; says nothing of who may use it. */
export function kindOfCredentialType(vct: string): KindId | undefined {
  const kind = /^https?:\/\/[^/]+\/credential-types\/v1\/([a-z-]+)$/.exec(vct)?.[1];
  return KIND_IDS.find((id) => id === kind);
}

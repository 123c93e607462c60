import { ed25519 } from '@noble/curves/ed25519.js';
import type { CertificateCredential } from '../../shared/certificate/credential.js';
import { statusListUrl } from '../../shared/certificate/credential.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { buildStatusListCredential } from '../../shared/status/status-list-credential.js';
import { writeBundle } from '../../shared/trust/bundle.js';
import { digestMultibase, sha256Hex } from '../../shared/trust/digest.js';
import {
  bundleIndexSchema,
  freshnessSchema,
  manifestSchema,
  rootSchema,
  writePayload,
} from '../../shared/trust/feed-metadata.js';
import { buildPart } from '../../shared/trust/feed-part.js';
import { feedJwk, jwkThumbprint, signEnvelope, type FeedSigner } from '../../shared/trust/jws.js';
import type { RootPin } from '../../shared/trust/verify-feed.js';
import { AUTHORITY, ISSUER } from '../certificate/sample-records.js';
import { issuerKey } from '../issuer/files/signed-sample.js';

export const NOW = '2026-11-20T10:00:00Z';
/** An authority that recognises nobody. */
export const STRANGER = 'did:web:stranger.example';

export interface SampleFeed {
  pin: RootPin;
  /** Packs the bundle whose anchor is this authority. */
  bundle: Uint8Array;
}

/**
 * The feed of the authority that accredited the sample issuer, or of one that says nothing, packed as a bundle.
 * @param changes `sequence` and `issuedAt` for newer ones; `keyByte` for other keys; `revoked`: status index that is revoked;
 *   `goodDays`: usable for so many days after `issuedAt`, and to be updated after a quarter of them
 */
export async function sampleFeed(
  authority: string = AUTHORITY,
  changes: { sequence?: number; issuedAt?: string; keyByte?: number; revoked?: number; goodDays?: number } = {},
): Promise<SampleFeed> {
  const { sequence = 1, issuedAt = '2026-11-20T09:00:00Z', keyByte = 31 } = changes;
  const { goodDays } = changes;
  const after = (days: number): string =>
    new Date(Date.parse(issuedAt) + days * 86_400_000).toISOString().replace('.000Z', 'Z');
  const secret = new Uint8Array(32).fill(keyByte);
  const jwk = feedJwk(ed25519.getPublicKey(secret), `${authority}#statements`);
  const kid = jwkThumbprint(jwk);
  const signer: FeedSigner = { kid, sign: (bytes) => Promise.resolve(ed25519.sign(bytes, secret)) };
  const role = { threshold: 1, keyids: [kid] };
  const root = writePayload(rootSchema, {
    authority,
    name: authority === AUTHORITY ? '示例省人力资源和社会保障厅' : '示例陌生省人社厅',
    version: 1,
    expires: goodDays === undefined ? '2027-11-20T00:00:00Z' : '2099-01-01T00:00:00Z',
    keys: { [kid]: jwk },
    roles: { root: role, registry: role, freshness: role, statement: role },
  });
  const parts =
    authority === AUTHORITY
      ? [buildPart('accreditations', [accreditation]), buildPart('status', await statusRows(issuedAt, changes.revoked))]
      : [];
  const manifest = writePayload(manifestSchema, {
    authority,
    sequence,
    ...(sequence > 1 && { prev: '00'.repeat(32) }),
    issuedAt,
    staleAfter: goodDays === undefined ? '2026-12-20T00:00:00Z' : after(goodDays),
    parts: parts.map(({ name, length, sha256, rows }) => ({ name, length, sha256, rows })),
  });
  const manifestSha256 = sha256Hex(manifest);
  const freshness = {
    authority,
    sequence,
    manifestSha256,
    issuedAt,
    nextUpdate: goodDays === undefined ? '2026-11-27T00:00:00Z' : after(goodDays / 4),
  };
  const index = { anchor: authority, packedAt: issuedAt, feeds: [{ authority, sequence, manifestSha256 }] };
  const text = writeBundle(
    {
      [authority]: {
        roots: [await signEnvelope('root', root, [signer])],
        freshness: await signEnvelope('freshness', writePayload(freshnessSchema, freshness), [signer]),
        manifest: await signEnvelope('manifest', manifest, [signer]),
        parts: Object.fromEntries(parts.map((part) => [part.name, part.text])),
      },
    },
    await signEnvelope('index', writePayload(bundleIndexSchema, index), [signer]),
  );
  return { pin: { digestMultibase: digestMultibase(root) }, bundle: new TextEncoder().encode(text) };
}

const accreditation = {
  id: 'urn:yizheng:accreditation:sichuan.example:2026-001',
  authority: AUTHORITY,
  institution: ISSUER,
  legalName: '示例职业技能评价中心',
  institutionKind: 'social',
  institutionCode: 'S000051000123',
  signingKeys: [
    {
      id: issuerKey.key.id,
      type: 'Multikey',
      publicKeyMultibase: issuerKey.key.publicKeyMultibase,
      validFrom: '2026-01-01T00:00:00Z',
    },
  ],
  actions: [
    {
      action: 'issue',
      validFrom: '2026-01-01T00:00:00+08:00',
      validUntil: '2029-01-01T00:00:00+08:00',
      scope: {
        kind: ['skill-level'],
        occupation: ['6-18-02-04'],
        level: ['5', '4', '3'].map((value) => ({ framework: 'cn-skill-5', value })),
        region: ['51*'],
        candidates: 'public',
      },
    },
  ],
};

async function statusRows(
  issuedAt: string,
  revoked: number | undefined,
): Promise<{ url: string; credential: string }[]> {
  return Promise.all(
    (['revocation', 'suspension'] as const).map(async (purpose) => {
      const bits = new Uint8Array(16_384);
      if (purpose === 'revocation' && revoked !== undefined)
        bits[revoked >> 3] = (bits[revoked >> 3] ?? 0) | (0x80 >> (revoked & 7));
      const url = statusListUrl(ISSUER, purpose, 1);
      const unsigned = buildStatusListCredential({
        id: url,
        issuer: ISSUER,
        purpose,
        bits,
        validFrom: issuedAt,
        validUntil: new Date(Date.parse(issuedAt) + 86_400_000).toISOString().replace('.000Z', 'Z'),
      });
      const signed = await eddsaRdfc2022.sign(unsigned, { signer: issuerKey.signer, created: issuedAt });
      return { url, credential: JSON.stringify(signed) };
    }),
  );
}

/** The certificate with one thing changed in it. */
export function changed(credential: CertificateCredential, change: (copy: JsonObject) => void): string {
  const copy = JSON.parse(JSON.stringify(credential)) as JsonObject;
  change(copy);
  return JSON.stringify(copy);
}

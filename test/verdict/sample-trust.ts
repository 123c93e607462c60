import { buildCredential, statusListUrl } from '../../shared/certificate/credential.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { createBitstring, setBit } from '../../shared/status/bitstring.js';
import { buildStatusListCredential, type StatusPurpose } from '../../shared/status/status-list-credential.js';
import { createTrustView, type FeedContent, type TrustView } from '../../shared/trust/trust-view.js';
import type { Accreditation, Recognition } from '../../shared/trust/types.js';
import { AUTHORITY, ISSUER, sampleRecord } from '../certificate/sample-records.js';
import { testKey } from '../proof/keys.js';

export const PARTNER = 'did:web:chongqing.example';
export const STRANGER = 'did:web:stranger.example';
export const NOW = '2026-11-21T00:00:00Z';
const { signer, key } = testKey(ISSUER, 1);

const accreditation: Accreditation = {
  id: sampleRecord().accreditation.id,
  authority: AUTHORITY,
  institution: ISSUER,
  legalName: '示例职业技能评价中心(备案名)',
  institutionKind: 'social',
  institutionCode: 'S000051000123',
  signingKeys: [
    { id: key.id, type: 'Multikey', publicKeyMultibase: key.publicKeyMultibase, validFrom: '2026-01-01T00:00:00Z' },
  ],
  actions: [
    {
      action: 'issue',
      validFrom: '2026-01-01T00:00:00+08:00',
      validUntil: '2029-01-01T00:00:00+08:00',
      scope: {
        kind: ['skill-level'],
        occupation: ['6-18-*'],
        level: ['5', '4', '3'].map((value) => ({ framework: 'cn-skill-5', value })),
        region: ['51*'],
        candidates: 'public',
      },
    },
  ],
};

const recognition: Recognition = {
  id: 'urn:yizheng:recognition:cq-sc-2026',
  authority: PARTNER,
  subject: AUTHORITY,
  legalName: '示例省人力资源和社会保障厅',
  actions: [
    {
      action: 'accredit',
      validFrom: '2026-01-01T00:00:00+08:00',
      scope: { kind: ['skill-level'] },
      treatment: ['full'],
    },
  ],
};

/** Signs a list with these indexes set. */
export async function statusList(purpose: StatusPurpose, set: readonly number[], validFrom = '2026-11-20T12:00:00Z') {
  const bits = createBitstring(131_072);
  for (const index of set) setBit(bits, index, true);
  const unsigned = buildStatusListCredential({
    id: statusListUrl(ISSUER, purpose, 1),
    issuer: ISSUER,
    purpose,
    bits,
    validFrom,
    validUntil: new Date(Date.parse(validFrom) + 86_400_000).toISOString().replace('.000Z', 'Z'),
  });
  return JSON.stringify(await eddsaRdfc2022.sign(unsigned, { signer, created: validFrom }));
}

/** A record signed by the sample issuer. */
export async function sign(record: CertificateRecord) {
  return eddsaRdfc2022.sign(buildCredential(record), { signer, created: '2026-11-20T08:30:00Z' });
}

/** A signed certificate as JSON text. */
export async function signed(changes: Partial<CertificateRecord> = {}): Promise<string> {
  return JSON.stringify(await sign({ ...sampleRecord(), ...changes }));
}

/** Trust data of an anchor: its own feed and, for the partner, the issuer's authority. */
export async function trustOf(
  anchor: string,
  options: { revoked?: number[]; suspended?: number[]; lists?: boolean; changes?: Partial<FeedContent> } = {},
): Promise<TrustView> {
  const empty = (authority: string, name: string): FeedContent => ({
    authority,
    name,
    sequence: 1,
    manifestSha256: 'f'.repeat(64),
    issuedAt: '2026-11-20T12:00:00Z',
    nextUpdate: '2026-11-27T12:00:00Z',
    staleAfter: '2026-12-20T12:00:00Z',
    accreditations: [],
    recognitions: [],
    events: [],
    reviews: [],
    supplyChain: [],
    statusLists: [],
  });
  const home: FeedContent = {
    ...empty(AUTHORITY, '示例省人社厅'),
    accreditations: [accreditation],
    statusLists:
      options.lists === false
        ? []
        : [
            {
              url: statusListUrl(ISSUER, 'revocation', 1),
              credential: await statusList('revocation', options.revoked ?? []),
            },
            {
              url: statusListUrl(ISSUER, 'suspension', 1),
              credential: await statusList('suspension', options.suspended ?? []),
            },
          ],
    ...options.changes,
  };
  if (anchor === AUTHORITY) return createTrustView([home], anchor);
  if (anchor === PARTNER)
    return createTrustView([{ ...empty(PARTNER, '示例市人社局'), recognitions: [recognition] }, home], anchor);
  return createTrustView([empty(STRANGER, '示例外省人社厅')], anchor);
}

import { createTrustView, type FeedContent, type TrustView } from '../../shared/trust/trust-view.js';
import { parseStatement } from '../../shared/trust/statement-schema.js';
import type {
  Accreditation,
  CertificateFacts,
  Recognition,
  RecognizedAction,
  RegistryEvent,
  SupplyChainMembership,
} from '../../shared/trust/types.js';

/** A small alliance: Sichuan and Chongqing recognise each other, Macau is recognised by Guangdong, Hunan recognises nobody. */
export const SC = 'did:web:hrss.sc.example';
export const CQ = 'did:web:hrss.cq.example';
export const GD = 'did:web:hrss.gd.example';
export const MO = 'did:web:dsal.mo.example';
export const HN = 'did:web:hrss.hn.example';
export const INSTITUTION = 'did:web:skills.cq.example';
export const USCC = '91500000MA5U000001';
export const SUPPLIER = '91500000MA5U000002';
export const NOW = '2026-11-20T12:00:00Z';
export const KEY = 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';
export const OTHER_KEY = 'z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf';

type Plain<T> = { [K in keyof T]?: T[K] | undefined };

/** Drops members set to undefined, so a test can take something away. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says what it builds
function merge<T>(base: object, changes: object): T {
  return Object.fromEntries(Object.entries({ ...base, ...changes }).filter(([, value]) => value !== undefined)) as T;
}

export function accreditation(
  changes: Plain<Accreditation> = {},
  action: Plain<RecognizedAction> = {},
  scope: object = {},
): Accreditation {
  return parseStatement(
    'accreditation',
    merge(
      {
        id: 'urn:yizheng:accreditation:S000050000001:1',
        authority: CQ,
        institution: INSTITUTION,
        legalName: '重庆某技能评价有限公司',
        institutionKind: 'social',
        institutionCode: 'S000050000001',
        unifiedSocialCreditCode: USCC,
        signingKeys: [
          {
            id: `${changes.institution ?? INSTITUTION}#k1`,
            type: 'Multikey',
            publicKeyMultibase: KEY,
            validFrom: '2024-01-01T00:00:00+08:00',
          },
        ],
        actions: [
          merge(
            {
              action: 'issue',
              validFrom: '2024-01-01T00:00:00+08:00',
              validUntil: '2027-01-01T00:00:00+08:00',
              scope: merge(
                {
                  kind: ['skill-level'],
                  occupation: ['6-31-01-03', '6-18-*'],
                  level: [
                    { framework: 'cn-skill-5', value: '5' },
                    { framework: 'cn-skill-5', value: '4' },
                  ],
                  region: ['50*'],
                  candidates: 'public',
                },
                scope,
              ),
            },
            action,
          ),
        ],
      },
      changes,
    ),
  );
}

export function recognition(
  changes: Plain<Recognition> = {},
  action: Plain<RecognizedAction> = {},
  more: Plain<RecognizedAction>[] = [],
): Recognition {
  const one = (item: Plain<RecognizedAction>): object =>
    merge(
      {
        action: 'accredit',
        validFrom: '2022-01-01T00:00:00+08:00',
        scope: {},
        treatment: ['full'],
      },
      item,
    );
  return parseStatement(
    'recognition',
    merge(
      {
        id: `urn:yizheng:recognition:${(changes.authority ?? SC).slice(8, 15)}-${(changes.subject ?? CQ).slice(8, 15)}`,
        authority: SC,
        subject: CQ,
        legalName: '重庆市人力资源和社会保障局',
        actions: [one(action), ...more.map(one)],
      },
      changes,
    ),
  );
}

export function event(changes: Plain<RegistryEvent>): RegistryEvent {
  return parseStatement(
    'event',
    merge(
      {
        id: 'urn:yizheng:event:1',
        authority: CQ,
        about: INSTITUTION,
        event: 'suspend',
        cause: 'administrative',
        effectiveFrom: '2026-01-05T00:00:00+08:00',
      },
      changes,
    ),
  );
}

export function membership(changes: Plain<SupplyChainMembership> = {}): SupplyChainMembership {
  return parseStatement(
    'supply-chain',
    merge(
      {
        id: 'urn:yizheng:supply-chain:1',
        authority: CQ,
        chainLeader: INSTITUTION,
        supplier: { uscc: SUPPLIER, name: '某配件厂' },
        agreement: 'CHAIN-2025-1',
        validFrom: '2025-01-01T00:00:00+08:00',
        validUntil: '2026-01-01T00:00:00+08:00',
      },
      changes,
    ),
  );
}

export function feed(authority: string, changes: Partial<FeedContent> = {}): FeedContent {
  return {
    authority,
    name: authority,
    sequence: 1,
    manifestSha256: '00'.repeat(32),
    issuedAt: '2026-11-20T00:00:00Z',
    nextUpdate: '2026-11-27T00:00:00Z',
    staleAfter: '2026-12-20T00:00:00Z',
    accreditations: [],
    recognitions: [],
    events: [],
    reviews: [],
    supplyChain: [],
    statusLists: [],
    ...changes,
  };
}

/** Sichuan recognises Chongqing, which accredits the institution. */
export function alliance(
  parts: { sc?: Partial<FeedContent>; cq?: Partial<FeedContent>; others?: FeedContent[]; anchor?: string } = {},
): TrustView {
  return createTrustView(
    [
      feed(SC, { recognitions: [recognition()], ...parts.sc }),
      feed(CQ, { accreditations: [accreditation()], ...parts.cq }),
      ...(parts.others ?? []),
    ],
    parts.anchor ?? SC,
  );
}

export function facts(changes: Plain<CertificateFacts> = {}): CertificateFacts {
  return merge(
    {
      kind: 'skill-level',
      certificateNumber: 'S000050000001254000001',
      issuer: INSTITUTION,
      verificationMethod: `${INSTITUTION}#k1`,
      issuedAt: '2025-06-01T00:00:00+08:00',
      signedAt: '2025-06-01T02:00:00Z',
      occupation: { code: '6-31-01-03', catalogueEdition: '2022' },
      level: { framework: 'cn-skill-5', value: '4' },
      region: '500100',
      issuedUnder: { id: 'urn:yizheng:accreditation:S000050000001:1', authority: CQ },
    },
    changes,
  );
}

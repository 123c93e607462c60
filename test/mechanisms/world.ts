import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { DEMO_DATA_FOLDER, loadDemoStatements } from '../../registry/demo-data/load-demo-statements.js';
import { demoFeedContents } from '../../registry/demo-data/demo-feed-contents.js';
import type { KindId } from '../../shared/certificate/kind.js';
import type { Level } from '../../shared/certificate/level.js';
import { parseCertificateRecord, type CertificateRecord } from '../../shared/certificate/record.js';
import { encodeMultikey } from '../../shared/did/multikey.js';
import { authorise } from '../../shared/trust/authorise.js';
import { certificateFacts } from '../../shared/trust/certificate-facts.js';
import { decide, type DecideOptions } from '../../shared/trust/decide.js';
import { createTrustView, type FeedContent, type TrustView } from '../../shared/trust/trust-view.js';
import type {
  Accreditation,
  Authorisation,
  CertificateFacts,
  Decision,
  Recognition,
} from '../../shared/trust/types.js';

/** The demo data set of registry/demo-data, in a view as of {@link NOW}: what the mechanisms are tested on. */
export const NOW = '2026-11-20T12:00:00Z';
export const DATES = {
  issuedAt: '2026-11-20T00:00:00Z',
  nextUpdate: '2026-11-27T00:00:00Z',
  staleAfter: '2026-12-20T00:00:00Z',
};

export const SICHUAN = 'did:web:sichuan.example';
export const CHONGQING = 'did:web:chongqing.example';
export const SHANGHAI = 'did:web:shanghai.example';
export const JIANGSU = 'did:web:jiangsu.example';
export const GUANGDONG = 'did:web:guangdong.example';
export const ZHUHAI = 'did:web:zhuhai.example';
export const HOUSING = 'did:web:housing-sichuan.example';

export const WELDER = { code: '6-18-02-04', catalogueEdition: '2022', name: '焊工' };
export const ELECTRICIAN = { code: '6-31-01-03', catalogueEdition: '2022', name: '电工' };
export const WAITER = { code: '4-03-02-05', catalogueEdition: '2022', name: '餐厅服务员' };
export const five = (value: string): Level => ({ framework: 'cn-skill-5', value });
export const eight = (value: string): Level => ({ framework: 'cn-skill-8', value });

export const secretOf = (verificationMethod: string): Uint8Array =>
  sha256(new TextEncoder().encode(verificationMethod));
export const publicKeyOf = (verificationMethod: string): string =>
  encodeMultikey({ algorithm: 'Ed25519', bytes: ed25519.getPublicKey(secretOf(verificationMethod)) });

export const demo = await loadDemoStatements(DEMO_DATA_FOLDER, { publicKeyOf });
export const tables = demo.tables;
export const contents = demoFeedContents(demo, DATES);

/** The view an anchor has of the demo data; `change` edits the feeds before. */
export function viewOf(anchor: string, change: (feed: FeedContent) => FeedContent = (feed) => feed): TrustView {
  return createTrustView(contents.map(change), anchor);
}

/** A change that adds or replaces recognitions of one authority. */
export const withRecognitions =
  (authority: string, edit: (rows: readonly Recognition[]) => readonly Recognition[]) =>
  (feed: FeedContent): FeedContent =>
    feed.authority === authority ? { ...feed, recognitions: edit(feed.recognitions) } : feed;

/** The accreditation whose id ends like this. */
export function accredited(idEnd: string): Accreditation {
  const found = demo.statements.find((item) => item.kind === 'accreditation' && item.value.id.endsWith(`:${idEnd}`));
  if (found?.kind !== 'accreditation') throw new Error(`no accreditation ${idEnd} in the demo data`);
  return found.value;
}

const NUMBERS: Partial<Record<KindId, string>> = {
  'occ-qualification': '1610012003300123',
  'special-operation': 'SO-2025-000123',
  'construction-special': '川A012025000123',
  'special-equipment': 'TS6JCDA00123',
};

/** A certificate of an institution of the demo data. `changes` replace members; `issuedOn` moves the assessment too. */
export function recordOf(kind: KindId, under: Accreditation, changes: Record<string, unknown> = {}): CertificateRecord {
  const issuedOn = typeof changes['issuedOn'] === 'string' ? changes['issuedOn'] : '2025-10-20';
  const level = changes['level'] as Level | undefined;
  const { assessment, ...rest } = changes;
  const numbered = kind === 'skill-level' && /^[1-5]$/.test(level?.value ?? '');
  return parseCertificateRecord({
    kind,
    certificateNumber: numbered
      ? `${under.institutionCode}${issuedOn.slice(2, 4)}${level?.value ?? ''}000045`
      : (NUMBERS[kind] ?? 'ZX-2025-0001'),
    revision: 1,
    issuer: { id: under.institution, name: under.legalName },
    authority: { id: under.authority, name: '示例主管部门' },
    accreditation: { id: under.id },
    issuedOn,
    holder: { name: '张伟', identityDocumentType: 'resident-identity-card', identityDocumentLastFour: '1234' },
    assessment: {
      id: 'PJ-0001',
      method: 'examination',
      standard: 'GZB 6-18-02-04-2018',
      standardType: 'national',
      date: issuedOn,
      ...(assessment as object | undefined),
    },
    status: { list: 1, index: 4711 },
    ...rest,
  });
}

/** Facts of a certificate signed on the morning of its day of issue with the first key of its institution. */
export function factsOf(record: CertificateRecord): CertificateFacts {
  const verificationMethod = `${record.issuer.id}#key-1`;
  return certificateFacts(record, {
    verificationMethod,
    created: `${record.issuedOn}T02:00:00Z`,
    publicKeyMultibase: publicKeyOf(verificationMethod),
  });
}

/** What an anchor says of a certificate. */
export function ask(
  anchor: string,
  record: CertificateRecord,
  options: Partial<DecideOptions> = {},
  view: TrustView = viewOf(anchor),
): Decision {
  return decide(factsOf(record), view, { anchor, now: NOW, ...options });
}

/** Was the institution allowed to issue it? */
export function allowed(
  record: CertificateRecord,
  options: Omit<Parameters<typeof authorise>[2], 'now'> = {},
): Authorisation {
  return authorise(factsOf(record), viewOf(record.authority.id), { now: NOW, ...options });
}

export const codes = ({ reasons }: { reasons: readonly { code: string }[] }): string[] =>
  reasons.map(({ code }) => code);

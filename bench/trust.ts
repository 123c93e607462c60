import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { OCCUPATIONS } from '../shared/certificate/occupation-data.js';
import { encodeMultikey } from '../shared/did/multikey.js';
import { writeBundle } from '../shared/trust/bundle.js';
import { decide } from '../shared/trust/decide.js';
import { digestMultibase, sha256Hex } from '../shared/trust/digest.js';
import { makeDelta } from '../shared/trust/feed-delta.js';
import { buildPart, type Part } from '../shared/trust/feed-part.js';
import { importBundle } from '../shared/trust/import-bundle.js';
import { feedJwk, jwkThumbprint, type FeedSigner } from '../shared/trust/jws.js';
import { signMetadata, type SignedMetadata } from '../shared/trust/sign-metadata.js';
import { signStatement } from '../shared/trust/statement-credential.js';
import { NODE_CRYPTO } from '../server/node-feed-crypto.js';
import type { TrustView } from '../shared/trust/trust-view.js';
import type { FeedFiles } from '../shared/trust/verify-feed.js';
import type { Accreditation, CertificateFacts, Recognition } from '../shared/trust/types.js';

/**
 * The trust registry of a whole country: 34 authorities, 200 recognitions, 10,000 institutions with 50,000 scope rows (an
 * occupation with its range of levels; rows of one range stand in one action, as an authority would write them). Goals of issue 3:
 * ≥ 50,000 decisions/s on one core, import ≤ 0.5 s, ≤ 1.5 MB gzip, daily delta at 0.2 % ≤ 10 kB.
 *
 * Then ten times the institutions, where nobody carries the whole country: the bundle holds the anchor and ten partners (TRUST §3.3).
 * The certificates asked about are of institutions in the bundle, so that as many are recognised in both sizes, and every one is
 * judged by its accreditation and statements. What is refused in the small world is `undetermined` in the large: the anchor lets
 * partners outside the bundle recognise others, so nobody can say that no path exists.
 *
 * Decisions are counted twice: about institutions asked about before, and about each for the first time, when its scopes are read.
 */
const AUTHORITIES = 34;
const RECOGNITIONS = 200;
const ROWS_EACH = 5;
const DAILY_CHANGE = 0.002;
const CERTIFICATES = 2000;
const TODAY = '2026-11-20T00:00:00Z';
const NOW = '2026-11-20T12:00:00Z';
const PROVINCES = '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65'.split(
  ' ',
);
const KINDS = ['employer', 'social', 'school', 'industry', 'chain-leader'] as const;
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** Numbers that look random and are the same in every run. */
function random(seed: string): (below: number) => number {
  let counter = 0;
  return (below) => {
    const bytes = sha256(new TextEncoder().encode(`${seed} ${counter++}`));
    return new DataView(bytes.buffer).getUint32(0) % below;
  };
}

const bytes32 = (name: string): Uint8Array => sha256(new TextEncoder().encode(name));
const didOf = (i: number): string => `did:web:a${String(i).padStart(2, '0')}.example`;
const ANCHOR = didOf(0);
const pick = <T>(items: readonly T[], i: number): T => items[i % items.length] as T;

interface Key {
  publicKey: Uint8Array;
  sign: (bytes: Uint8Array) => Promise<Uint8Array>;
}

function keyOf(name: string): Key {
  const secret = bytes32(name);
  return { publicKey: ed25519.getPublicKey(secret), sign: (data) => Promise.resolve(ed25519.sign(data, secret)) };
}

function institution(authority: number, serial: number, edition = 0): Accreditation {
  const next = random(`${authority}/${serial}`);
  const province = pick(PROVINCES, authority);
  const did = `did:web:i${province}${String(serial).padStart(6, '0')}.example`;
  const kind = pick(KINDS, next(5));
  const uscc = `91${province}${Array.from({ length: 14 }, () => USCC_ALPHABET[next(31)]).join('')}`;
  const year = 2019 + next(6);
  const ranges = new Map<string, string[]>();
  for (let row = 0; row < ROWS_EACH; row++) {
    const levels = pick(['543', '54321'], next(3));
    ranges.set(levels, [...(ranges.get(levels) ?? []), pick(OCCUPATIONS, next(OCCUPATIONS.length)).code]);
  }
  return {
    id: `urn:yizheng:accreditation:a${authority}-${serial}`,
    authority: didOf(authority),
    institution: did,
    legalName: `${pick(['示例市', '示例州', '示例县'], next(3))}${pick(['第一', '华兴', '南山', '宏图'], next(4))}职业技能评价${serial}号机构`,
    institutionKind: kind,
    institutionCode: `${kind === 'employer' ? 'Y' : 'S'}0000${province}${String(serial).padStart(6, '0')}`,
    unifiedSocialCreditCode: uscc,
    signingKeys: [
      {
        id: `${did}#k1`,
        type: 'Multikey',
        publicKeyMultibase: encodeMultikey({ algorithm: 'Ed25519', bytes: bytes32(did) }),
        validFrom: `${year}-01-01T00:00:00+08:00`,
      },
    ],
    actions: [...ranges].map(([levels, occupation]) => ({
      action: 'issue' as const,
      validFrom: `${year}-01-01T00:00:00+08:00`,
      validUntil: `${year + 6 + edition}-01-01T00:00:00+08:00`,
      scope: {
        kind: ['skill-level' as const],
        occupation,
        level: [...levels].map((value) => ({ framework: 'cn-skill-5', value })),
        region: [`${province}*`],
        candidates: kind === 'employer' ? ('own-employees' as const) : ('public' as const),
      },
    })),
  };
}

/** The anchor recognises everybody; the others some of their neighbours. */
function recognition(n: number, pins: readonly NonNullable<Recognition['registryRoot']>[]): Recognition {
  const others = AUTHORITIES - 1;
  const rest = n - others;
  const maker = rest < 0 ? 0 : 1 + (rest % others);
  const subject = rest < 0 ? n + 1 : (maker + 1 + Math.floor(rest / others) * 5) % AUTHORITIES;
  const pair = [maker, subject].sort((a, b) => a - b).join('-');
  return {
    id: `urn:yizheng:recognition:r${n}`,
    authority: didOf(maker),
    subject: didOf(subject),
    legalName: `示例人力资源和社会保障厅${subject}`,
    registryRoot: pick(pins, subject),
    actions: [
      {
        action: 'accredit',
        validFrom: '2020-07-03T00:00:00+08:00',
        scope: { kind: ['skill-level'], level: ['3', '2', '1'].map((value) => ({ framework: 'cn-skill-5', value })) },
        treatment: ['full'],
      },
      {
        action: 'recognize',
        validFrom: '2020-07-03T00:00:00+08:00',
        scope: { kind: ['skill-level'] },
        treatment: ['full'],
        onward: { maxDepth: 1 },
      },
    ].slice(0, n % 10 === 0 ? 2 : 1) as Recognition['actions'],
    memorandum: {
      id: `urn:memorandum:${pair}`,
      name: '示例职业技能等级证书互认备忘录',
      digestMultibase: digestMultibase(pair),
      party: [didOf(maker), didOf(subject)],
    },
  };
}

interface Authority {
  did: string;
  /** Key of the roles root, registry, freshness and statement. */
  signer: FeedSigner;
  statementKey: FeedSigner;
  root: SignedMetadata;
}

interface Feed {
  authority: Authority;
  files: FeedFiles;
  parts: Part[];
  sequence: number;
  manifestSha256: string;
}

async function authority(i: number): Promise<Authority> {
  const key = keyOf(`authority ${i}`);
  const did = didOf(i);
  const jwk = feedJwk(key.publicKey, `${did}#registry`);
  const kid = jwkThumbprint(jwk);
  const role = { threshold: 1, keyids: [kid] };
  const signer = { kid, sign: key.sign };
  const root = await signMetadata(
    'root',
    {
      authority: did,
      name: `示例人力资源和社会保障厅${i}`,
      version: 1,
      expires: '2030-01-01T00:00:00Z',
      keys: { [kid]: jwk },
      roles: { root: role, registry: role, freshness: role, statement: role },
    },
    [signer],
  );
  return { did, signer, statementKey: { kid: `${did}#registry`, sign: key.sign }, root };
}

/** All feeds of a day; `changed` institutions have a new accreditation period. */
async function publish(institutions: number, changed: ReadonlySet<number> = new Set()): Promise<Feed[]> {
  const authorities = await Promise.all(Array.from({ length: AUTHORITIES }, (_, i) => authority(i)));
  const pins = authorities.map(({ root }) => ({ version: 1, digestMultibase: root.digestMultibase }));
  const recognitions = Array.from({ length: RECOGNITIONS }, (_, n) => recognition(n, pins));
  const sequence = changed.size > 0 ? 2 : 1;
  return Promise.all(
    authorities.map(async (own, i) => {
      const numbers = Array.from({ length: institutions }, (_, n) => n).filter((n) => n % AUTHORITIES === i);
      const signed = recognitions
        .filter((row) => row.authority === own.did)
        .map(async (row) => ({ id: row.id, vc: await signStatement('recognition', row, own.statementKey) }));
      const parts = [
        buildPart(
          'accreditations',
          numbers.map((n) => institution(i, n, changed.has(n) ? 1 : 0)),
        ),
        buildPart('recognitions', await Promise.all(signed)),
      ];
      const manifest = await signMetadata(
        'manifest',
        {
          authority: own.did,
          sequence,
          ...(sequence > 1 ? { prev: sha256Hex('yesterday') } : {}),
          issuedAt: TODAY,
          staleAfter: '2026-12-20T00:00:00Z',
          parts: parts.map(({ name, length, sha256: hash, rows }) => ({ name, length, sha256: hash, rows })),
        },
        [own.signer],
      );
      const manifestSha256 = manifest.sha256;
      const dates = { issuedAt: TODAY, nextUpdate: '2026-11-27T00:00:00Z' };
      const freshness = await signMetadata('freshness', { authority: own.did, sequence, manifestSha256, ...dates }, [
        own.signer,
      ]);
      const texts = Object.fromEntries(parts.map((part) => [part.name, part.text]));
      const files = {
        roots: [own.root.envelope],
        freshness: freshness.envelope,
        manifest: manifest.envelope,
        parts: texts,
      };
      return { authority: own, files, parts, sequence, manifestSha256 };
    }),
  );
}

async function packed(feeds: readonly Feed[]): Promise<string> {
  const index = await signMetadata(
    'index',
    {
      anchor: ANCHOR,
      packedAt: TODAY,
      feeds: feeds.map(({ authority: { did }, sequence, manifestSha256 }) => ({
        authority: did,
        sequence,
        manifestSha256,
      })),
    },
    feeds.slice(0, 1).map((feed) => feed.authority.signer),
  );
  return writeBundle(Object.fromEntries(feeds.map((feed) => [feed.authority.did, feed.files])), index.envelope);
}

/**
 * Certificates of institutions of the first `authorities`: most within scope, some of an occupation or level the anchor does not
 * know. Each of another institution.
 */
function certificates(institutions: number, authorities: number): CertificateFacts[] {
  const rows = Math.floor(institutions / AUTHORITIES);
  return Array.from({ length: CERTIFICATES }, (_, i) => {
    const n = (i % authorities) + AUTHORITIES * ((Math.floor(i / authorities) * 7) % rows);
    const row = institution(n % AUTHORITIES, n);
    const { scope } = pick(row.actions, i);
    const key = pick(row.signingKeys, 0);
    return {
      kind: 'skill-level',
      certificateNumber: `${row.institutionCode}253${String(i + 1).padStart(6, '0')}`,
      issuer: row.institution,
      verificationMethod: key.id,
      publicKeyMultibase: key.publicKeyMultibase,
      issuedAt: '2024-11-20T00:00:00+08:00',
      signedAt: '2024-11-20T02:00:00Z',
      occupation: { code: i % 7 === 0 ? '4-14-01-03' : (scope.occupation?.[0] ?? ''), catalogueEdition: '2022' },
      level: { framework: 'cn-skill-5', value: pick(['5', '4', '3', '2', '1'], i) },
      region: `${pick(PROVINCES, n % AUTHORITIES)}0000`,
      candidateEmployer: { uscc: row.unifiedSocialCreditCode ?? '' },
      issuedUnder: { id: row.id, authority: row.authority },
    };
  });
}

/** @param fresh a view of the same data nobody was asked about yet */
function decisionsPerSecond(
  view: TrustView,
  fresh: TrustView,
  facts: readonly CertificateFacts[],
): { again: number; first: number; outcomes: Record<string, number> } {
  const outcomes: Record<string, number> = {};
  const round = (asked: TrustView): void => {
    for (const item of facts) {
      const { outcome } = decide(item, asked, { anchor: ANCHOR, now: NOW });
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  for (let i = 0; i < 5; i++) round(view);
  const rates = Array.from({ length: 9 }, () => {
    const { cpu } = timed(() => {
      for (let i = 0; i < 5; i++) round(view);
    });
    return (5 * facts.length) / cpu;
  });
  const first = facts.length / timed(() => round(fresh)).cpu;
  const rounds = 5 + 5 * rates.length + 1;
  for (const outcome of Object.keys(outcomes)) outcomes[outcome] = (outcomes[outcome] ?? 0) / rounds;
  return { again: Math.round(median(rates)), first: Math.round(first), outcomes };
}

const median = (values: number[]): number =>
  pick(
    values.toSorted((a, b) => a - b),
    Math.floor(values.length / 2),
  );

/** Seconds of wall clock and of processor; the second is what one undisturbed core needs. */
function timed<T>(work: () => T): { result: T; wall: number; cpu: number } {
  const cpu = process.cpuUsage();
  const began = process.hrtime.bigint();
  const result = work();
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  return { result, wall, cpu: (user + system) / 1e6 };
}

/** Ed25519 checks per second of OpenSSL in the same process at the same time: the yardstick of goal and machine. */
function signatureChecksPerSecond(): number {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const message = new Uint8Array(500);
  const signature = sign(null, message, privateKey);
  const { cpu } = timed(() => {
    for (let i = 0; i < 3000; i++) verify(null, message, publicKey, signature);
  });
  return Math.round(3000 / cpu);
}

/** @param feedsCarried how many feeds the bundle carries, the anchor's first */
async function measure(institutions: number, feedsCarried: number): Promise<Record<string, number>> {
  const feeds = await publish(institutions);
  const carried = feeds.slice(0, feedsCarried);
  const bundle = await packed(carried);
  const zipped = gzipSync(bundle, { level: 9 });

  const changed = new Set(
    Array.from({ length: Math.round(institutions * DAILY_CHANGE) }, (_, i) => (i * 499 + 7) % institutions),
  );
  const tomorrow = await publish(institutions, changed);
  const deltas = feeds.flatMap(({ parts }, i) =>
    parts.flatMap((part, p) => {
      const { sha256: hash, text } = pick(pick(tomorrow, i).parts, p);
      return hash === part.sha256 ? [] : [makeDelta(part.name, part.text, text)];
    }),
  );
  const metadata = tomorrow.map(({ files }) => ({ freshness: files.freshness, manifest: files.manifest }));

  const anchorRoot = { digestMultibase: pick(feeds, 0).authority.root.digestMultibase };
  const importOnce = (): TrustView => {
    const options = { anchor: ANCHOR, anchorRoot, now: NOW, crypto: NODE_CRYPTO };
    const { view, findings } = importBundle(gunzipSync(zipped), options);
    if (findings.length > 0 || view.feeds.length !== carried.length) throw new Error(JSON.stringify(findings[0]));
    return view;
  };
  const runs = Array.from({ length: institutions > 20_000 ? 3 : 7 }, () => {
    const { wall, cpu } = timed(importOnce);
    return { wall, cpu };
  });
  const view = importOnce();
  const facts = certificates(institutions, carried.length);
  const { again, first, outcomes } = decisionsPerSecond(view, importOnce(), facts);
  console.log(
    `${institutions} institutions, ${institutions * ROWS_EACH} scope rows, ${view.feeds.length} feeds: bundle ${(bundle.length / 1e6).toFixed(1)} MB plain; ` +
      `${changed.size} institutions changed in ${deltas.length} parts; outcomes ${JSON.stringify(outcomes)}; ` +
      `import runs ${runs.map(({ wall }) => wall.toFixed(2)).join(' ')} s`,
  );
  return {
    feedsInBundle: carried.length,
    decisionsPerSecond: again,
    firstDecisionsPerSecond: first,
    importSeconds: Number(median(runs.map(({ wall }) => wall)).toFixed(3)),
    importCpuSeconds: Number(median(runs.map(({ cpu }) => cpu)).toFixed(3)),
    bundleGzipBytes: zipped.length,
    deltaGzipBytes: gzipSync(JSON.stringify(deltas), { level: 9 }).length,
    dailyMetadataGzipBytes: gzipSync(JSON.stringify(metadata), { level: 9 }).length,
  };
}

const country = await measure(10_000, AUTHORITIES);
const at10x = process.argv.includes('--small') ? {} : await measure(100_000, 11);
console.log(JSON.stringify({ ...country, signatureChecksPerSecond: signatureChecksPerSecond(), at10x }));

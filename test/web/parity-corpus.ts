import { ed25519 } from '@noble/curves/ed25519.js';
import { encodeQr } from '../../shared/carrier/qr-text.js';
import { buildCredential, statusListUrl } from '../../shared/certificate/credential.js';
import { certificateKind, type KindId } from '../../shared/certificate/kind.js';
import { findOccupation } from '../../shared/certificate/occupation.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { YizhengError } from '../../shared/errors.js';
import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import { createBitstring, setBit } from '../../shared/status/bitstring.js';
import { buildStatusListCredential } from '../../shared/status/status-list-credential.js';
import { writeBundle } from '../../shared/trust/bundle.js';
import type { FeedContent } from '../../shared/trust/trust-view.js';
import type { Accreditation } from '../../shared/trust/types.js';
import type { FeedFiles } from '../../shared/trust/verify-feed.js';
import { contents, recordOf, secretOf, WAITER, WELDER } from '../mechanisms/world.js';
import { Publisher } from '../trust/publisher.js';

/** One certificate, by whose rules, when. */
export interface ParityCase {
  name: string;
  anchor: string;
  now: string;
  /** JSON or QR text. */
  text: string;
}

/** Certificates and the one bundle they are judged with. */
export interface ParityCorpus {
  bundle: string;
  /** Digest of the root of each authority. */
  roots: Record<string, string>;
  cases: ParityCase[];
}

export const FRESH = '2026-11-20T12:00:00Z';
const DAY = '2026-11-20';
const [REVOKED, SUSPENDED] = [7, 8];

/**
 * Certificates of the demo alliance (M01–M45), always the same: good, revoked, suspended, of an unknown list, out of scope, issued too
 * early, changed, forged, foreign; judged at home, elsewhere, on fresh and on old data, by a clock that is wrong; as JSON and as QR text.
 * @param count how many
 */
export async function parityCorpus(count: number): Promise<ParityCorpus> {
  const publishers = new Map(contents.map(({ authority }) => [authority, new Publisher(authority)]));
  for (const { authority, name } of contents) await publishers.get(authority)?.newRoot({ name });
  const feeds: Record<string, FeedFiles> = {};
  for (const content of contents) feeds[content.authority] = await publish(content, publishers);
  const cases: ParityCase[] = [];
  const made = certificates();
  const anchors = contents.map(({ authority }) => authority);
  for (let i = 0; cases.length < count; i++) {
    const { value, done } = await made.next();
    if (done === true) throw new Error(`the demo data gives ${cases.length} cases only`);
    const { home, name, json } = value;
    const near = recognisersOf(home);
    const away = (i % 3 < 2 ? near[(i % 3) * (near.length - 1)] : undefined) ?? anchors[i % anchors.length] ?? home;
    const text = i % 3 === 0 ? qrText(json) : json;
    const now = i % 7 === 3 ? '2026-12-05T00:00:00Z' : i % 11 === 5 ? '2027-02-01T00:00:00Z' : i % 13 === 6 ? '2026-10-30T00:00:00Z' : FRESH; // prettier-ignore
    cases.push({ name: `${name}, at home`, anchor: home, now: FRESH, text });
    if (cases.length < count) cases.push({ name: `${name}, at ${away}`, anchor: away, now, text });
  }
  return {
    bundle: writeBundle(feeds),
    roots: Object.fromEntries([...publishers].map(([did, publisher]) => [did, publisher.pin.digestMultibase])),
    cases,
  };
}

/** Who says anything about the certificates of an authority: first those who recognise with conditions. */
function recognisersOf(home: string): string[] {
  const about = contents.map(({ authority, recognitions }) => ({
    authority,
    treatments: recognitions
      .filter((row) => (row.homeAuthority ?? row.subject) === home)
      .flatMap(({ actions }) => actions.map(({ treatment }) => treatment?.[0])),
  }));
  const conditional = about.filter(({ treatments }) => treatments.some((treatment) => treatment !== 'full'));
  const others = about.filter(({ treatments }) => treatments.length > 0);
  return [...new Set([...conditional, ...others].map(({ authority }) => authority))];
}

async function publish(content: FeedContent, publishers: ReadonlyMap<string, Publisher>): Promise<FeedFiles> {
  const recognitions = content.recognitions.map((row) => {
    const pin = publishers.get(row.homeAuthority ?? row.subject)?.pin;
    return { ...row, ...(pin && { registryRoot: pin }) };
  });
  const institutions = [...new Set(content.accreditations.map(({ institution }) => institution))];
  const { accreditations, events, reviews, supplyChain } = content;
  const statusLists = (await Promise.all(institutions.map(listsOf))).flat();
  const publisher = publishers.get(content.authority);
  if (!publisher) throw new Error(`nobody publishes ${content.authority}`);
  return publisher.publish(
    { accreditations: [...accreditations], recognitions, events: [...events], reviews, supplyChain, statusLists },
    DAY,
  );
}

const signerOf = (issuer: string) => {
  const id = `${issuer}#key-1`;
  return {
    id,
    algorithm: 'Ed25519' as const,
    sign: ({ data }: { data: Uint8Array }) => Promise.resolve(ed25519.sign(data, secretOf(id))),
  };
};

async function listsOf(issuer: string): Promise<{ url: string; credential: string }[]> {
  return Promise.all(
    (['revocation', 'suspension'] as const).map(async (purpose) => {
      const bits = createBitstring(131_072);
      setBit(bits, purpose === 'revocation' ? REVOKED : SUSPENDED, true);
      const url = statusListUrl(issuer, purpose, 1);
      const times = { validFrom: `${DAY}T00:00:00Z`, validUntil: '2026-11-27T00:00:00Z' };
      const unsigned = buildStatusListCredential({ id: url, issuer, purpose, bits, ...times });
      const list = await eddsaRdfc2022.sign(unsigned, { signer: signerOf(issuer), created: times.validFrom });
      return { url, credential: JSON.stringify(list) };
    }),
  );
}

interface Made {
  home: string;
  name: string;
  json: string;
}

const GOOD: [string, () => object] = ['good', () => ({})];
const VARIANTS: readonly [string, (record: CertificateRecord) => Partial<CertificateRecord>][] = [
  ...Array.from({ length: 6 }, () => GOOD),
  ['revoked', () => ({ status: { list: 1, index: REVOKED } })],
  ['suspended', () => ({ status: { list: 1, index: SUSPENDED } })],
  ['of an unknown list', () => ({ status: { list: 9, index: 1 } })],
  ['expired', ({ issuedOn }) => ({ expiresOn: issuedOn })],
  [
    'issued too early',
    ({ assessment }) => ({ issuedOn: '2019-06-01', assessment: { ...assessment, date: '2019-05-01' } }),
  ],
  ['of another number', ({ kind }) => (kind === 'skill-level' ? { certificateNumber: 'S000051000999253000045' } : {})],
  ['of another region', ({ assessment }) => ({ assessment: { ...assessment, region: '540100' } })],
];
const CHANGES: readonly [string, (json: string) => string][] = [
  ['with another name', (json) => json.replace('张伟', '张韦')],
  ['with another signature', (json) => json.replace(/"proofValue":"z(.)/, (_all, first) => `"proofValue":"z${first === '3' ? '4' : '3'}`)], // prettier-ignore
  ['with a hidden end', (json) => json.replace('"validFrom"', '"https://www.w3.org/2018/credentials#validFrom"')],
  ['with a member more', (json) => json.replace('{', '{"remark":"x",')],
  [
    'of a foreign type',
    (json) => json.replace(/Skill\w+Certificate|[A-Z]\w+(?:Permit|Result|Completion)/, 'OpenBadgeCredential'),
  ],
  ['cut off', (json) => json.slice(0, -30)],
];

async function* certificates(): AsyncGenerator<Made, undefined> {
  const rows = contents.flatMap(({ accreditations }) => accreditations);
  for (let round = 0; round < 8; round++)
    for (const [i, row] of rows.entries()) {
      const record = recordUnder(row, i + round);
      if (!record) continue;
      const [name, change] = VARIANTS[(3 * i + round) % VARIANTS.length] ?? ['', () => ({})];
      const json = await signed({ ...record, ...change(record) });
      const about = { home: row.authority, name: `${row.id} ${name}` };
      yield { ...about, json };
      const [how, alter] = CHANGES[Math.floor((i + round) / 3) % CHANGES.length] ?? ['', (text: string) => text];
      if ((i + round) % 3 === 0) yield { ...about, name: `${about.name} ${how}`, json: alter(json) };
    }
  return undefined;
}

/** A certificate the accreditation covers, or, one in four, of an occupation it does not. */
function recordUnder(row: Accreditation, i: number): CertificateRecord | undefined {
  const scope = row.actions[i % row.actions.length]?.scope ?? {};
  const kind = scope.kind?.[i % scope.kind.length] ?? 'skill-level';
  const levels = (scope.level ?? []).filter(({ framework }) => certificateKind(kind).frameworks.includes(framework));
  const named = (scope.occupation?.[i % scope.occupation.length] ?? WELDER.code).replace('6-18-*', WELDER.code);
  const code = i % 4 === 3 ? WAITER.code : named;
  const occupation = { code, catalogueEdition: '2022', name: findOccupation(code, '2022')?.name ?? '示例职业' };
  const permit = {
    category: '示例作业',
    item: named.replace('permit:', ''),
    firstIssuedOn: '2026-03-02',
    reviewBy: '2029-03-01',
  };
  const parts: Partial<Record<KindId, object>> = {
    'specialised-ability': { specification: { code: '510000-2026-001', version: '2026-1' } },
    'mo-skill': { occupation, level: levels[i % levels.length], certificateNumber: 'MO-2025-0042' },
    'special-operation': { permit, issuedOn: '2026-03-02', expiresOn: '2032-03-01' },
    'construction-special': { permit, issuedOn: '2026-03-02' },
    'special-equipment': { permit, issuedOn: '2026-03-02' },
  };
  const issuedOn = i % 2 === 0 ? '2026-03-02' : '2025-10-20';
  try {
    return recordOf(kind, row, { ...(parts[kind] ?? { occupation, level: levels[i % levels.length], issuedOn }) });
  } catch (error) {
    if (error instanceof YizhengError) return undefined;
    throw error;
  }
}

async function signed(record: CertificateRecord): Promise<string> {
  const signer = signerOf(record.issuer.id);
  const created = `${record.issuedOn}T02:00:00Z`;
  return JSON.stringify(await eddsaRdfc2022.sign(buildCredential(record), { signer, created }));
}

function qrText(json: string): string {
  try {
    return encodeQr(JSON.parse(json) as object).text;
  } catch {
    return json;
  }
}

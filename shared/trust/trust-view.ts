import type { KindId } from '../certificate/kind.js';
import type { KeyLookup, VerificationKey } from '../proof/types.js';
import { withoutAccreditedAuthorities } from './authority-as-institution.js';
import { DEFAULT_POLICY, type TrustPolicy } from './policy.js';
import { DAY, instant } from './time.js';
import type {
  Accreditation,
  Freshness,
  Recognition,
  RegistryEvent,
  ReviewFinding,
  StatusListRow,
  SupplyChainMembership,
} from './types.js';

/** What one authority's verified feed says. */
export interface FeedContent {
  authority: string;
  /** Name in its signed root. */
  name: string;
  sequence: number;
  manifestSha256: string;
  /** When the authority last confirmed this data (freshness `issuedAt`). */
  issuedAt: string;
  nextUpdate: string;
  staleAfter: string;
  accreditations: readonly Accreditation[];
  recognitions: readonly Recognition[];
  events: readonly RegistryEvent[];
  reviews: readonly ReviewFinding[];
  supplyChain: readonly SupplyChainMembership[];
  statusLists: readonly StatusListRow[];
}

/** A status list with where and when it was collected. */
export interface CollectedStatusList {
  url: string;
  /** Signed credential, JSON text as published. Not verified yet. */
  credential: string;
  /** Authority whose feed carries it. */
  authority: string;
  /** When that authority last confirmed its feed, RFC 3339. */
  asOf: string;
}

/**
 * Everything believed about who may issue and who recognises whom, indexed. Built by `importBundle` from verified feeds only.
 * Immutable; reads no clock.
 */
export interface TrustView {
  /** The newest instant the anchor's feed speaks of; a clock a day behind it is wrong. Null without data. */
  readonly seenTime: string | null;
  /** When the anchor last confirmed its feed. */
  readonly dataAsOf: string | null;
  /** Until when the anchor's data may be used without update (manifest `staleAfter`). */
  readonly goodUntil: string | null;
  /** The feeds this view was built from, sorted by authority. */
  readonly feeds: readonly { authority: string; sequence: number; manifestSha256: string }[];
  /** Key of a verification method as the accrediting authorities published it. Undefined when unknown, or when two authorities publish different key material under one name. */
  readonly keyOf: KeyLookup;
  /** Like {@link keyOf}, from the feed of one authority only. */
  keysOf(authority: string): KeyLookup;
  /** The list at this URL; from this authority's feed when given, else from the feed confirmed last. */
  statusListOf(url: string, authority?: string): CollectedStatusList | undefined;
  /** Name of an authority: as its recogniser (the anchor first) calls it, else as its own signed root does. */
  authorityName(did: string): string | undefined;
  /** Name of an institution as its authority registered it. */
  institutionName(did: string): string | undefined;
  /**
   * Age tier of a feed (TRUST §2.6-2): fresh before `nextUpdate`, grace before `staleAfter` and the kind's greatest age, then stale.
   * Undefined when the feed is not in the view.
   * @param now RFC 3339
   */
  freshness(did: string, now: string, kind?: KindId, policy?: Pick<TrustPolicy, 'maxAgeDays'>): Freshness | undefined;
  /** The verified content of a feed. */
  feedOf(authority: string): FeedContent | undefined;
  accreditation(authority: string, id: string): Accreditation | undefined;
  accreditations(authority: string, institution: string): readonly Accreditation[];
  /** Authorities in the view that accredit this institution. */
  accreditorsOf(institution: string): ReadonlySet<string>;
  /** Recognitions a maker made, by the DID they are about (for one institution: of its `homeAuthority`). */
  recognitionsBy(maker: string): ReadonlyMap<string, readonly Recognition[]>;
  /** Those of {@link recognitionsBy}'s subjects the maker lets recognise others (action `recognize`). */
  onwardBy(maker: string): readonly string[];
  /** Events a maker published about a DID. */
  eventsBy(maker: string, about: string): readonly RegistryEvent[];
  /** Suppliers of a chain leader, from its authority's feed. */
  supplyChainOf(authority: string, chainLeader: string): readonly SupplyChainMembership[];
  /** Reviews of an institution by anyone in the view, to be shown as information. */
  reviewsOf(institution: string): readonly ReviewFinding[];
  /** Instant (milliseconds) at which the maker ended its own statement by superseding or revoking it, or undefined. */
  endOf(maker: string, statement: string): number | undefined;
}

interface FeedIndex {
  content: FeedContent;
  accreditationById: Map<string, Accreditation>;
  accreditationsByInstitution: Map<string, Accreditation[]>;
  recognitionsBySubject: Map<string, Recognition[]>;
  onward: string[];
  eventsByAbout: Map<string, RegistryEvent[]>;
  supplyChainByLeader: Map<string, SupplyChainMembership[]>;
  statusByUrl: Map<string, StatusListRow>;
  keys: Map<string, VerificationKey>;
  keyOf: KeyLookup;
  /** Milliseconds. */
  times: { issuedAt: number; nextUpdate: number; staleAfter: number };
  endings: Map<string, number>;
}

const NONE: readonly never[] = [];
const NO_KEY: KeyLookup = () => undefined;

/**
 * Indexes verified feeds. Whatever the order of the feeds, the view is the same. An accreditation that presents an authority as an
 * institution is left out (see `accreditedAuthorities`).
 * @param contents verified feed contents, at most one per authority
 * @param anchor the authority whose clock and ages stand for the view
 */
export function createTrustView(contents: readonly FeedContent[], anchor: string): TrustView {
  const feeds = new Map(
    withoutAccreditedAuthorities(contents)
      .toSorted((a, b) => (a.authority < b.authority ? -1 : 1))
      .map((content) => [content.authority, indexFeed(content)]),
  );
  const anchorFeed = feeds.get(anchor)?.content;
  const accreditors = new Map<string, Set<string>>();
  const institutionNames = new Map<string, string>();
  const reviews = new Map<string, ReviewFinding[]>();
  const names = new Map<string, string>();
  for (const { content } of feeds.values()) {
    for (const row of content.accreditations) {
      if (!institutionNames.has(row.institution)) institutionNames.set(row.institution, row.legalName);
      add(accreditors, row.institution, content.authority);
    }
    for (const review of content.reviews) push(reviews, review.about, review);
  }
  const makers = [...feeds.values()].sort(
    (a, b) => Number(b.content.authority === anchor) - Number(a.content.authority === anchor),
  );
  for (const { content } of makers)
    for (const row of content.recognitions)
      if (row.homeAuthority === undefined && !names.has(row.subject)) names.set(row.subject, row.legalName);

  const keysOf = (authority: string): KeyLookup => feeds.get(authority)?.keyOf ?? NO_KEY;
  return {
    seenTime: anchorFeed?.issuedAt ?? null,
    dataAsOf: anchorFeed?.issuedAt ?? null,
    goodUntil: anchorFeed?.staleAfter ?? null,
    feeds: [...feeds.values()].map(({ content }) => ({
      authority: content.authority,
      sequence: content.sequence,
      manifestSha256: content.manifestSha256,
    })),
    keysOf,
    keyOf: (method) => {
      const found = [...(accreditors.get(method.split('#', 1)[0] ?? '') ?? [])]
        .map((authority) => keysOf(authority)(method))
        .filter((key) => key !== undefined);
      return found.every((key) => key.publicKeyMultibase === found[0]?.publicKeyMultibase)
        ? found.reduce<VerificationKey | undefined>((a, b) => (a ? strictest(a, b) : b), undefined)
        : undefined;
    },
    statusListOf: (url, authority) => {
      const candidates = [...feeds.values()]
        .filter((feed) => feed.statusByUrl.has(url) && (authority ?? feed.content.authority) === feed.content.authority)
        .sort((a, b) => instant(b.content.issuedAt) - instant(a.content.issuedAt));
      const best = candidates[0];
      const row = best?.statusByUrl.get(url);
      return best && row && { ...row, authority: best.content.authority, asOf: best.content.issuedAt };
    },
    authorityName: (did) => names.get(did) ?? feeds.get(did)?.content.name,
    institutionName: (did) => institutionNames.get(did),
    freshness: (did, now, kind, policy = DEFAULT_POLICY) => {
      const times = feeds.get(did)?.times;
      return times && freshnessOf(times, instant(now), kind && policy.maxAgeDays[kind]);
    },
    feedOf: (authority) => feeds.get(authority)?.content,
    accreditation: (authority, id) => feeds.get(authority)?.accreditationById.get(id),
    accreditations: (authority, institution) =>
      feeds.get(authority)?.accreditationsByInstitution.get(institution) ?? NONE,
    accreditorsOf: (institution) => accreditors.get(institution) ?? new Set(),
    recognitionsBy: (maker) => feeds.get(maker)?.recognitionsBySubject ?? new Map<string, Recognition[]>(),
    onwardBy: (maker) => feeds.get(maker)?.onward ?? NONE,
    eventsBy: (maker, about) => feeds.get(maker)?.eventsByAbout.get(about) ?? NONE,
    supplyChainOf: (authority, leader) => feeds.get(authority)?.supplyChainByLeader.get(leader) ?? NONE,
    reviewsOf: (institution) => reviews.get(institution) ?? NONE,
    endOf: (maker, statement) => feeds.get(maker)?.endings.get(statement),
  };
}

function freshnessOf(times: FeedIndex['times'], now: number, maxAgeDays: number | undefined): Freshness {
  const kindLimit = maxAgeDays === undefined ? Infinity : times.issuedAt + maxAgeDays * DAY;
  if (now >= Math.min(times.staleAfter, kindLimit)) return 'stale';
  return now < times.nextUpdate ? 'fresh' : 'grace';
}

function indexFeed(content: FeedContent): FeedIndex {
  const keys = new Map<string, VerificationKey>();
  const index: FeedIndex = {
    content,
    accreditationById: new Map(content.accreditations.map((row) => [row.id, row])),
    accreditationsByInstitution: new Map(),
    recognitionsBySubject: new Map(),
    onward: [],
    eventsByAbout: new Map(),
    supplyChainByLeader: new Map(),
    statusByUrl: new Map(content.statusLists.map((row) => [row.url, row])),
    keys,
    keyOf: (method) => keys.get(method),
    times: {
      issuedAt: instant(content.issuedAt),
      nextUpdate: instant(content.nextUpdate),
      staleAfter: instant(content.staleAfter),
    },
    endings: new Map(),
  };
  for (const row of content.accreditations) push(index.accreditationsByInstitution, row.institution, row);
  for (const row of content.recognitions) push(index.recognitionsBySubject, row.homeAuthority ?? row.subject, row);
  index.onward = [...index.recognitionsBySubject]
    .filter(([, rows]) => rows.some((row) => row.actions.some((action) => action.action === 'recognize')))
    .map(([subject]) => subject);
  for (const row of content.events) push(index.eventsByAbout, row.about, row);
  for (const row of content.supplyChain) push(index.supplyChainByLeader, row.chainLeader, row);
  for (const row of [...content.accreditations, ...content.recognitions]) {
    if (row.supersedes === undefined) continue;
    const begins = Math.min(...row.actions.map((action) => instant(action.validFrom)));
    for (const old of row.supersedes) endAt(index.endings, old, begins);
  }
  for (const event of content.events)
    if (event.event === 'statement-revoked' && event.statement !== undefined)
      endAt(index.endings, event.statement, instant(event.effectiveFrom));
  for (const row of content.accreditations) indexKeys(index, row);
  return index;
}

function indexKeys(index: FeedIndex, row: Accreditation): void {
  for (const published of row.signingKeys) {
    let key: VerificationKey = {
      id: published.id,
      controller: row.institution,
      publicKeyMultibase: published.publicKeyMultibase,
      validFrom: published.validFrom,
      ...(published.validUntil === undefined ? {} : { validUntil: published.validUntil }),
    };
    for (const event of index.eventsByAbout.get(row.institution) ?? [])
      if (event.event === 'key-revoked' && event.keyId === key.id) key = revoked(key, event);
    const held = index.keys.get(key.id);
    index.keys.set(key.id, held ? joined(held, key) : key);
  }
}

function revoked(key: VerificationKey, event: RegistryEvent): VerificationKey {
  const ended = { ...key, validUntil: earliest(key.validUntil, event.effectiveFrom) };
  return event.reason === 'compromised'
    ? { ...ended, compromisedSince: earliest(key.compromisedSince, event.compromisedSince ?? event.effectiveFrom) }
    : ended;
}

/** One institution, several accreditations over the years: the key may sign from the first on, until one of them ends it. */
function joined(a: VerificationKey, b: VerificationKey): VerificationKey {
  return { ...strictest(a, b), validFrom: earliest(a.validFrom, b.validFrom) };
}

/** Several authorities publish one key: what any of them says against it counts. */
function strictest(a: VerificationKey, b: VerificationKey): VerificationKey {
  const until = a.validUntil === undefined ? b.validUntil : earliest(b.validUntil, a.validUntil);
  const since =
    a.compromisedSince === undefined ? b.compromisedSince : earliest(b.compromisedSince, a.compromisedSince);
  return {
    ...a,
    ...(until === undefined ? {} : { validUntil: until }),
    ...(since === undefined ? {} : { compromisedSince: since }),
  };
}

function earliest(a: string | undefined, b: string): string {
  return a !== undefined && instant(a) < instant(b) ? a : b;
}

function endAt(endings: Map<string, number>, statement: string, at: number): void {
  endings.set(statement, Math.min(at, endings.get(statement) ?? Infinity));
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

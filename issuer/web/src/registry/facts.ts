import type { Wording } from '../../../../shared/trust/explain/wording.js';
import type {
  Accreditation,
  Recognition,
  RecognizedAction,
  RegistryEvent,
  ReviewFinding,
  Scope,
  SigningKey,
  SupplyChainMembership,
} from '../../../../shared/trust/types.js';
import { afterColon } from './after-colon.js';
import { regionText } from './regions.js';
import type { AnyStatement } from './schemas.js';

/** What a statement says under one heading; several things stand side by side. */
export interface Fact {
  /** Name of the heading, `fact.<key>` in the sentences. */
  key: FactKey;
  /** Place of the granted action it belongs to, where there are several. */
  action?: number;
  items: readonly string[];
}

/** Headings of what statements say, in the order they are read. */
export const FACT_KEYS = [
  'subject',
  'home',
  'institution-kind',
  'code',
  'uscc',
  'event',
  'cause',
  'effective',
  'voids',
  'key',
  'statement',
  'criteria',
  'result',
  'agreement',
  'action',
  'period',
  'kind',
  'occupation',
  'level',
  'region',
  'standard',
  'candidates',
  'quota',
  'institutions',
  'window',
  'treatment',
  'mapping',
  'expiry',
  'onward',
  'memorandum',
  'root',
  'keys',
  'replaces',
] as const;
/** One of {@link FACT_KEYS}. */
export type FactKey = (typeof FACT_KEYS)[number];

/** What a statement says, heading by heading, in words of the reader's language. */
export function factsOf(statement: AnyStatement, words: Wording): Fact[] {
  switch (statement.kind) {
    case 'accreditation':
      return accreditationFacts(statement.row, words);
    case 'recognition':
      return recognitionFacts(statement.row, words);
    case 'event':
      return eventFacts(statement.row, words);
    case 'review':
      return reviewFacts(statement.row, words);
    case 'supply-chain':
      return supplyChainFacts(statement.row, words);
  }
}

function fact(key: FactKey, items: readonly (string | undefined)[] | undefined, action?: number): Fact[] {
  const said = (items ?? []).filter((item) => item !== undefined);
  return said.length === 0 ? [] : [{ key, items: said, ...(action !== undefined && { action }) }];
}

function accreditationFacts(row: Accreditation, words: Wording): Fact[] {
  return [
    ...fact('subject', [`${row.legalName} · ${row.institution}`]),
    ...fact('institution-kind', [words.say(`institutionKind.${row.institutionKind}`)]),
    ...fact('code', [row.institutionCode]),
    ...fact('uscc', [row.unifiedSocialCreditCode]),
    ...row.actions.flatMap((action, i) => actionFacts(action, words, row.actions.length > 1 ? i : undefined)),
    ...fact('keys', row.signingKeys.map((key) => keyText(key, words))), // prettier-ignore
    ...fact('replaces', row.supersedes),
  ];
}

function keyText({ id, validFrom, validUntil, publicKeyMultibase }: SigningKey, words: Wording): string {
  const [, name = id] = id.split('#');
  return [name, words.period(validFrom, validUntil), ...(name === publicKeyMultibase ? [] : [publicKeyMultibase])].join(
    ' · ',
  );
}

function recognitionFacts(row: Recognition, words: Wording): Fact[] {
  return [
    ...fact('subject', [`${row.legalName} · ${row.subject}`]),
    ...fact('home', row.homeAuthority === undefined ? undefined : [words.name(row.homeAuthority)]),
    ...row.actions.flatMap((action, i) => [
      ...fact('action', [words.say(`action.${action.action}`)], row.actions.length > 1 ? i : undefined),
      ...actionFacts(action, words, row.actions.length > 1 ? i : undefined),
    ]),
    ...fact('memorandum', row.memorandum && [
      `${row.memorandum.name} (${row.memorandum.id})`,
      row.memorandum.digestMultibase,
    ]), // prettier-ignore
    ...fact('root', row.registryRoot && [`${row.registryRoot.version} · ${row.registryRoot.digestMultibase}`]),
    ...fact('replaces', row.supersedes),
  ];
}

function actionFacts(action: RecognizedAction, words: Wording, place: number | undefined): Fact[] {
  const { certificateIssued: issued, treatment, levelMapping, expiryEffect, onward } = action;
  return [
    ...fact('period', [words.period(action.validFrom, action.validUntil)], place),
    ...scopeFacts(action.scope, words, place),
    ...fact('window', issued && [words.period(issued.from, issued.until)], place),
    ...fact('treatment', treatment?.map((item) => words.say(`treatment.${item}`)), place), // prettier-ignore
    ...fact('mapping', levelMapping?.map((mapping) => mappingText(mapping, words)), place), // prettier-ignore
    ...fact(
      'expiry',
      treatment && [afterColon(words.say(expiryEffect === 'lapse' ? 'detail.lapse' : 'detail.grandfather'))],
      place,
    ),
    ...fact('onward', onward && onward.maxDepth > 0 ? [String(onward.maxDepth)] : undefined, place),
  ];
}

function scopeFacts(scope: Scope, words: Wording, place: number | undefined): Fact[] {
  const { quota, candidates, institutions } = scope;
  const who = [
    ...(institutions?.permittedKinds ?? []).map((kind) => words.say(`institutionKind.${kind}`)),
    ...(institutions?.permitted ?? []).map((did) => words.name(did)),
    ...(institutions?.excludedKinds ?? []).map((kind) => `− ${words.say(`institutionKind.${kind}`)}`),
    ...(institutions?.excluded ?? []).map((did) => `− ${words.name(did)}`),
  ];
  return [
    ...fact('kind', scope.kind?.map((id) => words.kind(id)), place), // prettier-ignore
    ...fact('occupation', scope.occupation?.map((item) => words.occupation(item)), place), // prettier-ignore
    ...fact('level', scope.level?.map((level) => words.level(level)), place), // prettier-ignore
    ...fact('region', scope.region?.map((item) => regionText(item, words.language)), place), // prettier-ignore
    ...fact('standard', scope.standard, place),
    ...fact('candidates', candidates && [afterColon(words.say(`detail.candidates.${candidates}`))], place),
    ...fact('quota', quota && [afterColon(words.say('detail.quota', { limit: String(quota.limit), per: words.say(`quota.${quota.per}`) }))], place), // prettier-ignore
    ...fact('institutions', who, place),
  ];
}

function mappingText({ from, to }: NonNullable<RecognizedAction['levelMapping']>[number], words: Wording): string {
  const side = (item: typeof from): string =>
    [
      ...(item.kind === undefined ? [] : [words.kind(item.kind)]),
      ...(item.occupation === undefined ? [] : [words.occupation(item.occupation)]),
      words.level(item),
    ].join(' ');
  return `${side(from)} → ${side(to)}`;
}

function eventFacts(row: RegistryEvent, words: Wording): Fact[] {
  return [
    ...fact('subject', [about(row.about, words)]),
    ...fact('event', [words.say(`step.event.${row.event}`, {
      maker: words.name(row.authority),
      subject: words.name(row.about),
      cause: words.say(`cause.${row.cause}`),
      statement: row.statement ?? '',
      period: words.period(row.effectiveFrom, row.effectiveUntil),
    })]), // prettier-ignore
    ...fact('cause', [words.say(`cause.${row.cause}`)]),
    ...fact('effective', [words.period(row.effectiveFrom, row.effectiveUntil)]),
    ...fact('voids', row.voidsIssuedSince === undefined ? undefined : [words.day(row.voidsIssuedSince)]),
    ...fact('key', [row.keyId]),
    ...fact('statement', [row.statement]),
    ...(row.scope ? scopeFacts(row.scope, words, undefined) : []),
  ];
}

function reviewFacts(row: ReviewFinding, words: Wording): Fact[] {
  return [
    ...fact('subject', [about(row.about, words)]),
    ...fact('criteria', [row.criteria]),
    ...fact('result', [row.result]),
    ...fact('period', [words.period(row.validFrom, row.validUntil)]),
  ];
}

function supplyChainFacts(row: SupplyChainMembership, words: Wording): Fact[] {
  return [
    ...fact('subject', [about(row.chainLeader, words), `${row.supplier.name} (${row.supplier.uscc})`]),
    ...fact('agreement', [row.agreement]),
    ...fact('period', [words.period(row.validFrom, row.validUntil)]),
    ...(row.scope ? scopeFacts(row.scope, words, undefined) : []),
  ];
}

function about(did: string, words: Wording): string {
  const name = words.name(did);
  return name === did ? did : `${name} · ${did}`;
}

/** A heading as it stands before and after a change. */
export interface FactChange extends Pick<Fact, 'key' | 'action'> {
  before: readonly string[];
  after: readonly string[];
}

/** Everything two statements say, heading by heading, side by side. */
export function compareFacts(before: readonly Fact[], after: readonly Fact[]): FactChange[] {
  const same = (a: Pick<Fact, 'key' | 'action'>, b: Pick<Fact, 'key' | 'action'>): boolean =>
    a.key === b.key && (a.action ?? 0) === (b.action ?? 0);
  const gone = before.filter((one) => !after.some((other) => same(one, other)));
  return [
    ...after.map((one) => ({
      ...one,
      before: before.find((other) => same(one, other))?.items ?? [],
      after: one.items,
    })),
    ...gone.map((one) => ({ ...one, before: one.items, after: [] })),
  ]
    .map(({ key, action, before: from, after: to }) => ({
      key,
      ...(action !== undefined && { action }),
      before: from,
      after: to,
    }))
    .sort((a, b) => (a.action ?? 0) - (b.action ?? 0) || FACT_KEYS.indexOf(a.key) - FACT_KEYS.indexOf(b.key));
}

/** Is nothing different under this heading? */
export function isSame({ before, after }: FactChange): boolean {
  return before.length === after.length && before.every((item, i) => item === after[i]);
}

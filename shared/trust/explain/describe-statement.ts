import type { Accreditation, Recognition, RecognizedAction, Scope } from '../types.js';
import { actionState } from './statement-state.js';
import type { Wording } from './wording.js';

/** One thing said, with its particulars. */
export interface ExplanationStep {
  type: 'recognition' | 'accreditation' | 'refusal' | 'event' | 'result' | 'warning' | 'note';
  /** Id of the statement or event it rests on. */
  statement?: string;
  /** One sentence. */
  text: string;
  /** Since when, until when, citing what, granting what; one line each. */
  details: string[];
}

/** A recognition in words. @param actions those of its actions that matter; @param at milliseconds */
export function describeRecognition(
  row: Recognition,
  actions: readonly RecognizedAction[],
  words: Wording,
  at: number,
): ExplanationStep[] {
  return actions.map((action) => ({
    type: 'recognition',
    statement: row.id,
    text: words.say(`step.${action.action}`, { maker: words.name(row.authority), subject: subjectName(row, words) }),
    details: [
      period(row, action, words, at),
      row.memorandum
        ? words.say('detail.memorandum', { name: row.memorandum.name, id: row.memorandum.id })
        : words.say('detail.noMemorandum'),
      ...scopeLines(action.scope, words, 'all'),
      ...windowLine(action, words),
      ...(action.levelMapping ?? []).map((mapping) => words.mapping(mapping)),
      words.say('detail.treatment', {
        list: words.list((action.treatment ?? []).map((item) => words.say(`treatment.${item}`))),
      }),
      words.say(survives(action) ? 'detail.grandfather' : 'detail.lapse'),
      ...(action.onward && action.onward.maxDepth > 0
        ? [words.say('detail.onward', { depth: String(action.onward.maxDepth) })]
        : []),
      ...(action.requireLogProof === true ? [words.say('detail.logProof')] : []),
      words.say('detail.statement', { id: row.id }),
    ],
  }));
}

/** An accreditation in words. @param at milliseconds */
export function describeAccreditation(
  row: Accreditation,
  actions: readonly RecognizedAction[],
  words: Wording,
  at: number,
): ExplanationStep[] {
  return actions.map((action) => ({
    type: 'accreditation',
    statement: row.id,
    text: words.say('step.accreditation', {
      maker: words.name(row.authority),
      subject: `${row.legalName}(${words.say(`institutionKind.${row.institutionKind}`)})`,
    }),
    details: [
      period(row, action, words, at),
      ...scopeLines(action.scope, words, 'nothing'),
      ...(action.requireLogProof === true ? [words.say('detail.logProof')] : []),
      words.say('detail.statement', { id: row.id }),
    ],
  }));
}

/** Whom a recognition is about: an authority, or one institution of it. */
export function subjectName(row: Recognition, words: Wording): string {
  return row.homeAuthority === undefined ? words.name(row.subject) : row.legalName;
}

/** Values a scope lists, by the member a reason code is about. */
export function listedBy(code: string, actions: readonly RecognizedAction[], words: Wording): string {
  const of = <T>(pick: (action: RecognizedAction) => readonly T[] | undefined, text: (item: T) => string): string =>
    words.list(actions.flatMap((action) => pick(action) ?? []).map(text));
  switch (code) {
    case 'KIND_OUT_OF_SCOPE':
      return of((action) => action.scope.kind, (id) => words.kind(id)); // prettier-ignore
    case 'OCCUPATION_OUT_OF_SCOPE':
      return of((action) => action.scope.occupation, (item) => words.occupation(item)); // prettier-ignore
    case 'LEVEL_OUT_OF_SCOPE':
      return of((action) => action.scope.level, (item) => words.level(item)); // prettier-ignore
    case 'REGION_OUT_OF_SCOPE':
      return of((action) => action.scope.region, (item) => item); // prettier-ignore
    case 'STANDARD_OUT_OF_SCOPE':
      return of((action) => action.scope.standard, (item) => item); // prettier-ignore
    case 'LEVEL_NOT_MAPPED':
      return of((action) => action.levelMapping, (item) => words.level(item.from)); // prettier-ignore
    default:
      return of((action) => [action.action], (item) => words.say(`action.${item}`)); // prettier-ignore
  }
}

/** Exemptions and entitlements are rights of the day and end with the statement (TRUST §2.5). */
function survives({ expiryEffect, treatment }: RecognizedAction): boolean {
  return expiryEffect !== 'lapse' && treatment?.some((item) => item === 'full' || item === 'deemed-level') === true;
}

function period(row: Accreditation | Recognition, action: RecognizedAction, words: Wording, at: number): string {
  const { state, begins, ends } = actionState(row, action, words.view, at);
  return words.say('detail.period', { period: words.period(begins, ends), state: words.say(`state.${state}`) });
}

function windowLine(action: RecognizedAction, words: Wording): string[] {
  const { from, until } = action.certificateIssued ?? {};
  return from === undefined && until === undefined
    ? []
    : [words.say('detail.window', { period: words.period(from, until) })];
}

function scopeLines(scope: Scope, words: Wording, absent: 'all' | 'nothing'): string[] {
  const empty = (name: string): string => (absent === 'all' ? `any.${name}` : 'nothing.listed');
  const line = (name: string, items: readonly string[] | undefined, needed = true): string[] =>
    items === undefined && !needed ? [] : [words.say(`detail.${name}`, { list: words.list(items ?? [], empty(name)) })];
  const { institutions, quota, candidates } = scope;
  const institutionNames = (kinds: readonly string[] | undefined, dids: readonly string[] | undefined): string[] => [
    ...(kinds ?? []).map((kind) => words.say(`institutionKind.${kind}`)),
    ...(dids ?? []).map((did) => words.name(did)),
  ];
  const permitted = institutionNames(institutions?.permittedKinds, institutions?.permitted);
  const excluded = institutionNames(institutions?.excludedKinds, institutions?.excluded);
  return [
    ...line(
      'kind',
      scope.kind?.map((id) => words.kind(id)),
    ),
    ...line(
      'level',
      scope.level?.map((level) => words.level(level)),
      needsLevel(scope),
    ),
    ...line(
      'occupation',
      scope.occupation?.map((item) => words.occupation(item)),
      needsLevel(scope),
    ),
    ...line('region', scope.region),
    ...line('standard', scope.standard, false),
    ...(permitted.length > 0 ? [words.say('detail.institutionsPermitted', { list: words.list(permitted) })] : []),
    ...(excluded.length > 0 ? [words.say('detail.institutionsExcluded', { list: words.list(excluded) })] : []),
    ...(candidates ? [words.say(`detail.candidates.${candidates}`)] : []),
    ...(quota ? [words.say('detail.quota', { limit: String(quota.limit), per: words.say(`quota.${quota.per}`) })] : []),
  ];
}

/** Permits and the like have neither level nor occupation; a line about them would only confuse. */
function needsLevel(scope: Scope): boolean {
  return scope.kind?.some((id) => WITH_LEVEL.has(id)) ?? true;
}

const WITH_LEVEL: ReadonlySet<string> = new Set(['skill-level', 'occ-qualification', 'mo-skill']);

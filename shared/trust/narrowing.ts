import { levelRank, type Level } from '../certificate/level.js';
import { coversCode } from './scope.js';
import { instant } from './time.js';
import type { LevelMapping, Recognition, RecognizedAction, Scope, Treatment } from './types.js';

/** A member of a recognition that grants less than before. */
export type NarrowedMember =
  | 'subject'
  | 'action'
  | 'kind'
  | 'occupation'
  | 'level'
  | 'region'
  | 'standard'
  | 'candidates'
  | 'quota'
  | 'institutions'
  | 'certificateIssued'
  | 'expiryEffect'
  | 'levelMapping'
  | 'treatment'
  | 'onward'
  | 'requireLogProof'
  | 'period';

/** What a superseding recognition takes away, and from when. */
export interface Narrowing {
  /** In order of {@link NarrowedMember}; of several actions, those of the first that loses. Empty = nothing is taken away. */
  members: NarrowedMember[];
  /** Instant (milliseconds) at which the first thing is lost; undefined when nothing is. */
  from: number | undefined;
}

/** Does `replacement` grant less than `old` at any time? See {@link narrowing}. */
export function isNarrowing(old: Recognition, replacement: Recognition): boolean {
  return narrowing(old, replacement).members.length > 0;
}

/**
 * Compares a recognition with the one that supersedes it (TRUST §3.2, lead time). What one old action granted counts as kept only when
 * a **single** new action grants all of it: a grant split over two actions is called a narrowing, the careful answer. The old statement
 * ends when the first action of the new one begins (TRUST §2.4-6), so a gap between the two is a narrowing of the period.
 */
export function narrowing(old: Recognition, replacement: Recognition): Narrowing {
  const cutAt = Math.min(...replacement.actions.map((action) => instant(action.validFrom)));
  const losses = old.actions.flatMap((action) => lossOf(action, replacement, cutAt, sameSubject(old, replacement)));
  const first = losses.toSorted((a, b) => a.from - b.from)[0];
  return first ?? { members: [], from: undefined };
}

function sameSubject(old: Recognition, replacement: Recognition): boolean {
  return old.subject === replacement.subject && old.homeAuthority === replacement.homeAuthority;
}

function lossOf(
  old: RecognizedAction,
  { actions }: Recognition,
  cutAt: number,
  same: boolean,
): { members: NarrowedMember[]; from: number }[] {
  const begins = Math.max(cutAt, instant(old.validFrom));
  const ends = old.validUntil === undefined ? Infinity : instant(old.validUntil);
  if (begins >= ends) return [];
  if (!same) return [{ members: ['subject'], from: begins }];
  const candidates = actions.filter(({ action }) => action === old.action);
  if (candidates.length === 0) return [{ members: ['action'], from: begins }];
  const losses = candidates.map((action) => {
    const members = narrowedMembers(old, action);
    const until = action.validUntil === undefined ? Infinity : instant(action.validUntil);
    if (members.length > 0) return { members, from: begins };
    if (instant(action.validFrom) > begins) return { members: ['period' as const], from: begins };
    return until < ends ? { members: ['period' as const], from: Math.max(until, begins) } : undefined;
  });
  if (losses.includes(undefined)) return [];
  const latest = losses.filter((loss) => loss !== undefined).toSorted((a, b) => b.from - a.from)[0];
  return latest ? [latest] : [];
}

function narrowedMembers(old: RecognizedAction, now: RecognizedAction): NarrowedMember[] {
  const checks: [NarrowedMember, boolean][] = [
    ...scopeChecks(old.scope, now.scope),
    ['certificateIssued', windowNarrows(old.certificateIssued, now.certificateIssued)],
    ['expiryEffect', (old.expiryEffect ?? 'grandfather') === 'grandfather' && now.expiryEffect === 'lapse'],
    ['levelMapping', mappingNarrows(old, now)],
    ['treatment', treatmentNarrows(old.treatment ?? [], now.treatment ?? [])],
    ['onward', (now.onward?.maxDepth ?? 0) < (old.onward?.maxDepth ?? 0)],
    ['requireLogProof', now.requireLogProof === true && old.requireLogProof !== true],
  ];
  return checks.filter(([, narrows]) => narrows).map(([member]) => member);
}

function scopeChecks(old: Scope, now: Scope): [NarrowedMember, boolean][] {
  const same = <T>(a: T, b: T): boolean => a === b;
  return [
    ['kind', listNarrows(old.kind, now.kind, same)],
    ['occupation', occupationNarrows(old.occupation, now.occupation)],
    ['level', listNarrows(old.level, now.level, (a, b) => a.framework === b.framework && a.value === b.value)],
    ['region', now.region?.includes('*') !== true && listNarrows(old.region, now.region, coversPattern)],
    ['standard', listNarrows(old.standard, now.standard, same)],
    ['candidates', now.candidates !== undefined && now.candidates !== 'public' && now.candidates !== old.candidates],
    ['quota', quotaNarrows(old.quota, now.quota)],
    ['institutions', institutionsNarrow(old.institutions ?? {}, now.institutions ?? {})],
  ];
}

/** In a recognition a list left out does not limit. */
function listNarrows<T>(
  old: readonly T[] | undefined,
  now: readonly T[] | undefined,
  covers: (wide: T, narrow: T) => boolean,
): boolean {
  if (now === undefined) return false;
  if (old === undefined) return true;
  return !old.every((item) => now.some((wide) => covers(wide, item)));
}

function coversPattern(wide: string, narrow: string): boolean {
  return (
    coversCode(wide, narrow.endsWith('*') ? narrow.slice(0, -1) : narrow) && (wide.endsWith('*') || wide === narrow)
  );
}

/** As `outsideScope` reads them: permits are limited only where a pattern names an item of a permit. */
function occupationNarrows(old: readonly string[] | undefined, now: readonly string[] | undefined): boolean {
  if (now === undefined || now.includes('*')) return false;
  if (old === undefined) return true;
  const isItem = (pattern: string): boolean => pattern.startsWith('permit:');
  const limitsItems = now.some(isItem);
  if (limitsItems && !old.some(isItem)) return true;
  return !old.every(
    (pattern) => (isItem(pattern) && !limitsItems) || now.some((wide) => coversOccupationPattern(wide, pattern)),
  );
}

function coversOccupationPattern(wide: string, narrow: string): boolean {
  const split = (pattern: string): [string, string] =>
    pattern.includes(':') ? (pattern.split(':') as [string, string]) : ['2022', pattern];
  if (narrow === '*') return false;
  const [edition, code] = split(wide);
  const [narrowEdition, narrowCode] = split(narrow);
  return edition === narrowEdition && coversPattern(code, narrowCode);
}

const MONTHS = 12;

function quotaNarrows(old: Scope['quota'], now: Scope['quota']): boolean {
  if (now === undefined) return false;
  if (old === undefined) return true;
  const needed = old.per === 'month' && now.per === 'year' ? old.limit * MONTHS : old.limit;
  return now.limit < needed;
}

type Institutions = NonNullable<Scope['institutions']>;

/** Kinds and names are compared each with its own: which kind a named institution is stands elsewhere and may change. */
function institutionsNarrow(old: Institutions, now: Institutions): boolean {
  const within = (a: readonly string[] = [], b: readonly string[] = []): boolean => a.every((item) => b.includes(item));
  if (!within(now.excluded, old.excluded) || !within(now.excludedKinds, old.excludedKinds)) return true;
  const open = (limits: Institutions): boolean => limits.permitted === undefined && limits.permittedKinds === undefined;
  if (open(now)) return false;
  return open(old) || !within(old.permitted, now.permitted) || !within(old.permittedKinds, now.permittedKinds);
}

function windowNarrows(
  old: RecognizedAction['certificateIssued'],
  now: RecognizedAction['certificateIssued'],
): boolean {
  const from = (window: typeof old): number => (window?.from === undefined ? -Infinity : instant(window.from));
  const until = (window: typeof old): number => (window?.until === undefined ? Infinity : instant(window.until));
  return from(now) > from(old) || until(now) < until(old);
}

/** `full` is worth more than any treatment but the entitlement to apply, which stands beside it. */
function treatmentNarrows(old: readonly Treatment[], now: readonly Treatment[]): boolean {
  const kept = (item: Treatment): boolean =>
    now.includes(item) || (item !== 'apply-next-level' && now.includes('full'));
  if (!old.every(kept)) return true;
  // With `deemed-level`, a certificate the mapping does not name no longer entitles to apply.
  return old.includes('apply-next-level') && now.includes('deemed-level') && !old.includes('deemed-level');
}

/**
 * The first mapping that fits a certificate counts, and changes what it is to the hops above. So each old mapping must be met by one that
 * maps at least as high, and a new one is harmless only where unmapped certificates had no worth.
 */
function mappingNarrows(old: RecognizedAction, now: RecognizedAction): boolean {
  const before = old.levelMapping ?? [];
  const after = now.levelMapping ?? [];
  const lost = before.some((mapping, i) => {
    const shadowed = before.slice(0, i).some((earlier) => fitsAll(earlier.from, mapping.from));
    if (shadowed) return false;
    const first = after.find((candidate) => overlap(candidate.from, mapping.from));
    return !first || !fitsAll(first.from, mapping.from) || !mapsAsHigh(first.to, mapping.to);
  });
  const onlyMappedCounted = (old.treatment ?? []).every((item) => item === 'deemed-level');
  const added = after.some((mapping) => !before.some((known) => fitsAll(known.from, mapping.from)));
  return lost || (added && !onlyMappedCounted);
}

type Side = LevelMapping['from'];

const sameLevel = (a: Level, b: Level): boolean => a.framework === b.framework && a.value === b.value;

/** Does every certificate that fits `narrow` fit `wide`? */
function fitsAll(wide: Side, narrow: Side): boolean {
  return (
    sameLevel(wide, narrow) &&
    (wide.kind === undefined || wide.kind === narrow.kind) &&
    (wide.occupation === undefined || wide.occupation === narrow.occupation)
  );
}

/** Is there a certificate that fits both? */
function overlap(a: Side, b: Side): boolean {
  const meet = (x: string | undefined, y: string | undefined): boolean => x === undefined || y === undefined || x === y;
  return sameLevel(a, b) && meet(a.kind, b.kind) && meet(a.occupation, b.occupation);
}

function mapsAsHigh(now: Side, old: Side): boolean {
  const [high, low] = [levelRank(now), levelRank(old)];
  return (
    now.framework === old.framework &&
    high !== undefined &&
    low !== undefined &&
    high >= low &&
    now.kind === old.kind &&
    now.occupation === old.occupation
  );
}

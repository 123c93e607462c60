import { instant } from '../time.js';
import type { TrustView } from '../trust-view.js';
import type { Accreditation, CertificateFacts, RecognizedAction } from '../types.js';
import type { DraftReach } from './draft-reach.js';
import { grantKey, grantsOf, type Grant } from './grants.js';
import { actionCuts, eventCuts, namedByStatements, type NamedByStatements } from './named-by-statements.js';
import { cutAt, periodWithin, periodsOfIssue, type IssuePeriod } from './periods-of-issue.js';

/** Certificates that all fare alike: what one grant gives, issued in one period, by institutions held alike. */
export interface Cell {
  home: string;
  institutions: string[];
  grant: Grant;
  /** Set where the draft speaks of this signing key. */
  key?: string;
  period: IssuePeriod;
  /** A certificate that stands for all of them. */
  facts: CertificateFacts;
}

/**
 * Divides the certificates a draft may concern into cells. Every pattern, level, region, standard, key and instant that a statement on
 * the path names divides them, and every institution that one names is looked at alone, so that one certificate speaks for its cell.
 * Institutions nobody names are taken together: what is not accredited fares the same with and without the draft.
 * @param views without and with the draft
 * @param anchor whose draft it is
 * @param at milliseconds: the instant that is looked at
 * @returns cells, and `undefined` where there is a moment to let others work
 */
export function* cellsOf(
  views: readonly TrustView[],
  anchor: string,
  reach: DraftReach,
  at: number,
): Generator<Cell | undefined> {
  const named = namedByStatements(views, anchor, reach);
  for (const [home, institutions] of concerned(views, reach)) {
    const together = new Map<string, Cell>();
    for (const institution of institutions) {
      const rows = rowsOf(views, home, institution);
      const isAlone =
        named.institutions.has(institution) || views.some((view) => view.accreditorsOf(institution).size > 1);
      if (isAlone) yield* cellsOfOne({ home, institution, rows, views, named, keys: reach.keys, at });
      else addTo(together, { home, institution, rows, views, named, at });
      yield undefined;
    }
    yield* together.values();
  }
}

interface Institution {
  home: string;
  institution: string;
  rows: readonly Accreditation[];
  views: readonly TrustView[];
  named: NamedByStatements;
  at: number;
}

function* cellsOfOne(one: Institution & { keys: ReadonlySet<string> }): Generator<Cell> {
  const { home, institution, rows, views, at, keys } = one;
  const cuts = [
    ...one.named.cuts,
    ...rows.flatMap(({ actions, signingKeys }) => [
      ...actions.flatMap(actionCuts),
      ...signingKeys.flatMap(({ validFrom, validUntil }) => [validFrom, validUntil].flatMap(cutAt)),
    ]),
    ...views.flatMap((view) => [
      ...view.eventsBy(home, institution).flatMap(eventCuts),
      ...rows.flatMap(({ id }) => view.endOf(home, id) ?? []),
    ]),
  ];
  const scopes = rows.flatMap(({ actions }) => actions.map(({ scope }) => scope));
  const named = {
    occupations: new Set([...one.named.occupations, ...scopes.flatMap(({ occupation }) => occupation ?? [])]),
    regions: new Set([...one.named.regions, ...scopes.flatMap(({ region }) => region ?? [])]),
    standards: one.named.standards,
  };
  const begins = rows.flatMap(({ actions }) => actions.map(({ validFrom }) => instant(validFrom)));
  const periods = periodsOfIssue(cuts, { from: Math.min(...begins), at });
  const done = new Set<string>();
  for (const row of rows)
    for (const action of row.actions)
      for (const grant of grantsOf(action, row, named)) {
        const key = grantKey(grant);
        if (done.has(key)) continue;
        done.add(key);
        for (const period of periods)
          for (const { id, isNamed } of keysAt(rows, period, keys))
            yield {
              home,
              institutions: [institution],
              grant,
              period,
              ...(isNamed && { key: id }),
              facts: factsOf(row, grant, period, id),
            };
      }
}

function addTo(cells: Map<string, Cell>, { home, institution, rows, views, named, at }: Institution): void {
  for (const row of rows)
    for (const action of row.actions) {
      const life = lifeOf(row, action, views);
      if (life.from >= life.until || life.from > at) continue;
      const periods = periodsOfIssue(named.cuts, { from: life.from, at }).flatMap((period) =>
        periodWithin(period, life.until),
      );
      for (const grant of grantsOf(action, row, named))
        for (const period of periods) {
          const [serving] = keysAt(rows, period, NO_KEYS);
          if (!serving) continue;
          const shared = named.cuts.filter((cut) => cut <= period.from).length;
          const key = `${row.institutionKind} ${String(action.requireLogProof)} ${shared} ${grantKey(grant)}`;
          const cell = cells.get(key);
          if (!cell) {
            const facts = factsOf(row, grant, period, serving.id);
            cells.set(key, { home, institutions: [institution], grant, period, facts });
            continue;
          }
          if (cell.institutions.at(-1) !== institution) cell.institutions.push(institution);
          cell.period = joined(cell.period, period);
          if (JSON.stringify(cell.grant.quota) !== JSON.stringify(grant.quota)) {
            const { quota: _, ...unlimited } = cell.grant;
            cell.grant = unlimited;
          }
        }
    }
}

const NO_KEYS: ReadonlySet<string> = new Set();

/** As long as an action may be used in both views. */
function lifeOf(
  { authority, id }: Accreditation,
  { validFrom, validUntil }: RecognizedAction,
  views: readonly TrustView[],
): { from: number; until: number } {
  const ends = views.map((view) => view.endOf(authority, id) ?? Infinity);
  return {
    from: instant(validFrom),
    until: Math.min(validUntil === undefined ? Infinity : instant(validUntil), ...ends),
  };
}

function joined(a: IssuePeriod, b: IssuePeriod): IssuePeriod {
  const { until: _, ...first } = a.from <= b.from ? a : b;
  const until = a.until === undefined || b.until === undefined ? undefined : Math.max(a.until, b.until);
  return { ...first, ...(until !== undefined && { until }) };
}

function concerned(views: readonly TrustView[], reach: DraftReach): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const view of views)
    for (const { authority } of view.feeds)
      for (const { institution } of view.feedOf(authority)?.accreditations ?? []) {
        if (!reach.authorities.has(authority) && !reach.named.has(institution)) continue;
        const known = found.get(authority);
        if (known) known.add(institution);
        else found.set(authority, new Set([institution]));
      }
  return found;
}

/** Accreditations in either view, as the later one holds them. */
function rowsOf(views: readonly TrustView[], home: string, institution: string): Accreditation[] {
  const rows = new Map(views.flatMap((view) => view.accreditations(home, institution)).map((row) => [row.id, row]));
  return [...rows.values()];
}

/** The key a certificate of the period is signed with: one that serves, and each one the draft speaks of. */
function keysAt(
  rows: readonly Accreditation[],
  { signedAt }: IssuePeriod,
  named: ReadonlySet<string>,
): { id: string; isNamed: boolean }[] {
  const at = instant(signedAt);
  const keys = rows.flatMap(({ signingKeys }) => signingKeys);
  const serving = keys.find(
    ({ id, validFrom, validUntil }) =>
      !named.has(id) && instant(validFrom) <= at && (validUntil === undefined || at < instant(validUntil)),
  );
  const spoken = new Set(keys.filter(({ id }) => named.has(id)).map(({ id }) => id));
  return [
    ...(serving ? [{ id: serving.id, isNamed: false }] : []),
    ...[...spoken].map((id) => ({ id, isNamed: true })),
  ];
}

function factsOf(
  { id, authority, institution }: Accreditation,
  { kind, occupation, level, region, standard, employer }: Grant,
  { issuedAt, signedAt }: IssuePeriod,
  verificationMethod: string,
): CertificateFacts {
  return {
    kind,
    certificateNumber: '',
    issuer: institution,
    verificationMethod,
    issuedAt,
    signedAt,
    ...(occupation && { occupation: { code: occupation.code, catalogueEdition: occupation.edition } }),
    ...(level && { level }),
    region: region.code,
    ...(standard !== undefined && { standard: { id: standard, type: 'national' } }),
    ...(employer !== undefined && { candidateEmployer: { uscc: employer } }),
    issuedUnder: { id, authority },
  };
}

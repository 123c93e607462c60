import type { TrustView } from '../trust-view.js';
import type { Recognition, RecognizedAction, RegistryEvent, Scope } from '../types.js';
import type { DraftReach } from './draft-reach.js';
import { cutAt } from './periods-of-issue.js';

/** What statements above the accreditations ask for: it divides certificates that fare differently. */
export interface NamedByStatements {
  occupations: Set<string>;
  regions: Set<string>;
  standards: Set<string>;
  /** Milliseconds at which something begins or ends. */
  cuts: number[];
  /** Institutions named one by one, of whom a decision may differ from that of others like them. */
  institutions: Set<string>;
}

/** What recognitions and events of the anchor, and of those the draft may reach, ask for. */
export function namedByStatements(views: readonly TrustView[], anchor: string, reach: DraftReach): NamedByStatements {
  const named: NamedByStatements = {
    occupations: new Set(),
    regions: new Set(),
    standards: new Set(),
    cuts: [],
    institutions: new Set(reach.named),
  };
  for (const view of views)
    for (const maker of new Set([anchor, ...reach.authorities])) {
      for (const [subject, rows] of view.recognitionsBy(maker))
        if (maker !== anchor || reach.authorities.has(subject))
          for (const row of rows) addRecognition(named, row, view);
      for (const { about } of view.feedOf(maker)?.events ?? []) named.institutions.add(about);
      for (const { chainLeader } of view.feedOf(maker)?.supplyChain ?? []) named.institutions.add(chainLeader);
      for (const event of [...reach.authorities].flatMap((about) => view.eventsBy(maker, about))) {
        named.cuts.push(...eventCuts(event));
        addScope(named, event.scope ?? {});
      }
    }
  return named;
}

/** Instants at which an event begins or ends to speak. */
export function eventCuts(event: RegistryEvent): number[] {
  return [event.effectiveFrom, event.effectiveUntil, event.voidsIssuedSince, event.compromisedSince].flatMap(cutAt);
}

/** Instants at which a granted action begins or ends to speak. */
export function actionCuts({ validFrom, validUntil, certificateIssued }: RecognizedAction): number[] {
  return [validFrom, validUntil, certificateIssued?.from, certificateIssued?.until].flatMap(cutAt);
}

function addRecognition(named: NamedByStatements, row: Recognition, view: TrustView): void {
  if (row.homeAuthority !== undefined) named.institutions.add(row.subject);
  const end = view.endOf(row.authority, row.id);
  if (end !== undefined) named.cuts.push(end);
  for (const action of row.actions) {
    addScope(named, action.scope);
    named.cuts.push(...actionCuts(action));
    for (const { from } of action.levelMapping ?? [])
      if (from.occupation !== undefined)
        named.occupations.add(/^\d/.test(from.occupation) ? from.occupation : `permit:${from.occupation}`);
  }
}

function addScope(named: NamedByStatements, { occupation, region, standard, institutions }: Scope): void {
  for (const pattern of occupation ?? []) named.occupations.add(pattern);
  for (const pattern of region ?? []) named.regions.add(pattern);
  for (const id of standard ?? []) named.standards.add(id);
  for (const did of [...(institutions?.permitted ?? []), ...(institutions?.excluded ?? [])])
    named.institutions.add(did);
}

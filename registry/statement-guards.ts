import type { Knex } from 'knex';
import { YizhengError } from '../shared/errors.js';
import { narrowing } from '../shared/trust/narrowing.js';
import { parseStatement, statementProblem } from '../shared/trust/statement-schema.js';
import { instant, rfc3339 } from '../shared/trust/time.js';
import type {
  Accreditation,
  Recognition,
  RegistryEvent,
  StatementKind,
  StatementTypes,
} from '../shared/trust/types.js';
import { LEAD_TIME_MS } from './periods.js';

/**
 * Parses what an authority wants to say, and names what is impossible about it.
 * @throws YizhengError (422) `STATEMENT_ENDS_BEFORE_BEGIN`, `STATEMENT_ABOUT_ITSELF`, `STATEMENT_SUPERSEDES_ITSELF`,
 *   `STATEMENT_LEVEL_UNKNOWN`, `STATEMENT_SCOPE_WIDENED`, `STATEMENT_INVALID`, each with the place
 */
export function parseSaid<K extends StatementKind>(kind: K, input: object): StatementTypes[K] {
  const statement = parse(kind, input);
  if (kind === 'recognition') refuseWidening(statement as Recognition);
  return statement;
}

/**
 * Checks that what a statement cites is there: statements cited must exist, be of the same kind and be the authority's own. As nothing
 * can cite what does not exist yet, statements never supersede each other in a circle.
 * @returns the statements cited
 * @throws YizhengError (422) `STATEMENT_CITES_UNKNOWN`, `STATEMENT_CITES_OTHER_KIND`
 */
export async function citedStatements(
  transaction: Knex,
  slug: string,
  kind: StatementKind,
  statement: StatementTypes[StatementKind],
): Promise<(Accreditation | Recognition)[]> {
  const cited: (Accreditation | Recognition)[] = [];
  for (const { id, at, kind: expected } of citations(kind, statement)) {
    const row = (await transaction('registry_statements').where({ slug, id }).first()) as
      { kind: StatementKind; statement: string } | undefined;
    if (!row) throw guardError('STATEMENT_CITES_UNKNOWN', at, 'this authority has made no such statement.');
    if (expected !== undefined && row.kind !== expected)
      throw guardError('STATEMENT_CITES_OTHER_KIND', at, `is not a statement of kind ${expected}.`);
    cited.push(JSON.parse(row.statement) as Accreditation | Recognition);
  }
  return cited;
}

/**
 * An accreditation ends the one it replaces when it begins: that must not lie in the past, or certificates issued since would have been
 * issued under nothing.
 * @param now RFC 3339
 * @throws YizhengError `REPLACEMENT_BEGINS_IN_PAST` (422)
 */
export function checkReplacement({ actions, supersedes = [] }: Accreditation, now: string): void {
  if (supersedes.length === 0) return;
  for (const [i, { validFrom }] of actions.entries())
    if (instant(validFrom) < instant(now))
      throw guardError('REPLACEMENT_BEGINS_IN_PAST', `/actions/${i}/validFrom`, `the earliest is ${now}.`);
}

/** What a statement takes away from a recognition sooner than every client can learn of it. */
export interface LeadTimeLack {
  /** The earliest instant at which it may be taken away, RFC 3339. */
  earliest: string;
  /** Members of the recognition that grant less; empty when all of it ends. */
  takesAway: string[];
  /** Id of the recognition. */
  from: string;
  /** JSON pointer to what comes too soon. */
  at: string;
}

/**
 * A narrowing or an end of a recognition waits until every client has had the time to learn of it (TRUST §3.2). Suspensions,
 * withdrawals, key events and denials take effect at once.
 * @param cited from {@link citedStatements}
 * @param isPublished was this statement published before? What no client has may be corrected at once
 * @returns the first thing that comes too soon
 */
export async function leadTimeLack(
  kind: StatementKind,
  statement: StatementTypes[StatementKind],
  cited: readonly (Accreditation | Recognition)[],
  now: number,
  isPublished: (id: string) => Promise<boolean>,
): Promise<LeadTimeLack | undefined> {
  for (const old of cited) {
    if (!isRecognition(old)) continue;
    const { from, at, members } = loss(kind, statement, old);
    const earliest = now + LEAD_TIME_MS;
    if (from === undefined || from >= earliest || !(await isPublished(old.id))) continue;
    return { earliest: ceil(earliest), takesAway: members, from: old.id, at };
  }
  return undefined;
}

/**
 * Refuses what {@link leadTimeLack} finds.
 * @throws YizhengError `LEAD_TIME` (422) naming the earliest possible instant
 */
export function refuseLeadTimeLack(lack: LeadTimeLack | undefined): void {
  if (!lack) return;
  const { earliest, takesAway, from, at } = lack;
  const what = takesAway.length === 0 ? 'everything' : takesAway.join(', ');
  throw guardError('LEAD_TIME', at, `takes ${what} away from ${from} too soon; the earliest is ${earliest}.`);
}

function loss(
  kind: StatementKind,
  statement: StatementTypes[StatementKind],
  old: Recognition,
): { from: number | undefined; at: string; members: string[] } {
  if (kind === 'event') {
    const { effectiveFrom } = statement as RegistryEvent;
    const over = old.actions.every(
      ({ validUntil }) => validUntil !== undefined && instant(validUntil) <= instant(effectiveFrom),
    );
    return { from: over ? undefined : instant(effectiveFrom), at: '/effectiveFrom', members: [] };
  }
  const { members, from } = narrowing(old, statement as Recognition);
  return { from, at: '/actions', members };
}

function citations(
  kind: StatementKind,
  statement: StatementTypes[StatementKind],
): { id: string; at: string; kind?: StatementKind }[] {
  if (kind === 'event') {
    const { statement: id } = statement as RegistryEvent;
    return id === undefined ? [] : [{ id, at: '/statement' }];
  }
  const { supersedes = [] } = statement as Partial<Accreditation>;
  return supersedes.map((id, i) => ({ id, at: `/supersedes/${i}`, kind }));
}

/** A mapping can only speak about levels and kinds the action's own scope grants. */
function refuseWidening({ actions }: Recognition): void {
  for (const [i, { scope, levelMapping = [] }] of actions.entries())
    for (const [j, { from }] of levelMapping.entries()) {
      const level = scope.level?.some(({ framework, value }) => framework === from.framework && value === from.value);
      const kind = from.kind === undefined || scope.kind?.includes(from.kind) !== false;
      if (level === false || !kind)
        throw guardError(
          'STATEMENT_SCOPE_WIDENED',
          `/actions/${i}/levelMapping/${j}/from`,
          'maps what the scope of the action does not grant.',
        );
    }
}

function parse<K extends StatementKind>(kind: K, input: object): StatementTypes[K] {
  try {
    return parseStatement(kind, input);
  } catch (error) {
    const code = statementProblem(kind, input);
    if (!(error instanceof YizhengError) || code === undefined || error.at === undefined) throw error;
    throw new YizhengError(code, error.message, { at: error.at, status: 422, cause: error });
  }
}

function isRecognition(statement: Accreditation | Recognition): statement is Recognition {
  return statement.id.startsWith('urn:yizheng:recognition:');
}

function ceil(milliseconds: number): string {
  return rfc3339(Math.ceil(milliseconds / 1000) * 1000);
}

function guardError(code: string, at: string, what: string): YizhengError {
  return new YizhengError(code, `${at}: ${what}`, { at, status: 422 });
}

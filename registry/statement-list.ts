import { actionState, type ActionState } from '../shared/trust/explain/statement-state.js';
import { instant, rfc3339 } from '../shared/trust/time.js';
import { createTrustView, type TrustView } from '../shared/trust/trust-view.js';
import type {
  Accreditation,
  Recognition,
  RegistryEvent,
  StatementKind,
  StatementTypes,
  SupplyChainMembership,
} from '../shared/trust/types.js';
import type { Authorities } from './authorities.js';
import type { RegistryEffects } from './effects.js';
import { aboutOf } from './publication-state.js';
import { PublishedRows } from './published-rows.js';
import { saidContent } from './said-content.js';
import type { KeptStatement, Statements } from './statements.js';

/** The kinds of statement in the order they are listed in. */
export const STATEMENT_KINDS = ['accreditation', 'recognition', 'event', 'review', 'supply-chain'] as const;

/** A statement as the authority's officer sees it. */
export interface ListedStatement {
  id: string;
  kind: StatementKind;
  /** Whom it is about. */
  subject: { id: string; name: string };
  statement: StatementTypes[StatementKind];
  state: ActionState['state'];
  /** RFC 3339. */
  begins: string;
  /** Absent while it is open. */
  ends?: string;
  /** The statement that supersedes it. */
  replacedBy?: string;
  /** The event that revokes it. */
  revokedBy?: string;
  isPublished: boolean;
}

/** Which statements are asked for. */
export interface StatementQuery {
  kind?: StatementKind;
  state?: ActionState['state'];
  /** DID of whom they are about. */
  about?: string;
  /** Id behind which to go on. */
  after?: string;
  /** Most of them. */
  limit: number;
}

/** What an authority has said, with what has become of it. */
export class StatementList {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
    private readonly statements: Statements,
  ) {}

  /** In order of kind and id. @throws YizhengError `NOT_FOUND` (404) */
  async list(slug: string, query: StatementQuery): Promise<{ statements: ListedStatement[]; next?: string }> {
    const { knex } = this.effects.database;
    const authority = await this.authorities.get(slug);
    const now = this.effects.clock().getTime();
    const said = await saidContent(this.statements, authority, now);
    const view = createTrustView([said], authority.did);
    const published = await PublishedRows.read(knex, slug);
    const kinds = query.kind === undefined ? STATEMENT_KINDS : [query.kind];
    const kept = (await Promise.all(kinds.map((kind) => this.statements.list(slug, kind)))).flat();
    const endings = endingsOf(kept);
    const found: ListedStatement[] = [];
    let isBehind = query.after === undefined;
    for (const row of kept) {
      if (!isBehind) {
        isBehind = row.statement.id === query.after;
        continue;
      }
      const listed = shown(row, { view, now, published, endings });
      if (query.state !== undefined && listed.state !== query.state) continue;
      if (query.about !== undefined && !isAbout(row, query.about)) continue;
      if (found.length === query.limit) return { statements: found, next: found.at(-1)?.id ?? '' };
      found.push(listed);
    }
    return { statements: found };
  }

  /** Statements that no publication holds as they are now. @throws YizhengError `NOT_FOUND` (404) */
  async unpublished(slug: string): Promise<KeptStatement[]> {
    await this.authorities.get(slug);
    const published = await PublishedRows.read(this.effects.database.knex, slug);
    const kept = (await Promise.all(STATEMENT_KINDS.map((kind) => this.statements.list(slug, kind)))).flat();
    return kept.filter((row) => !published.holds(row));
  }
}

interface Endings {
  replaced: ReadonlyMap<string, string>;
  revoked: ReadonlyMap<string, string>;
}

function endingsOf(kept: readonly KeptStatement[]): Endings {
  const replaced = new Map<string, string>();
  const revoked = new Map<string, string>();
  for (const { statement } of kept) {
    if ('supersedes' in statement) for (const old of statement.supersedes ?? []) replaced.set(old, statement.id);
    if ('event' in statement && statement.event === 'statement-revoked' && statement.statement !== undefined)
      revoked.set(statement.statement, statement.id);
  }
  return { replaced, revoked };
}

function shown(
  row: KeptStatement,
  context: { view: TrustView; now: number; published: PublishedRows; endings: Endings },
): ListedStatement {
  const { kind, statement } = row;
  const { view, now, published, endings } = context;
  const { state, begins, ends } = stateOf(row, view, now);
  const replacedBy = endings.replaced.get(statement.id);
  const revokedBy = endings.revoked.get(statement.id);
  const id = aboutOf(row.statement);
  return {
    id: statement.id,
    kind,
    subject: { id, name: nameOf(statement) ?? view.institutionName(id) ?? view.authorityName(id) ?? id },
    statement,
    state,
    begins: rfc3339(begins),
    ...(ends !== Infinity && { ends: rfc3339(ends) }),
    ...(replacedBy !== undefined && { replacedBy }),
    ...(revokedBy !== undefined && { revokedBy }),
    isPublished: published.holds(row),
  };
}

const IN_ORDER = ['live', 'suspended', 'future', 'ended'] as const;

/** A statement is as alive as the liveliest thing it grants. */
function stateOf({ kind, statement }: KeptStatement, view: TrustView, now: number): ActionState {
  if (kind === 'accreditation' || kind === 'recognition') {
    const granted = statement as Accreditation | Recognition;
    const states = granted.actions.map((action) => actionState(granted, action, view, now));
    return {
      state: IN_ORDER.find((one) => states.some(({ state }) => state === one)) ?? 'ended',
      begins: Math.min(...states.map(({ begins }) => begins)),
      ends: Math.max(...states.map(({ ends }) => ends)),
    };
  }
  const { from, until } =
    kind === 'event'
      ? { from: (statement as RegistryEvent).effectiveFrom, until: (statement as RegistryEvent).effectiveUntil }
      : {
          from: (statement as SupplyChainMembership).validFrom,
          until: (statement as SupplyChainMembership).validUntil,
        };
  const begins = instant(from);
  const ends = until === undefined ? Infinity : instant(until);
  return { state: now < begins ? 'future' : now >= ends ? 'ended' : 'live', begins, ends };
}

function nameOf(statement: KeptStatement['statement']): string | undefined {
  return 'legalName' in statement ? statement.legalName : undefined;
}

function isAbout(row: KeptStatement, did: string): boolean {
  const { statement } = row;
  return aboutOf(row.statement) === did || ('homeAuthority' in statement && statement.homeAuthority === did);
}

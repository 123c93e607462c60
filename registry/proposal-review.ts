import { YizhengError } from '../shared/errors.js';
import type { Authorities } from './authorities.js';
import { isStatementChange } from './change.js';
import { readDualControl } from './dual-control.js';
import type { RegistryEffects } from './effects.js';
import type { Proposal, Proposals } from './proposals.js';
import { statementDifferences, type StatementDifference } from './statement-differences.js';
import type { Statements } from './statements.js';

/** A proposal with what it would change, for whoever is to approve it. */
export interface ReviewedProposal {
  proposal: Proposal;
  /** What there is now: the statement it replaces, revokes or updates, or the settings; null for something new. */
  before: object | null;
  /** What there would be; null for new keys of the registry, which are made only then. */
  after: object | null;
  differences: StatementDifference[];
  /** Why it could not be approved as things stand. */
  problem?: { code: string; detail: string; at?: string };
}

/** Shows proposals beside what they change. */
export class ProposalReview {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
    private readonly statements: Statements,
    private readonly proposals: Proposals,
  ) {}

  /** @throws YizhengError `NOT_FOUND` (404) */
  async read(slug: string, id: string): Promise<ReviewedProposal> {
    const { knex } = this.effects.database;
    const authority = await this.authorities.get(slug);
    const proposal = await this.proposals.get(slug, id);
    const change = await this.proposals.changeOf(slug, id);
    if (change.operation === 'root') return { proposal, before: null, after: null, differences: [] };
    if (change.operation === 'dual-control') {
      const before = { dualControl: await readDualControl(knex, slug) };
      return { proposal, before, after: change.input, differences: statementDifferences(before, change.input) };
    }
    const decided = isStatementChange(change) && proposal.state === 'approved' ? proposal.result : undefined;
    if (decided) return { proposal, before: null, after: decided, differences: [] };
    try {
      const draft = await this.statements.draft(knex, authority, change);
      const before = draft.cited[0] ?? null;
      // An event is of another kind than what it revokes: nothing of the two can be compared.
      const isComparable = draft.kind !== 'event';
      const differences = isComparable ? statementDifferences(before ?? undefined, draft.statement) : [];
      const isLate = draft.lack !== undefined && change.urgentReason === undefined;
      return {
        proposal,
        before,
        after: draft.statement,
        differences,
        ...(isLate && {
          problem: {
            code: 'LEAD_TIME',
            detail: `It takes something away too soon; the earliest is ${draft.lack?.earliest ?? ''}.`,
            at: draft.lack?.at ?? '',
          },
        }),
      };
    } catch (error) {
      if (!(error instanceof YizhengError)) throw error;
      const { code, message, at } = error;
      const problem = { code, detail: message, ...(at !== undefined && { at }) };
      return { proposal, before: null, after: { ...change.input }, differences: [], problem };
    }
  }
}

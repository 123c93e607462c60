import canonicalize from 'canonicalize';
import type { Knex } from 'knex';
import {
  answerIdempotencyKey,
  appendAudit,
  claimIdempotencyKey,
  findIdempotencyKey,
  personOf,
  type Role,
} from '../server/index.js';
import { YizhengError } from '../shared/errors.js';
import { sha256Hex } from '../shared/trust/digest.js';
import { DAY } from '../shared/trust/time.js';
import type { StatementKind, StatementTypes } from '../shared/trust/types.js';
import { refuseApplicant } from './applications/refuse-applicant.js';
import type { Authorities, Authority } from './authorities.js';
import { isStatementChange, kindsOf, type Change } from './change.js';
import { needsApproval, readDualControl, type ChangeKind, type DualControlKind } from './dual-control.js';
import type { RegistryEffects } from './effects.js';
import { refuseProposer } from './second-person.js';
import { PROPOSAL_DAYS } from './periods.js';
import { proposalBasis } from './proposal-basis.js';
import type { Statements } from './statements.js';

/** Who writes, and the key that lets the write be repeated. */
export interface Writer {
  /** Id of the API key. */
  actor: string;
  roles: readonly Role[];
  /** Value of the `Idempotency-Key` header. */
  idempotencyKey?: string | undefined;
}

/**
 * Where a proposal stands. `stale`: what it was made for had changed when it was to be approved; `expired`: nobody decided within
 * {@link PROPOSAL_DAYS}.
 */
export type ProposalState = 'open' | 'approved' | 'rejected' | 'stale' | 'expired';

/** A change that waits, or waited, for a second person. */
export interface Proposal {
  id: string;
  kinds: readonly ChangeKind[];
  operation: Change['operation'];
  /** All of it, as it is made on approval; dates left out begin then. */
  input: Change['input'];
  urgentReason?: string;
  state: ProposalState;
  /** Id of the API key. */
  proposedBy: string;
  proposedAt: string;
  decidedBy?: string;
  decidedAt?: string;
  reason?: string;
  /** What approval made: the statement, the root, the setting. */
  result?: ChangeResult;
}

/** What a change made. */
export type ChangeResult =
  StatementTypes[StatementKind] | { version: number; digestMultibase: string } | { dualControl: DualControlKind[] };

/** True when what was made is a statement. */
export function isStatementResult(result: ChangeResult): result is StatementTypes[StatementKind] {
  return 'id' in result;
}

/** A change was made, or waits for a second person. */
export type Submitted = { state: 'made'; result: ChangeResult } | { state: 'proposed'; proposal: Proposal };

interface Row {
  id: string;
  operation: string;
  change: string;
  basis: string;
  proposed_by: string;
  proposer_label: string;
  proposed_at: string;
  state: Exclude<ProposalState, 'expired'>;
  decided_by: string | null;
  decided_at: string | null;
  reason: string | null;
  result: string | null;
}

/** Roles that may approve or reject a change of a kind. */
const APPROVERS: Record<ChangeKind, readonly Role[]> = {
  root: ['approver', 'custodian'],
  recognition: ['approver', 'officer'],
  accreditation: ['approver', 'officer'],
  event: ['approver', 'officer'],
  settings: ['approver', 'officer', 'admin'],
};

/** Four eyes: changes an authority asks a second person for wait here, whole, until another person approves or rejects them. */
export class Proposals {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
    private readonly statements: Statements,
  ) {}

  /**
   * Makes a change, or proposes it where a second person is asked for. Either way it is checked now; nothing of a proposal takes effect
   * before approval.
   * @param said what the client sent: the same again under the same idempotency key gives the same answer
   * @param prepare looks up what the change needs from outside
   * @param also what is written with it, in the same transaction
   * @throws YizhengError as `prepare`, `also`, `Statements.apply`; `IDEMPOTENCY_KEY_REUSED` (422)
   */
  async submit(
    slug: string,
    writer: Writer,
    said: object,
    prepare: () => Promise<Change>,
    also?: (transaction: Knex.Transaction, submitted: Submitted) => Promise<void>,
  ): Promise<Submitted> {
    const authority = await this.authorities.get(slug);
    const claim = this.claim(slug, writer, 'registry.write', said);
    const before = claim && (await findIdempotencyKey(this.effects.database.knex, claim));
    if (before?.state === 'done') return JSON.parse(before.answer) as Submitted;
    const change = await prepare();
    return this.once(claim, async (transaction) => {
      const submitted: Submitted = needsApproval(await readDualControl(transaction, slug), change)
        ? { state: 'proposed', proposal: await this.propose(transaction, authority, change, writer.actor) }
        : { state: 'made', result: await this.apply(transaction, authority, change, writer.actor) };
      await also?.(transaction, submitted);
      return submitted;
    });
  }

  /**
   * Approves a proposal and makes its change, checked anew.
   * @throws YizhengError `NOT_FOUND` (404), `PROPOSER_MAY_NOT_APPROVE`, `APPROVER_NOT_INDEPENDENT`, `APPLICANT_MAY_NOT_DECIDE`, `ROLE_MISSING` (403), `PROPOSAL_DECIDED`, `PROPOSAL_STALE`, `PROPOSAL_EXPIRED` (409),
   *   as `Statements.apply`; the proposal stays open when the change itself is refused
   */
  async approve(slug: string, id: string, writer: Writer, reason?: string): Promise<Proposal> {
    const authority = await this.authorities.get(slug);
    const claim = this.claim(slug, writer, 'proposal.approve', { id, reason });
    const proposal = await this.once(claim, async (transaction) => {
      const row = await this.open(transaction, slug, id, writer);
      const change = JSON.parse(row.change) as Change;
      const cautions = await refuseProposer(transaction, row, writer.actor);
      await refuseApplicant(transaction, slug, id, writer.actor);
      if ((await proposalBasis(transaction, slug, change)) !== row.basis)
        return this.decide(transaction, slug, row, { state: 'stale', actor: writer.actor, reason });
      const result = await this.apply(transaction, authority, change, writer.actor);
      return this.decide(transaction, slug, row, { state: 'approved', actor: writer.actor, reason, result, cautions });
    });
    if (proposal.state === 'stale')
      throw new YizhengError('PROPOSAL_STALE', 'What this was proposed for has changed since; propose it anew.', {
        status: 409,
      });
    return proposal;
  }

  /**
   * Rejects a proposal; its proposer may so withdraw it.
   * @throws YizhengError `NOT_FOUND` (404), `ROLE_MISSING` (403), `PROPOSAL_DECIDED`, `PROPOSAL_EXPIRED` (409)
   */
  async reject(slug: string, id: string, writer: Writer, reason: string): Promise<Proposal> {
    await this.authorities.get(slug);
    return this.once(this.claim(slug, writer, 'proposal.reject', { id, reason }), async (transaction) => {
      const row = await this.open(transaction, slug, id, writer);
      return this.decide(transaction, slug, row, { state: 'rejected', actor: writer.actor, reason });
    });
  }

  /** One proposal. @throws YizhengError `NOT_FOUND` (404) */
  async get(slug: string, id: string): Promise<Proposal> {
    return shown(await this.row(this.effects.database.knex, slug, id), this.effects.clock());
  }

  /** The change a proposal would make. @throws YizhengError `NOT_FOUND` (404) */
  async changeOf(slug: string, id: string): Promise<Change> {
    return JSON.parse((await this.row(this.effects.database.knex, slug, id)).change) as Change;
  }

  /** Proposals of an authority, oldest first. @throws YizhengError `NOT_FOUND` (404) */
  async list(slug: string, state?: ProposalState): Promise<Proposal[]> {
    await this.authorities.get(slug);
    const rows = (await this.effects.database
      .knex('registry_proposals')
      .where(state === undefined ? { slug } : { slug, state: state === 'expired' ? 'open' : state })
      .orderBy(['proposed_at', 'id'])) as Row[];
    const now = this.effects.clock();
    return rows.map((row) => shown(row, now)).filter((proposal) => state === undefined || proposal.state === state);
  }

  private async propose(
    transaction: Knex.Transaction,
    authority: Authority,
    change: Change,
    actor: string,
  ): Promise<Proposal> {
    const { slug } = authority;
    if (isStatementChange(change)) await this.statements.sayable(transaction, authority, change);
    const now = this.effects.clock();
    const row: Row = {
      id: Buffer.from(this.effects.randomBytes(10)).toString('hex'),
      operation: change.operation,
      change: JSON.stringify(change),
      basis: await proposalBasis(transaction, slug, change),
      proposed_by: actor,
      proposer_label: await personOf(transaction, actor),
      proposed_at: now.toISOString(),
      state: 'open',
      decided_by: null,
      decided_at: null,
      reason: null,
      result: null,
    };
    await transaction('registry_proposals').insert({ slug, ...row });
    const detail = {
      operation: change.operation,
      change: sha256Hex(row.change),
      ...(change.urgentReason !== undefined && { urgentReason: change.urgentReason }),
    };
    await appendAudit(transaction, { tenant: slug, actor, action: 'proposal.add', subject: row.id, detail }, now);
    return shown(row, now);
  }

  private async row(knex: Knex, slug: string, id: string): Promise<Row> {
    const row = (await knex('registry_proposals').where({ slug, id }).first()) as Row | undefined;
    if (!row) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    return row;
  }

  private async open(transaction: Knex.Transaction, slug: string, id: string, writer: Writer): Promise<Row> {
    const row = await this.row(transaction, slug, id);
    if (row.state !== 'open')
      throw new YizhengError('PROPOSAL_DECIDED', `This proposal is ${row.state} already.`, { status: 409 });
    if (stateOf(row, this.effects.clock()) === 'expired')
      throw new YizhengError('PROPOSAL_EXPIRED', `Nobody decided within ${PROPOSAL_DAYS} days; propose it anew.`, {
        status: 409,
      });
    for (const kind of kindsOf(JSON.parse(row.change) as Change))
      if (!APPROVERS[kind].some((role) => writer.roles.includes(role)))
        throw new YizhengError('ROLE_MISSING', `This needs one of the roles: ${APPROVERS[kind].join(', ')}.`, {
          status: 403,
        });
    return row;
  }

  private async decide(
    transaction: Knex.Transaction,
    slug: string,
    row: Row,
    decision: {
      state: Exclude<Row['state'], 'open'>;
      actor: string;
      reason: string | undefined;
      result?: ChangeResult;
      cautions?: readonly string[];
    },
  ): Promise<Proposal> {
    const now = this.effects.clock();
    const { state, actor, reason, result, cautions = [] } = decision;
    const columns = {
      state,
      decided_by: actor,
      decided_at: now.toISOString(),
      reason: reason ?? null,
      result: result ? JSON.stringify(result) : null,
    };
    await transaction('registry_proposals').where({ slug, id: row.id }).update(columns);
    const detail = {
      operation: row.operation,
      change: sha256Hex(row.change),
      ...(reason !== undefined && { reason }),
      ...(cautions.length > 0 && { cautions: [...cautions] }),
    };
    const entry = { tenant: slug, actor, action: `proposal.${state}`, subject: row.id, detail };
    await appendAudit(transaction, entry, now);
    return shown({ ...row, ...columns }, now);
  }

  private async apply(
    transaction: Knex.Transaction,
    authority: Authority,
    change: Change,
    actor: string,
  ): Promise<ChangeResult> {
    if (isStatementChange(change)) return this.statements.apply(transaction, authority, change, actor);
    if (change.operation === 'dual-control') {
      const { dualControl } = change.input;
      return { dualControl: await this.authorities.applyDualControl(transaction, authority, dualControl, actor) };
    }
    const { version, digestMultibase } = await this.authorities.applyRoot(
      transaction,
      authority,
      change.input.rotate,
      actor,
    );
    return { version, digestMultibase };
  }

  private claim(slug: string, { actor, idempotencyKey }: Writer, operation: string, said: object): Claim | undefined {
    if (idempotencyKey === undefined) return undefined;
    const fingerprint = sha256Hex(`${actor} ${canonicalize(said) ?? ''}`);
    return { tenant: slug, key: idempotencyKey, operation, fingerprint };
  }

  /** Does the work once for each idempotency key, in the transaction that stores the answer. */
  private once<T>(claim: Claim | undefined, work: (transaction: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.effects.database.write(async (transaction) => {
      if (!claim) return work(transaction);
      const known = await claimIdempotencyKey(transaction, { ...claim, now: this.effects.clock() });
      if (known.state === 'done') return JSON.parse(known.answer) as T;
      const answer = await work(transaction);
      await answerIdempotencyKey(transaction, { ...claim, status: 200, answer: JSON.stringify(answer) });
      return answer;
    });
  }
}

interface Claim {
  tenant: string;
  key: string;
  operation: string;
  fingerprint: string;
}

/** A proposal waits for so long only: what was right to propose then may be approved by nobody who still knows why. */
function stateOf(row: Row, now: Date): ProposalState {
  const isOver = now.getTime() - Date.parse(row.proposed_at) > PROPOSAL_DAYS * DAY;
  return row.state === 'open' && isOver ? 'expired' : row.state;
}

function shown(row: Row, now: Date): Proposal {
  const change = JSON.parse(row.change) as Change;
  const { urgentReason, operation, input } = change;
  return {
    id: row.id,
    kinds: kindsOf(change),
    operation,
    input,
    ...(urgentReason !== undefined && { urgentReason }),
    state: stateOf(row, now),
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.decided_at !== null && { decidedAt: row.decided_at }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.result !== null && { result: JSON.parse(row.result) as ChangeResult }),
  };
}

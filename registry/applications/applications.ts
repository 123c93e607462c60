import type { Knex } from 'knex';
import { appendAudit } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { actionState } from '../../shared/trust/explain/statement-state.js';
import { createTrustView } from '../../shared/trust/trust-view.js';
import type { Accreditation } from '../../shared/trust/types.js';
import type { Authorities } from '../authorities.js';
import type { RegistryEffects } from '../effects.js';
import { isStatementResult, type Proposals, type Submitted, type Writer } from '../proposals.js';
import { saidContent } from '../said-content.js';
import { statementDifferences, type StatementDifference } from '../statement-differences.js';
import type { AccreditationInput } from '../statement-input.js';
import type { Statements } from '../statements.js';
import {
  readApplication as parseApplication,
  type Application,
  type ApplicationInput,
  type ApplicationState,
} from './application.js';
import { refuseSamePerson } from './refuse-applicant.js';
import { readApplication, readApplications, type ApplicationRow } from './application-store.js';

/** One step of an application. */
export interface ApplicationStep {
  /** RFC 3339. */
  at: string;
  actor: string;
  action: string;
  reason?: string;
}

/** An application with what an officer compares it with. */
export interface ReviewedApplication {
  application: Application;
  /** Accreditations of the institution that are in force or will be. */
  held: Accreditation[];
  /** What is applied for otherwise than held last; everything, where nothing is held. */
  differences: StatementDifference[];
  history: ApplicationStep[];
}

/** What an officer changes when an application becomes an accreditation. */
export type AccreditChanges = {
  [K in 'actions' | 'supersedes' | 'signingKeys']?: AccreditationInput[K] | undefined;
};

/** Reason, and which states a step starts from. */
interface Step {
  from: readonly ApplicationState[];
  to: ApplicationState;
  action: string;
  reason?: string;
}

/** Institutions apply for accreditation (备案申请); an officer reviews, and a second person confirms as with any accreditation. */
export class Applications {
  constructor(
    private readonly effects: RegistryEffects,
    private readonly authorities: Authorities,
    private readonly statements: Statements,
    private readonly proposals: Proposals,
  ) {}

  /**
   * Hands an application in.
   * @throws YizhengError `NOT_FOUND` (404), `STATEMENT_INVALID` (422), `APPLICATION_OPEN` (409: another of this institution waits)
   */
  async handIn(slug: string, input: ApplicationInput, actor: string): Promise<Application> {
    await this.authorities.get(slug);
    const content = parseApplication(input, this.statements.today());
    const now = this.effects.clock();
    const id = Buffer.from(this.effects.randomBytes(10)).toString('hex');
    return this.effects.database.write(async (transaction) => {
      const others = await readApplications(transaction, slug, { institution: content.institution }, now);
      if (others.some(({ state }) => OPEN.includes(state)))
        throw new YizhengError('APPLICATION_OPEN', 'An application of this institution waits already.', {
          status: 409,
          at: '/institution',
        });
      await transaction('registry_applications').insert({
        slug,
        id,
        institution: content.institution,
        content: JSON.stringify(content),
        state: 'submitted',
        revision: 1,
        handed_in_by: actor,
        handed_in_at: now.toISOString(),
      });
      await this.audit(transaction, slug, actor, { action: 'application.hand-in', id, revision: 1 });
      return readApplication(transaction, slug, id, now);
    });
  }

  /**
   * Hands in again what was sent back.
   * @throws YizhengError `NOT_FOUND` (404: also somebody else's), `APPLICATION_STATE` (409), `APPLICATION_OTHER_INSTITUTION`, `STATEMENT_INVALID` (422)
   */
  async handInAgain(slug: string, id: string, input: ApplicationInput, actor: string): Promise<Application> {
    const content = parseApplication(input, this.statements.today());
    return this.step(slug, id, { from: ['sent-back'], to: 'submitted', action: 'application.hand-in' }, actor, {
      owner: true,
      change: ({ institution, revision }) => {
        if (institution.id !== content.institution)
          throw new YizhengError('APPLICATION_OTHER_INSTITUTION', 'This application is of another institution.', {
            status: 422,
            at: '/institution',
          });
        const handedIn = { handed_in_at: this.effects.clock().toISOString(), handed_in_by: actor };
        return {
          content: JSON.stringify(content),
          revision: revision + 1,
          ...handedIn,
          decided_by: null,
          decided_at: null,
          reason: null,
        };
      },
    });
  }

  /** Applications, oldest first. @param owner only what this account or key handed in. @throws YizhengError `NOT_FOUND` (404) */
  async list(slug: string, options: { owner?: string; state?: ApplicationState } = {}): Promise<Application[]> {
    await this.authorities.get(slug);
    const where = options.owner === undefined ? {} : { handed_in_by: options.owner };
    const all = await readApplications(this.effects.database.knex, slug, where, this.effects.clock());
    return all.filter(({ state }) => options.state === undefined || state === options.state);
  }

  /** One application with what it is compared with. @throws YizhengError `NOT_FOUND` (404: also somebody else's) */
  async review(slug: string, id: string, owner?: string): Promise<ReviewedApplication> {
    const { knex } = this.effects.database;
    const application = await readApplication(knex, slug, id, this.effects.clock());
    if (owner !== undefined && application.handedInBy !== owner) throw notFound();
    const held = await this.held(slug, application.institution.id);
    const last = held.at(-1);
    const wanted = comparable(application);
    return {
      application,
      held,
      differences: statementDifferences(
        last && comparable({ ...last, institution: { id: last.institution, name: last.legalName } }),
        wanted,
      ),
      history: await historyOf(knex, slug, id),
    };
  }

  /** Sends it back to be corrected. @throws YizhengError `NOT_FOUND` (404), `APPLICANT_MAY_NOT_DECIDE` (403), `APPLICATION_STATE` (409) */
  async sendBack(slug: string, id: string, reason: string, actor: string): Promise<Application> {
    return this.step(
      slug,
      id,
      { from: ['submitted'], to: 'sent-back', action: 'application.send-back', reason },
      actor,
    );
  }

  /** Refuses it for good. @throws YizhengError as {@link sendBack} */
  async refuse(slug: string, id: string, reason: string, actor: string): Promise<Application> {
    return this.step(
      slug,
      id,
      { from: ['submitted', 'sent-back'], to: 'refused', action: 'application.refuse', reason },
      actor,
    );
  }

  /** Takes back one's own. @throws YizhengError `NOT_FOUND` (404: also somebody else's), `APPLICATION_STATE` (409) */
  async withdraw(slug: string, id: string, actor: string): Promise<Application> {
    const step = { from: ['submitted', 'sent-back'], to: 'withdrawn', action: 'application.withdraw' } as const;
    return this.step(slug, id, step, actor, { owner: true });
  }

  /**
   * Turns it into an accreditation, or proposes that where a second person is asked for; the two are bound together in one transaction.
   * @throws YizhengError as {@link sendBack}, `Statements.prepareAccreditation`, `Proposals.submit`
   */
  async accredit(
    slug: string,
    id: string,
    changes: AccreditChanges,
    writer: Writer,
  ): Promise<{ application: Application; submitted: Submitted }> {
    const { knex } = this.effects.database;
    const found = await readApplication(knex, slug, id, this.effects.clock());
    const { institution, institutionKind, institutionCode, unifiedSocialCreditCode, actions } = found;
    const input: AccreditationInput = {
      institution: institution.id,
      legalName: institution.name,
      institutionKind,
      institutionCode,
      ...(unifiedSocialCreditCode !== undefined && { unifiedSocialCreditCode }),
      actions: changes.actions ?? actions.map((action) => ({ ...action })),
      ...(changes.supersedes && { supersedes: changes.supersedes }),
      ...(changes.signingKeys && { signingKeys: changes.signingKeys }),
    };
    const said = { application: id, revision: found.revision, ...changes };
    const prepare = async () => {
      await refuseSamePerson(knex, { actor: found.handedInBy, at: found.handedInAt }, writer.actor);
      if (found.state !== 'submitted') throw wrongState(found.state);
      return this.statements.prepareAccreditation(slug, input);
    };
    const submitted = await this.proposals.submit(slug, writer, said, prepare, async (transaction, made) => {
      const current = await readApplication(transaction, slug, id, this.effects.clock());
      if (current.revision !== found.revision) throw wrongState(current.state);
      const step: Step =
        made.state === 'proposed'
          ? { from: ['submitted'], to: 'proposed', action: 'application.propose' }
          : { from: ['submitted'], to: 'accredited', action: 'application.accredit' };
      const reference =
        made.state === 'proposed'
          ? { proposal: made.proposal.id }
          : { accreditation: isStatementResult(made.result) ? made.result.id : null };
      await this.stepIn(transaction, slug, current, step, writer.actor, reference);
    });
    return { application: await readApplication(knex, slug, id, this.effects.clock()), submitted };
  }

  private async step(
    slug: string,
    id: string,
    step: Step,
    actor: string,
    how: { owner?: boolean; change?: (application: Application) => Partial<ApplicationRow> } = {},
  ): Promise<Application> {
    const now = this.effects.clock();
    return this.effects.database.write(async (transaction) => {
      const current = await readApplication(transaction, slug, id, now);
      if (how.owner) {
        if (current.handedInBy !== actor) throw notFound();
        if (!step.from.includes(current.state)) throw wrongState(current.state);
        const decided = step.to === 'withdrawn' ? { decided_by: actor, decided_at: now.toISOString() } : {};
        await transaction('registry_applications')
          .where({ slug, id })
          .update({ state: step.to, ...decided, ...how.change?.(current) });
        const revision = current.revision + (step.to === 'submitted' ? 1 : 0);
        await this.audit(transaction, slug, actor, { action: step.action, id, revision });
      } else await this.stepIn(transaction, slug, current, step, actor, {});
      return readApplication(transaction, slug, id, now);
    });
  }

  /** A step of the authority's: by another person than who handed it in. */
  private async stepIn(
    transaction: Knex.Transaction,
    slug: string,
    { id, state, revision, handedInBy, handedInAt }: Application,
    { from, to, action, reason }: Step,
    actor: string,
    reference: Partial<ApplicationRow>,
  ): Promise<void> {
    await refuseSamePerson(transaction, { actor: handedInBy, at: handedInAt }, actor);
    if (!from.includes(state)) throw wrongState(state);
    const decided = { decided_by: actor, decided_at: this.effects.clock().toISOString(), reason: reason ?? null };
    await transaction('registry_applications')
      .where({ slug, id })
      .update({ state: to, ...decided, ...reference });
    await this.audit(transaction, slug, actor, { action, id, revision, ...(reason !== undefined && { reason }) });
  }

  private audit(
    transaction: Knex.Transaction,
    tenant: string,
    actor: string,
    { action, id, ...detail }: { action: string; id: string; revision: number; reason?: string },
  ): Promise<unknown> {
    return appendAudit(transaction, { tenant, actor, action, subject: id, detail }, this.effects.clock());
  }

  /** Accreditations of an institution that count now or will, in the order they begin. */
  private async held(slug: string, institution: string): Promise<Accreditation[]> {
    const authority = await this.authorities.get(slug);
    const now = this.effects.clock().getTime();
    const view = createTrustView([await saidContent(this.statements, authority, now)], authority.did);
    return view
      .accreditations(authority.did, institution)
      .map((row) => ({ row, states: row.actions.map((action) => actionState(row, action, view, now)) }))
      .filter(({ states }) => states.some(({ state }) => state !== 'ended'))
      .sort(
        (a, b) => Math.min(...a.states.map(({ begins }) => begins)) - Math.min(...b.states.map(({ begins }) => begins)),
      )
      .map(({ row }) => row);
  }
}

/** An application of an institution waits while it is in one of these. */
const OPEN: readonly ApplicationState[] = ['submitted', 'sent-back', 'proposed'];

function comparable({
  institution,
  institutionKind,
  institutionCode,
  unifiedSocialCreditCode,
  actions,
}: Pick<
  Application,
  'institution' | 'institutionKind' | 'institutionCode' | 'unifiedSocialCreditCode' | 'actions'
>): object {
  return {
    legalName: institution.name,
    institutionKind,
    institutionCode,
    ...(unifiedSocialCreditCode !== undefined && { unifiedSocialCreditCode }),
    actions,
  };
}

async function historyOf(knex: Knex, tenant: string, subject: string): Promise<ApplicationStep[]> {
  const rows: { at: string; actor: string; action: string; detail: string }[] = await knex('audit_log')
    .where({ tenant, subject })
    .orderBy('sequence')
    .limit(200)
    .select('at', 'actor', 'action', 'detail');
  return rows.map(({ detail, ...row }) => {
    const { reason } = JSON.parse(detail) as { reason?: string };
    return { ...row, ...(reason !== undefined && { reason }) };
  });
}

function wrongState(state: ApplicationState): YizhengError {
  return new YizhengError('APPLICATION_STATE', `This application is ${state}; that cannot be done with it now.`, {
    status: 409,
  });
}

function notFound(): YizhengError {
  return new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
}

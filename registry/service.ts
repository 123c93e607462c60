import {
  createAuditedApiKey,
  readAudit,
  verifyAuditChain,
  type AuditRow,
  type NewApiKey,
  type Role,
} from '../server/index.js';
import { didDocument } from '../keys/did-document.js';
import { errorCode } from '../shared/errors.js';
import type { JsonObject } from '../shared/json/parse-json.js';
import { Applications } from './applications/applications.js';
import { Authorities } from './authorities.js';
import { Bundler, type PartnerProblem } from './bundler.js';
import type { RegistryEffects } from './effects.js';
import { Previews } from './previews.js';
import { ProposalReview } from './proposal-review.js';
import { Proposals } from './proposals.js';
import { Publisher, type Publication } from './publisher.js';
import { currentRecognitions, recognisedList } from './recognised-list.js';
import { publicationState, type PublicationState } from './publication-state.js';
import { RegistryViews } from './registry-views.js';
import { ReviewMeasures } from './review-measures.js';
import { SignedOnce } from './signed-once.js';
import { StatementList } from './statement-list.js';
import { Statements } from './statements.js';
import { StatusCollector, type CollectProblem } from './status-collector.js';
import { whoisPresentation } from './whois.js';

/** What an update made and what it could not get. */
export interface RegistryUpdate extends Publication {
  statusLists: number;
  partners: string[];
  problems: (CollectProblem | PartnerProblem)[];
}

/** So long a list that says the same is not signed anew; it is valid for days. */
const LIST_KEPT_MS = 3_600_000;

/** What an authority's registry does; HTTP and the command line both call this. */
export class RegistryService {
  readonly authorities: Authorities;
  readonly statements: Statements;
  /** What was said, with what became of it. */
  readonly list: StatementList;
  readonly previews: Previews;
  /** What verifiers believe, from what was packed last. */
  readonly views: RegistryViews;
  readonly proposals: Proposals;
  readonly proposalReview: ProposalReview;
  readonly applications: Applications;
  readonly reviews: ReviewMeasures;
  readonly publisher: Publisher;
  readonly bundler: Bundler;
  private readonly collector: StatusCollector;
  private readonly presentations = new SignedOnce<string>();
  private readonly lists = new SignedOnce<JsonObject>();

  constructor(private readonly effects: RegistryEffects) {
    this.authorities = new Authorities(effects);
    this.statements = new Statements(effects, this.authorities);
    this.list = new StatementList(effects, this.authorities, this.statements);
    this.previews = new Previews(
      effects,
      this.authorities,
      this.statements,
      async (slug) => (await this.list.unpublished(slug)).length,
    );
    this.proposals = new Proposals(effects, this.authorities, this.statements);
    this.proposalReview = new ProposalReview(effects, this.authorities, this.statements, this.proposals);
    this.applications = new Applications(effects, this.authorities, this.statements, this.proposals);
    this.reviews = new ReviewMeasures(effects, this.authorities, this.statements, this.proposals);
    this.publisher = new Publisher(effects, this.authorities, this.statements);
    this.bundler = new Bundler(effects, this.authorities, this.statements, this.publisher);
    this.views = new RegistryViews(effects, this.authorities, this.bundler);
    this.collector = new StatusCollector(effects, this.statements);
  }

  /**
   * Brings an authority's publication up to date: collects status lists, publishes, fetches partners' feeds, packs the bundle. What
   * cannot be fetched is named and keeps its last good state.
   * @throws YizhengError `NOT_FOUND` (404), and as `publish`
   */
  async update(slug: string, actor: string): Promise<RegistryUpdate> {
    const authority = await this.authorities.get(slug);
    const lists = await this.collector.collect(authority);
    const publication = await this.publisher.publish(slug, actor);
    const partners = await this.bundler.fetchPartners(slug);
    await this.bundler.pack(slug);
    return {
      ...publication,
      statusLists: lists.taken,
      partners: partners.taken,
      problems: [...lists.problems, ...partners.problems],
    };
  }

  /** The present. */
  now(): Date {
    return this.effects.clock();
  }

  /** What is published, what waits to be, and whose feeds are held. @throws YizhengError `NOT_FOUND` (404) */
  async publication(slug: string): Promise<PublicationState> {
    const authority = await this.authorities.get(slug);
    const partners = await this.bundler.partners(slug);
    const waiting = await this.list.unpublished(slug);
    return publicationState(this.effects.database.knex, authority, { waiting, partners });
  }

  /** Updates every authority of this host that has published before; failures are logged. */
  async refresh(): Promise<void> {
    for (const { slug, sequence } of await this.authorities.list())
      if (sequence > 0)
        await this.update(slug, 'system').catch((error: unknown) => {
          this.effects.logger.error({ slug, code: errorCode(error) }, 'the registry was not updated');
        });
  }

  /** The DID document of an authority, with its `#whois` service and where its registry lies. @throws YizhengError `NOT_FOUND` (404) */
  async didDocument(slug: string): Promise<JsonObject> {
    const { did } = await this.authorities.get(slug);
    const base = `${this.effects.baseUrl}/authorities/${slug}`;
    await this.effects.keystore.refresh();
    return didDocument(did, this.effects.keystore.list({ controller: did }), {
      services: [
        { id: `${did}#whois`, type: ['WhoisService', 'PathService'], serviceEndpoint: `${base}/whois.vp` },
        { id: `${did}#registry`, type: 'RecognitionRegistry', serviceEndpoint: `${base}/registry` },
      ],
    });
  }

  /** Presentation of the statements that recognise the authority, `vp+jwt`. @throws YizhengError `NOT_FOUND` (404) */
  async whois(slug: string): Promise<string> {
    const { did } = await this.authorities.get(slug);
    const statements = await this.bundler.statementsAbout(slug);
    const signer = this.authorities.statementSigner(did);
    return this.presentations.get(slug, [signer.kid, ...statements], () => whoisPresentation(did, statements, signer));
  }

  /** Everybody the authority recognises now, as one enveloped credential. @throws YizhengError `NOT_FOUND`, `NOT_PUBLISHED` (404) */
  async recognisedList(slug: string): Promise<JsonObject> {
    const { did } = await this.authorities.get(slug);
    const now = this.effects.clock().getTime();
    const current = currentRecognitions(
      (await this.statements.list(slug, 'recognition')).map(({ statement }) => statement),
      (await this.statements.list(slug, 'event')).map(({ statement }) => statement),
      now,
    );
    const id = `${this.effects.baseUrl}/authorities/${slug}/lists/recognised.json`;
    const signer = this.authorities.statementSigner(did);
    const input = [signer.kid, String(Math.floor(now / LIST_KEPT_MS)), ...current.map((row) => row.id)];
    return this.lists.get(slug, input, () => recognisedList(id, did, current, now, signer));
  }

  /**
   * Makes an API key; its secret is shown once.
   * @param key `tenant`: short name of an authority, or `*` for the host; `expiresAt` RFC 3339
   */
  async createApiKey(
    key: { tenant: string; roles: readonly Role[]; label: string; expiresAt: string },
    actor: string,
  ): Promise<NewApiKey> {
    return createAuditedApiKey(this.effects, key, actor);
  }

  /** Audit entries of an authority, oldest first. */
  async audit(slug: string, options: { after?: number; limit?: number } = {}): Promise<AuditRow[]> {
    await this.authorities.get(slug);
    return readAudit(this.effects.database.knex, { tenant: slug, ...options });
  }

  /** Whether the hash chain of the log of this host is unbroken; `brokenAt`: the first entry that does not fit. */
  async checkAudit(): Promise<{ entries: number; brokenAt?: number }> {
    return verifyAuditChain(this.effects.database.knex);
  }
}

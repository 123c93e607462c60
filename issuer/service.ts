import { didDocument } from '../keys/did-document.js';
import { didWebOf } from '../shared/did/did-web-url.js';
import { YizhengError } from '../shared/errors.js';
import type { JsonObject } from '../shared/json/parse-json.js';
import { createAuditedApiKey, revokeAuditedApiKey, type NewApiKey, type Role } from '../server/index.js';
import type { ApplicationTables } from '../shared/trust/application/decide-application.js';
import { PUBLISHED_RULES } from '../shared/trust/application/published-rules.js';
import { AccreditationStore } from './accreditation-store.js';
import { Applications } from './applications/index.js';
import { AssessmentSessions } from './assessment-sessions/index.js';
import { Batches } from './batch/batches.js';
import { BatchWorker, type BatchWorkerOptions } from './batch/worker.js';
import { findCertificate, issuedCertificate, type IssuedCertificate } from './certificate-row.js';
import { CertificateFiles } from './certificate-files.js';
import { changeStatus, type StatusChange } from './change-status.js';
import type { IssuerEffects } from './effects.js';
import { Institutions } from './institutions.js';
import { Issuing } from './issuing.js';
import { KeyCeremonies, KeyCustody } from './key-custody/index.js';
import { OpenId4Vci } from './openid4vci/index.js';
import { PrintLayouts } from './printing/print-layouts.js';
import { PrintRuns } from './printing/print-runs.js';
import { StatusLists } from './status-lists.js';
import { Supervision } from './supervision/supervision.js';
import { VcApiIssuing } from './vc-api/vc-api-issuing.js';
import { VcApiStatuses } from './vc-api/statuses.js';
import { VcApiTenants } from './vc-api/tenants.js';

/** The issuing service without its HTTP border: what the routes, the CLI and the demo call. */
export class IssuerService {
  readonly institutions: Institutions;
  readonly accreditations: AccreditationStore;
  readonly issuing: Issuing;
  readonly statusLists: StatusLists;
  readonly files: CertificateFiles;
  /** What institutions chose about their paper, and what went to paper together. */
  readonly printLayouts: PrintLayouts;
  readonly printRuns: PrintRuns;
  /** Does the chunks of batches once started. */
  readonly worker: BatchWorker;
  readonly batches: Batches;
  /** Assessment sessions: plan, candidates, results, joint examinations. */
  readonly sessions: AssessmentSessions;
  /** Identities of the general VC service, what they issue and its status. */
  readonly vcApi: { tenants: VcApiTenants; statuses: VcApiStatuses; issuing: VcApiIssuing };
  /** What custodians see of keys, and what two of them do to them. */
  readonly keyCustody: KeyCustody;
  readonly keyCeremonies: KeyCeremonies;
  /** Counts what was issued and marks what is unusual. */
  readonly supervision: Supervision;
  /** Hands certificates to wallets. */
  readonly openid4vci: OpenId4Vci;
  /** Applications of people who bring certificates and want another one. */
  readonly applications: Applications;

  /**
   * @param options how this process works on batches; `walletUrl`: web wallet that links to offers open, beside the standard ones;
   *   `applicationTables`: what applicants are spared, the published rules of the four ministries unless given
   */
  constructor(
    readonly effects: IssuerEffects,
    options: {
      batches?: BatchWorkerOptions;
      walletUrl?: string | undefined;
      applicationTables?: ApplicationTables;
    } = {},
  ) {
    this.institutions = new Institutions(effects);
    this.accreditations = new AccreditationStore(effects);
    this.issuing = new Issuing(effects, this.accreditations);
    this.statusLists = new StatusLists(effects);
    this.files = new CertificateFiles(effects);
    this.printLayouts = new PrintLayouts(effects);
    this.printRuns = new PrintRuns(effects, this.printLayouts);
    const { institutions, accreditations } = this;
    this.worker = new BatchWorker({ effects, institutions, accreditations }, options.batches);
    this.batches = new Batches({ effects, institutions, accreditations }, this.worker, options.batches);
    this.sessions = new AssessmentSessions({ effects, institutions, accreditations, batches: this.batches });
    this.supervision = new Supervision({ effects, accreditations }, institutions);
    const statuses = new VcApiStatuses(effects);
    this.vcApi = { tenants: new VcApiTenants(effects), statuses, issuing: new VcApiIssuing(effects, statuses) };
    this.keyCustody = new KeyCustody({ effects, institutions, accreditations });
    this.keyCeremonies = new KeyCeremonies({ effects, institutions, accreditations });
    this.openid4vci = new OpenId4Vci(effects, accreditations, options);
    const { statusLists, batches, openid4vci } = this;
    const tables = options.applicationTables ?? { rules: PUBLISHED_RULES, issuingRegions: [] };
    this.applications = new Applications({
      effects,
      institutions,
      accreditations,
      statusLists,
      openid4vci,
      batches,
      tables,
    });
  }

  /** An issued certificate by credential id, or the newest revision by number. @throws YizhengError `CERTIFICATE_NOT_FOUND` (404) */
  async certificate(institution: string, idOrNumber: string): Promise<IssuedCertificate> {
    const row = await findCertificate(this.effects.database.knex, institution, idOrNumber);
    const issued = row && issuedCertificate(row);
    if (!issued)
      throw new YizhengError('CERTIFICATE_NOT_FOUND', 'No such certificate was issued here.', { status: 404 });
    return issued;
  }

  /**
   * Revokes, suspends or reinstates, and signs the lists anew.
   * @throws YizhengError as `changeStatus`
   */
  async changeStatus(
    institutionCode: string,
    id: string,
    actor: string,
    change: StatusChange,
  ): Promise<{ certificate: IssuedCertificate; changed: boolean }> {
    const institution = await this.institutions.get(institutionCode);
    return changeStatus(this.effects, { institution, id, actor, change });
  }

  /** The DID document of an institution. @throws YizhengError `NOT_FOUND` (404) */
  async didDocument(institutionCode: string): Promise<JsonObject> {
    const { did, code } = await this.institutions.get(institutionCode);
    await this.effects.keystore.refresh();
    return didDocument(did, this.effects.keystore.list({ controller: did }), {
      services: [
        {
          id: `${did}#status-lists`,
          type: 'BitstringStatusLists',
          serviceEndpoint: `${this.effects.baseUrl}/institutions/${code}/status`,
        },
      ],
    });
  }

  /** The DID document of the host, if it has keys of its own. @throws YizhengError `NOT_FOUND` (404) */
  async hostDidDocument(): Promise<JsonObject> {
    const did = didWebOf(this.effects.baseUrl);
    await this.effects.keystore.refresh();
    const keys = this.effects.keystore.list({ controller: did });
    if (keys.length === 0) throw new YizhengError('NOT_FOUND', 'There is nothing at this address.', { status: 404 });
    return didDocument(did, keys);
  }

  /**
   * Makes an API key; its secret is shown once.
   * @param key `tenant`: institution code, or `*` for the host; `expiresAt` RFC 3339
   */
  async createApiKey(
    key: { tenant: string; roles: readonly Role[]; label: string; expiresAt: string },
    actor: string,
  ): Promise<NewApiKey> {
    return createAuditedApiKey(this.effects, key, actor);
  }

  /** Revokes an API key. @throws YizhengError `NOT_FOUND` (404) */
  async revokeApiKey(tenant: string, id: string, actor: string): Promise<void> {
    return revokeAuditedApiKey(this.effects, { tenant, id }, actor);
  }
}

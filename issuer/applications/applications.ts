import type { Knex } from 'knex';
import { openCarrier, type OpenedCarrier } from '../../shared/carrier/open-carrier.js';
import { lastFourOf } from '../../shared/certificate/identity-document.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { createDocumentLoader } from '../../shared/proof/document-loader.js';
import { appendAudit, claimIdempotencyKey, type Role } from '../../server/index.js';
import type { Batches } from '../batch/batches.js';
import type { Institution, Institutions } from '../institutions.js';
import { fingerprintOf, holderKeyOf } from '../result-keys.js';
import { answerRecord } from './answer-record.js';
import {
  applicationOf,
  evidenceOf,
  lockApplication,
  readApplication,
  type ApplicationRow,
  type EvidenceRow,
} from './application-row.js';
import { handInApplication } from './hand-in.js';
import type { PresentedCertificate } from './judge-evidence.js';
import { Judging, type JudgingTools } from './judging.js';
import { listApplications, type ApplicationFilter, type ListedApplication } from './list-applications.js';
import { checkRemaining } from './remaining.js';
import { openEvidence, sealEvidence } from './sealed-evidence.js';
import { settleApplications } from './settle.js';
import type { Application, ApplicationState, Judgement, Remaining, Wanted } from './types.js';
import { requireGranted, type HandIn, type NewApplication } from './wanted.js';

/** What applications work with. */
export interface ApplicationTools extends JudgingTools {
  institutions: Institutions;
  batches: Batches;
}

/** Who does something. */
export interface Actor {
  actor: string;
  roles: readonly Role[];
}

/** Most certificates of one application. */
const MOST_EVIDENCE = 8;
const ID_BYTES = 12;

/** Applications of people who bring certificates and want another one (DOMAIN M16, M18). */
export class Applications {
  private readonly documentLoader = createDocumentLoader();
  private readonly judging: Judging;

  constructor(private readonly tools: ApplicationTools) {
    this.judging = new Judging(tools);
  }

  /**
   * Begins an application.
   * @param request `key`: idempotency key; the same one gives the same application
   * @throws YizhengError `NOT_FOUND` (404); 422: `ID_NUMBER_INVALID`, `KIND_OUT_OF_SCOPE`, `LEVEL_OUT_OF_SCOPE`
   */
  async create(institutionCode: string, { actor }: Actor, given: NewApplication, key: string): Promise<Application> {
    const { effects, tables } = this.tools;
    const institution = await this.tools.institutions.get(institutionCode);
    const { applicant, wanted, region = `${institution.code.slice(5, 7)}0000` } = given;
    requireGranted(wanted, institution, await this.tools.accreditations.view(institution.authority));
    const idLastFour = lastFourOf(applicant.idType, applicant.idNumber);
    const holderKey = await holderKeyOf(effects.keystore, applicant);
    const now = effects.clock();
    const claim = {
      tenant: institution.code,
      key,
      operation: 'application.create',
      fingerprint: await fingerprintOf(effects.keystore, JSON.stringify([holderKey, applicant.name, wanted, region])),
    };
    const id = this.newId();
    const made = await effects.database.write(async (transaction) => {
      const before = await claimIdempotencyKey(transaction, { ...claim, subject: id, now });
      if (before.state !== 'new') return before.subject ?? id;
      await transaction<ApplicationRow>('applications').insert({
        id,
        institution: institution.code,
        state: 'open',
        wanted: JSON.stringify(wanted),
        region,
        name: applicant.name,
        id_type: applicant.idType,
        id_last_four: idLastFour,
        holder_key: holderKey,
        answer: JSON.stringify(answerRecord(wanted, [], { tables, now: now.toISOString() })),
        created_by: actor,
        created_at: now.toISOString(),
        changed_at: now.toISOString(),
      });
      await this.audit(transaction, {
        institution,
        actor,
        action: 'application.create',
        id,
        detail: { kind: wanted.kind },
      });
      return id;
    });
    return this.read(institution.code, made);
  }

  /**
   * Judges a certificate somebody presents, and keeps it with the application (the same one twice is kept once).
   * @param text QR text, JSON, or the compact text of a signed form
   * @throws YizhengError codes of `openCarrier` and `Judging.judge`; `APPLICATION_NOT_FOUND` (404), `APPLICATION_STATE`,
   *   `APPLICATION_EVIDENCE_LIMIT` (409)
   */
  async present(institutionCode: string, id: string, { actor }: Actor, text: string): Promise<Application> {
    const { effects, tables } = this.tools;
    const institution = await this.tools.institutions.get(institutionCode);
    const row = await readApplication(effects.database.knex, institution.code, id);
    requireState(row, ['open', 'remaining-recorded']);
    const opened = await openCarrier(text, { documentLoader: this.documentLoader });
    const judged = await this.judging.judge(institution, row, opened);
    const evidence = this.newId();
    const sealed = await sealEvidence(
      JSON.stringify({ carrier: opened.carrier, json: opened.json }),
      evidence,
      effects,
    );
    await effects.database.write(async (transaction) => {
      const now = effects.clock().toISOString();
      const current = await lockApplication(transaction, institution.code, id);
      requireState(current, ['open', 'remaining-recorded']);
      const before = await evidenceOf(transaction, id);
      if (before.some(({ sha256 }) => sha256 === judged.sha256)) return;
      if (before.length >= MOST_EVIDENCE)
        throw new YizhengError(
          'APPLICATION_EVIDENCE_LIMIT',
          `An application takes at most ${MOST_EVIDENCE} certificates.`,
          {
            status: 409,
          },
        );
      await transaction<EvidenceRow>('application_evidence').insert({
        id: evidence,
        application: id,
        sha256: judged.sha256,
        carrier: opened.carrier,
        sealed,
        shown: JSON.stringify(judged.shown),
        judgement: JSON.stringify(judged.judgement),
        added_by: actor,
        added_at: now,
      });
      const judgements = [...before.map(judgementOf), judged.judgement];
      const answer = answerRecord(JSON.parse(row.wanted) as Wanted, judgements, { tables, now });
      // Whatever was recorded answered another list of what remains.
      await transaction<ApplicationRow>('applications')
        .where({ id })
        .update({ state: 'open', remaining: null, answer: JSON.stringify(answer), changed_at: now });
      await this.audit(transaction, {
        institution,
        actor,
        action: 'application.present',
        id,
        detail: {
          sha256: judged.sha256,
          standing: judged.judgement.standing,
          exempted: judged.judgement.exempted,
          rules: judged.judgement.grounds.map((ground) => ground.id),
        },
      });
    });
    return this.read(institution.code, id);
  }

  /** Judges all certificates of an application again, by the trust data of now. @throws YizhengError as {@link present} */
  async rejudge(institutionCode: string, id: string, { actor }: Actor): Promise<Application> {
    const { effects, tables } = this.tools;
    const institution = await this.tools.institutions.get(institutionCode);
    const row = await readApplication(effects.database.knex, institution.code, id);
    requireState(row, ['open', 'remaining-recorded', 'handed-in']);
    const held = await evidenceOf(effects.database.knex, id);
    const judged: { id: string; before: Judgement; now: Judgement }[] = [];
    for (const one of held) {
      const { judgement } = await this.judging.judge(institution, row, await this.kept(one));
      judged.push({ id: one.id, before: judgementOf(one), now: judgement });
    }
    const now = effects.clock().toISOString();
    await effects.database.write(async (transaction) => {
      requireState(await lockApplication(transaction, institution.code, id), [
        'open',
        'remaining-recorded',
        'handed-in',
      ]);
      for (const { id: evidence, now: judgement } of judged)
        await transaction<EvidenceRow>('application_evidence')
          .where({ id: evidence })
          .update({ judgement: JSON.stringify(judgement) });
      const judgements = (await evidenceOf(transaction, id)).map(judgementOf);
      const answer = answerRecord(JSON.parse(row.wanted) as Wanted, judgements, { tables, now });
      await transaction<ApplicationRow>('applications')
        .where({ id })
        .update({ answer: JSON.stringify(answer), changed_at: now });
      await this.audit(transaction, {
        institution,
        actor,
        action: 'application.judge',
        id,
        detail: {
          certificates: judged.length,
          changed: judged.filter((one) => one.before.standing !== one.now.standing).length,
        },
      });
    });
    return this.read(institution.code, id);
  }

  /** Records what remained and how it went. @throws YizhengError as `checkRemaining`; `APPLICATION_NOT_FOUND` (404), `APPLICATION_STATE` (409) */
  async record(institutionCode: string, id: string, { actor }: Actor, remaining: Remaining): Promise<Application> {
    const institution = await this.tools.institutions.get(institutionCode);
    await this.change(institution, id, ['open', 'remaining-recorded'], async (transaction, row, now) => {
      checkRemaining(remaining, applicationOf(row, []).answer);
      await transaction<ApplicationRow>('applications')
        .where({ id })
        .update({
          state: 'remaining-recorded',
          remaining: JSON.stringify(remaining),
          trouble: null,
          changed_at: now,
        });
      const passed = remaining.results.filter((result) => result.passed).map(({ part }) => part);
      await this.audit(transaction, {
        institution,
        actor,
        action: 'application.record',
        id,
        detail: { assessment: remaining.assessment.id, passed, parts: remaining.results.length },
      });
    });
    return this.read(institution.code, id);
  }

  /**
   * Judges the certificates once more and hands the application in as a row of a batch, which is approved and issued as any other.
   * @throws YizhengError as `handInApplication`
   */
  async handIn(
    institutionCode: string,
    id: string,
    actor: Actor,
    given: { handIn: HandIn; language: 'zh-CN' | 'en' },
  ): Promise<Application> {
    const institution = await this.tools.institutions.get(institutionCode);
    const { knex } = this.tools.effects.database;
    requireState(await readApplication(knex, institution.code, id), ['remaining-recorded']);
    await this.rejudge(institution.code, id, actor);
    await handInApplication({ institution, id, actor, ...given }, this.tools);
    return this.read(institution.code, id);
  }

  /**
   * Ends an application without a certificate; what was presented is deleted, its digest and what was found of it stay.
   * @throws YizhengError `APPLICATION_NOT_FOUND` (404), `APPLICATION_STATE` (409)
   */
  async close(
    institutionCode: string,
    id: string,
    { actor }: Actor,
    { outcome, reason }: { outcome: 'refused' | 'withdrawn'; reason: string },
  ): Promise<Application> {
    const institution = await this.tools.institutions.get(institutionCode);
    await this.change(institution, id, ['open', 'remaining-recorded'], async (transaction, _, now) => {
      await transaction<ApplicationRow>('applications')
        .where({ id })
        .update({ state: outcome, reason, changed_at: now });
      await transaction('application_evidence').where({ application: id }).update({ sealed: null });
      await this.audit(transaction, { institution, actor, action: `application.${ENDS[outcome]}`, id });
    });
    return this.read(institution.code, id);
  }

  /** An application; that somebody looked is audited. @throws YizhengError `APPLICATION_NOT_FOUND` (404) */
  async get(institutionCode: string, id: string, { actor }: Actor): Promise<Application> {
    const institution = await this.tools.institutions.get(institutionCode);
    await settleApplications(this.tools.effects, institution.code);
    const found = await this.read(institution.code, id);
    await this.tools.effects.database.write((transaction) =>
      this.audit(transaction, { institution, actor, action: 'application.read', id }),
    );
    return found;
  }

  /** One page of applications, newest first; that somebody looked is audited. @throws YizhengError as `listApplications` */
  async list(
    institutionCode: string,
    { actor }: Actor,
    filter: ApplicationFilter,
    page: { after?: string | undefined; limit: number },
  ): Promise<{ applications: ListedApplication[]; next?: string }> {
    const institution = await this.tools.institutions.get(institutionCode);
    await settleApplications(this.tools.effects, institution.code);
    const { database } = this.tools.effects;
    const found = await listApplications(database.knex, institution.code, filter, page);
    // Who was looked for may be a name; the log says only that somebody was.
    const detail = {
      name: filter.name !== undefined,
      ...(filter.state !== undefined && { state: filter.state }),
      found: found.applications.length,
    };
    await database.write((transaction) =>
      this.audit(transaction, { institution, actor, action: 'application.search', id: institution.code, detail }),
    );
    return found;
  }

  private async kept(evidence: EvidenceRow): Promise<PresentedCertificate> {
    const text = await openEvidence(evidence.sealed ?? '', evidence.id, this.tools.effects);
    return JSON.parse(text) as Pick<OpenedCarrier, 'carrier' | 'json'>;
  }

  private async read(institution: string, id: string): Promise<Application> {
    const { knex } = this.tools.effects.database;
    const row = await readApplication(knex, institution, id);
    return applicationOf(row, await evidenceOf(knex, id));
  }

  private async change(
    institution: Institution,
    id: string,
    from: readonly ApplicationState[],
    to: (transaction: Knex.Transaction, row: ApplicationRow, now: string) => Promise<void>,
  ): Promise<void> {
    const { database, clock } = this.tools.effects;
    await database.write(async (transaction) => {
      const row = await lockApplication(transaction, institution.code, id);
      requireState(row, from);
      await to(transaction, row, clock().toISOString());
    });
  }

  private async audit(
    transaction: Knex.Transaction,
    {
      institution,
      actor,
      action,
      id,
      detail,
    }: { institution: Institution; actor: string; action: string; id: string; detail?: JsonObject },
  ): Promise<void> {
    await appendAudit(
      transaction,
      { tenant: institution.code, actor, action, subject: id, ...(detail && { detail }) },
      this.tools.effects.clock(),
    );
  }

  private newId(): string {
    return Buffer.from(this.tools.effects.randomBytes(ID_BYTES)).toString('hex');
  }
}

const ENDS = { refused: 'refuse', withdrawn: 'withdraw' } as const;

function judgementOf({ judgement }: EvidenceRow): Judgement {
  return JSON.parse(judgement) as Judgement;
}

function requireState({ state }: ApplicationRow, allowed: readonly ApplicationState[]): void {
  if (!allowed.includes(state))
    throw new YizhengError('APPLICATION_STATE', `This cannot be done with an application that is ${state}.`, {
      status: 409,
    });
}

import canonicalize from 'canonicalize';
import type { Knex } from 'knex';
import {
  buildCredential,
  readRecord,
  statusListUrl,
  type UnsignedCertificate,
} from '../shared/certificate/credential.js';
import { parseCertificateRecord, type CertificateRecord } from '../shared/certificate/record.js';
import { errorCode, YizhengError } from '../shared/errors.js';
import {
  answerIdempotencyKey,
  appendAudit,
  bindIdempotencyKey,
  claimIdempotencyKey,
  isUniqueViolation,
  type IdempotencyState,
  type Role,
} from '../server/index.js';
import type { AccreditationStore } from './accreditation-store.js';
import { findCertificate, issuedCertificate, type CertificateRow, type IssuedCertificate } from './certificate-row.js';
import { checkCorrection } from './check-correction.js';
import { completeCertificate, type Completion } from './complete-certificate.js';
import { coverByAccreditation, type IssuedUnder } from './covering-accreditation.js';
import type { IssuerEffects } from './effects.js';
import { draftOf, type CertificateDraft, type ExamResult } from './exam-result.js';
import type { Institution } from './institutions.js';
import { requirePermitEnd } from './permit-end.js';
import { checkNumber, reserveNumber } from './reserve-number.js';
import { reserveStatus } from './reserve-status.js';
import { chinaDate, wholeSecond } from './time.js';

/** Who asks for a certificate, and by which key the request may be repeated. */
export interface IssueRequest {
  institution: Institution;
  /** Key id of the caller. */
  actor: string;
  /** What the caller may do; only approvers and officers correct whose certificate it is. */
  roles?: readonly Role[];
  idempotencyKey: string;
}

interface Plan extends IssueRequest {
  /** HMAC of the request body. */
  fingerprint: string;
  operation: string;
  draft: CertificateDraft;
  duplicateKey: string | null;
  /** HMAC of the result as far as a certificate shows it: name and last characters instead of the document number. */
  resultKey: string;
  /** HMAC of the holder's document; null when only its last characters are known. */
  holderKey: string | null;
  /** The client wrote issuer and authority itself; they must be ours. */
  under?: IssuedUnder;
  /** Revision the client wrote itself. */
  revision?: number;
}

const REFUSED_PLACE: Record<string, string> = { issuer: '/issuer/name', authority: '/issuedUnder/authorityName' };

/**
 * The write path (design/SECURITY.md §4): reserve number, status index and the exact bytes to be signed in one durable
 * transaction; sign; check with a second implementation; store; only then answer. Whatever fails in between leaves a reserved
 * row that a repeated request or the next start completes.
 */
export class Issuing {
  private readonly running = new Map<string, Promise<CertificateRow>>();
  /** Reserved certificates that could not be completed when it was last tried, by id. */
  private readonly waiting = new Map<string, { institution: string; code: string }>();

  constructor(
    private readonly effects: IssuerEffects,
    private readonly accreditations: AccreditationStore,
  ) {}

  /**
   * Issues one certificate from an exam result.
   * @throws YizhengError 422: codes of `draftOf`, `reserveNumber`, `RECORD_INVALID`, `ISSUED_IN_FUTURE`, `IDEMPOTENCY_KEY_REUSED`;
   *   403: codes of `coverByAccreditation`; 409: `CERTIFICATE_DUPLICATE`, `NUMBER_TAKEN`, `CERTIFICATE_SUPERSEDED`,
   *   `CERTIFICATE_REVOKED`, `CERTIFICATE_SUSPENDED`, `CERTIFICATE_VOID`; 422/403: codes of `checkCorrection`; 404 `CERTIFICATE_NOT_FOUND` (what it supersedes);
   *   503: `SIGNER_FAILED`, `SIGNATURE_REJECTED`, `STORAGE_*`, `CLOCK_WENT_BACK`
   */
  async issueExamResult(request: IssueRequest, exam: ExamResult): Promise<IssuedCertificate> {
    const fingerprint = await this.hmac('idempotency', canonicalize(exam) ?? '');
    const old = exam.supersedes === undefined ? undefined : await this.superseded(request.institution, exam.supersedes);
    const draft = draftOf(exam, exam.issuedOn ?? old?.issuedOn ?? chinaDate(this.effects.clock()));
    const { holder, kind, occupation, level, assessment, specification, competition, training } = exam;
    const duplicateKey = await this.hmac(
      'duplicate',
      canonicalize({
        idType: holder.idType,
        idNumber: holder.idNumber.toUpperCase(),
        kind,
        occupation: occupation && [occupation.catalogueEdition, occupation.code, occupation.trade ?? ''],
        level: level && [level.framework, level.value],
        assessment: [assessment.id, assessment.date],
        specification: specification?.code,
        competition: competition && [competition.filingNumber, competition.event],
        training: training?.title,
      }) ?? '',
    );
    const holderKey = await this.hmac(
      'holder',
      canonicalize({ idType: holder.idType, idNumber: holder.idNumber.toUpperCase() }) ?? '',
    );
    return this.issue({
      ...request,
      operation: 'certificate.issue',
      fingerprint,
      draft,
      duplicateKey,
      holderKey,
      resultKey: await this.resultKey(draft),
    });
  }

  /**
   * Issues a credential the client wrote itself (VC-API), complete but for its status entries, which are reserved here.
   * @throws YizhengError as {@link issueExamResult}; 422: `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE`, `CREDENTIAL_STATUS_GIVEN`,
   *   `ISSUER_MISMATCH`
   */
  async issueCredential(request: IssueRequest, credential: object): Promise<IssuedCertificate> {
    if ('credentialStatus' in credential)
      throw new YizhengError('CREDENTIAL_STATUS_GIVEN', 'Leave credentialStatus out; the issuer assigns it.', {
        at: '/credential/credentialStatus',
        status: 422,
      });
    const { did } = request.institution;
    const { id, issuer } = credential as { id?: unknown; issuer?: { id?: unknown } };
    if (issuer?.id !== did)
      throw new YizhengError('ISSUER_MISMATCH', 'The issuer of the credential is not this institution.', {
        at: '/credential/issuer/id',
        status: 422,
      });
    const entry = (statusPurpose: 'revocation' | 'suspension') => ({
      id: `urn:yizheng:${statusPurpose}:${typeof id === 'string' ? id.slice('urn:yizheng:certificate:'.length) : ''}`,
      type: 'BitstringStatusListEntry',
      statusPurpose,
      statusListIndex: '0',
      statusListCredential: statusListUrl(did, statusPurpose, UNPLACED.list),
    });
    const record = readRecord({ ...credential, credentialStatus: [entry('revocation'), entry('suspension')] });
    requirePermitEnd(record);
    const { status: _, issuer: issuedBy, authority, accreditation, revision, ...draft } = record;
    return this.issue({
      ...request,
      operation: 'credential.issue',
      fingerprint: await this.hmac('idempotency', JSON.stringify(credential)),
      draft,
      duplicateKey: null,
      resultKey: await this.resultKey(draft),
      holderKey: null,
      under: { issuer: issuedBy, authority, accreditation },
      revision,
    });
  }

  /**
   * Completes what was reserved and not stored, e.g. before a crash.
   * @param institution code of one institution; all of this host unless given
   * @returns how many were issued, given up (`void`: their key is gone), and still wait, with the code of why
   */
  async completeReserved(
    institution?: string,
  ): Promise<{ issued: number; voided: number; waiting: { id: string; code: string }[] }> {
    const rows = (await this.effects.database
      .knex('certificates')
      .where({ state: 'reserved', ...(institution === undefined ? {} : { institution }) })
      .orderBy('reserved_at')) as CertificateRow[];
    for (const [id, row] of this.waiting)
      if (row.institution === (institution ?? row.institution)) this.waiting.delete(id);
    const result = { issued: 0, voided: 0, waiting: [] as { id: string; code: string }[] };
    for (const { id, institution: owner } of rows)
      try {
        const { state } = await this.complete(id);
        result[state === 'issued' ? 'issued' : 'voided'] += 1;
      } catch (error) {
        const code = errorCode(error);
        result.waiting.push({ id, code });
        this.waiting.set(id, { institution: owner, code });
        this.effects.logger.error({ certificate: id, err: error }, 'a reserved certificate could not be completed');
      }
    return result;
  }

  /** Whether anything is reserved and not stored. */
  async hasReserved(): Promise<boolean> {
    return (await this.effects.database.knex('certificates').where({ state: 'reserved' }).first('id')) !== undefined;
  }

  /**
   * @param institution code of one institution; all of this host unless given
   * @throws YizhengError `RESERVED_NOT_COMPLETED` (503) while certificates wait that could not be completed when last tried
   */
  refuseWhileWaiting(institution?: string): void {
    const rows = [...this.waiting.values()].filter((row) => row.institution === (institution ?? row.institution));
    const [first] = rows;
    if (first)
      throw new YizhengError(
        'RESERVED_NOT_COMPLETED',
        `${rows.length} reserved certificates of ${first.institution} cannot be completed (${first.code}); ${
          /BUNDLE|ACCREDIT|STALE/.test(first.code)
            ? "import the authority's newest bundle"
            : 'put keystore and signer in order'
        }, then repeat.`,
        { status: 503 },
      );
  }

  /** Resolves when nothing is being signed or stored. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.running.values());
  }

  private async issue(plan: Plan): Promise<IssuedCertificate> {
    const view = await this.accreditations.view(plan.institution.authority);
    if (this.isWaiting(plan.institution.code)) await this.completeReserved(plan.institution.code);
    await this.effects.keystore.refresh();
    const key = this.effects.keystore.activeKey(plan.institution.did, 'assertion');
    const id = await this.effects.database
      .write(async (transaction) => {
        const claim = await claimIdempotencyKey(transaction, {
          tenant: plan.institution.code,
          key: plan.idempotencyKey,
          operation: plan.operation,
          fingerprint: plan.fingerprint,
          now: this.effects.clock(),
        });
        const before = claimedBefore(claim);
        if (before !== undefined) return before;
        this.refuseWhileWaiting(plan.institution.code);
        return this.reserve(transaction, plan, view, key.id);
      })
      .catch((error: unknown) => {
        throw isUniqueViolation(error)
          ? new YizhengError('RESERVATION_CONFLICT', 'Another request took the same number; repeat this one.', {
              status: 503,
              cause: error,
            })
          : error;
      });
    const issued = issuedCertificate(await this.complete(id));
    if (!issued)
      throw new YizhengError(
        'CERTIFICATE_VOID',
        'This certificate was given up: its key is gone, or what it corrects was revoked or suspended meanwhile.',
        {
          status: 409,
        },
      );
    return issued;
  }

  private async reserve(
    transaction: Knex.Transaction,
    plan: Plan,
    view: Awaited<ReturnType<AccreditationStore['view']>>,
    keyId: string,
  ): Promise<string> {
    const { institution, draft } = plan;
    const now = this.effects.clock();
    if (draft.issuedOn > chinaDate(now))
      throw new YizhengError('ISSUED_IN_FUTURE', 'The date of issue lies in the future (China Standard Time).', {
        at: '/issuedOn',
        status: 422,
      });
    const { number, revision, correctsHolder } = await this.numberOf(transaction, plan);
    await refuseDuplicate(transaction, plan);
    const created = wholeSecond(now);
    const record = (under: IssuedUnder, status: CertificateRecord['status']): CertificateRecord =>
      parseCertificateRecord({ ...draft, certificateNumber: number, revision, ...under, status });
    const { issuer, authority, accreditation } = coverByAccreditation(
      institution,
      view,
      (under) => record(plan.under ? { ...under, accreditation: plan.under.accreditation } : under, UNPLACED),
      { verificationMethod: keyId, created },
    );
    const under = { issuer, authority, accreditation };
    refuseOtherNames(plan.under, under);
    const status = await reserveStatus(transaction, institution.code, this.effects.randomBytes);
    const unsigned: UnsignedCertificate = buildCredential(record(under, status));
    await transaction('certificates').insert({
      id: unsigned.id,
      institution: institution.code,
      number,
      revision,
      kind: draft.kind,
      list: status.list,
      list_index: status.index,
      unsigned: JSON.stringify(unsigned),
      proof_created: created,
      key_id: keyId,
      state: 'reserved',
      status: 'active',
      duplicate_key: plan.duplicateKey,
      result_key: plan.resultKey,
      holder_key: plan.holderKey,
      supersedes: draft.supersedes ?? null,
      idempotency_key: plan.idempotencyKey,
      actor: plan.actor,
      reserved_at: now.toISOString(),
    });
    await bindIdempotencyKey(transaction, {
      tenant: institution.code,
      key: plan.idempotencyKey,
      subject: unsigned.id,
    });
    await appendAudit(
      transaction,
      {
        tenant: institution.code,
        actor: plan.actor,
        action: 'certificate.reserve',
        subject: unsigned.id,
        detail: { key: keyId, created, list: status.list, index: status.index, accreditation: under.accreditation.id },
      },
      now,
    );
    if (correctsHolder)
      await appendAudit(
        transaction,
        {
          tenant: institution.code,
          actor: plan.actor,
          action: 'certificate.correct-holder',
          subject: unsigned.id,
          detail: { supersedes: draft.supersedes ?? '' },
        },
        now,
      );
    return unsigned.id;
  }

  private async numberOf(
    transaction: Knex.Transaction,
    plan: Plan,
  ): Promise<{ number: string; revision: number; correctsHolder: boolean }> {
    const { institution, draft } = plan;
    if (draft.supersedes === undefined) {
      if (plan.revision !== undefined && plan.revision !== 1) throw wrongRevision();
      return { number: await reserveNumber(transaction, institution.code, draft), revision: 1, correctsHolder: false };
    }
    const old = await findCertificate(transaction, institution.code, draft.supersedes);
    if (old?.state !== 'issued' || old.id !== draft.supersedes) throw notFound();
    if (old.status === 'revoked')
      throw new YizhengError('CERTIFICATE_REVOKED', 'A revoked certificate cannot be corrected; issue a new one.', {
        at: '/supersedes',
        status: 409,
      });
    if (old.status === 'suspended')
      throw new YizhengError(
        'CERTIFICATE_SUSPENDED',
        'A suspended certificate is not corrected; decide about it first.',
        {
          at: '/supersedes',
          status: 409,
        },
      );
    const next: unknown = await transaction('certificates')
      .where({ institution: institution.code, supersedes: old.id })
      .whereNot({ state: 'void' })
      .first('id');
    if (next !== undefined)
      throw new YizhengError(
        'CERTIFICATE_SUPERSEDED',
        'This certificate was corrected already; correct the newest one.',
        {
          at: '/supersedes',
          status: 409,
        },
      );
    if (draft.certificateNumber !== undefined && draft.certificateNumber !== old.number)
      throw new YizhengError('NUMBER_TAKEN', 'A correction keeps the number of what it corrects.', {
        at: '/certificateNumber',
        status: 422,
      });
    checkNumber(institution.code, old.number, draft);
    const correctsHolder = checkCorrection(old, draft, { holderKey: plan.holderKey, roles: plan.roles ?? [] });
    const last = (await transaction('certificates')
      .where({ institution: institution.code, number: old.number })
      .max({ revision: 'revision' })
      .first()) as { revision: number };
    const revision = last.revision + 1;
    if (plan.revision !== undefined && plan.revision !== revision) throw wrongRevision();
    return { number: old.number, revision, correctsHolder };
  }

  private async superseded(institution: Institution, id: string): Promise<{ issuedOn: string }> {
    const row = await findCertificate(this.effects.database.knex, institution.code, id);
    if (row?.id !== id) throw notFound();
    return { issuedOn: readRecord(JSON.parse(row.unsigned)).issuedOn };
  }

  /** Signs and stores a reserved certificate; concurrent calls for one certificate share the work. */
  private complete(id: string): Promise<CertificateRow> {
    const running = this.running.get(id);
    if (running) return running;
    const work = completeCertificate(id, this.completion)
      .then((row) => {
        this.waiting.delete(id);
        return row;
      })
      .finally(() => this.running.delete(id));
    this.running.set(id, work);
    return work;
  }

  private isWaiting(institution: string): boolean {
    return [...this.waiting.values()].some((row) => row.institution === institution);
  }

  private get completion(): Completion {
    return {
      ...this.effects,
      replan: async (row, keyId, created) => {
        const record = readRecord(JSON.parse(row.unsigned));
        const { issuer, authority } = record;
        const view = await this.accreditations.view(authority.id);
        const institution = { code: row.institution, did: issuer.id, authority: authority.id };
        coverByAccreditation(institution, view, () => record, { verificationMethod: keyId, created });
      },
      finish: (transaction, row) =>
        answerIdempotencyKey(transaction, {
          tenant: row.institution,
          key: row.idempotency_key,
          status: 201,
          answer: row.id,
        }),
    };
  }

  private resultKey({ holder, ...draft }: CertificateDraft): Promise<string> {
    const { kind, occupation, level, assessment, specification, competition, training } = draft;
    return this.hmac(
      'result',
      canonicalize({
        holder: [holder.name, holder.identityDocumentType, holder.identityDocumentLastFour],
        kind,
        occupation: occupation && [occupation.catalogueEdition, occupation.code, occupation.trade ?? ''],
        level: level && [level.framework, level.value],
        assessment: [assessment.id, assessment.date],
        specification: specification?.code,
        competition: competition && [competition.filingNumber, competition.event],
        training: training?.title,
      }) ?? '',
    );
  }

  private async hmac(purpose: string, text: string): Promise<string> {
    const mac = await this.effects.keystore.hmac(`issuer ${purpose}`, new TextEncoder().encode(text));
    return Buffer.from(mac).toString('hex');
  }
}

/** Stands in the record while the accreditation is looked for; the decision does not look at it. */
const UNPLACED: CertificateRecord['status'] = { list: 1, index: 0 };

function claimedBefore(claim: IdempotencyState): string | undefined {
  return claim.state === 'new' ? undefined : claim.subject;
}

async function refuseDuplicate(transaction: Knex.Transaction, plan: Plan): Promise<void> {
  const { duplicateKey, resultKey } = plan;
  const same = await transaction<CertificateRow>('certificates')
    .where({ institution: plan.institution.code })
    .where((either) => {
      if (duplicateKey === null) void either.where({ result_key: resultKey });
      // Two people may share a name and last four characters: what both documents are known of is told apart by them.
      else void either.where({ duplicate_key: duplicateKey }).orWhere({ result_key: resultKey, duplicate_key: null });
    })
    .whereNot({ state: 'void' })
    .whereNot({ status: 'revoked' })
    .whereNot({ id: plan.draft.supersedes ?? '' })
    .first('id');
  if (same)
    throw new YizhengError('CERTIFICATE_DUPLICATE', `This result was certified already: ${same.id}.`, {
      at: same.id,
      status: 409,
    });
}

function refuseOtherNames(given: IssuedUnder | undefined, ours: IssuedUnder): void {
  for (const party of ['issuer', 'authority'] as const)
    if (given && (given[party].id !== ours[party].id || given[party].name !== ours[party].name))
      throw new YizhengError(
        'ISSUER_MISMATCH',
        'Issuer and authority must be written as the accreditation writes them.',
        {
          at: `/credential${REFUSED_PLACE[party] ?? ''}`,
          status: 422,
        },
      );
}

function wrongRevision(): YizhengError {
  return new YizhengError('REVISION_WRONG', 'The revision in the id is not the next one of this number.', {
    at: '/credential/id',
    status: 422,
  });
}

function notFound(): YizhengError {
  return new YizhengError('CERTIFICATE_NOT_FOUND', 'The certificate to be corrected was not issued here.', {
    at: '/supersedes',
    status: 404,
  });
}

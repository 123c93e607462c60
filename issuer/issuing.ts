import canonicalize from 'canonicalize';
import type { Knex } from 'knex';
import { buildCredential, type UnsignedCertificate } from '../shared/certificate/credential.js';
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
import {
  findCertificate,
  IS_RESERVED,
  issuedCertificate,
  recordOfRow,
  type CertificateRow,
  type IssuedCertificate,
  type StoredCertificate,
} from './certificate-row.js';
import { checkCorrection } from './check-correction.js';
import { readClientCredential, refuseOtherNames, wrongRevision } from './client-credential.js';
import { completeCertificate, type Completion } from './complete-certificate.js';
import { findCorrectable, keepsNumber, notCorrectable, requireCorrectable } from './correctable.js';
import { coverByAccreditation, UNPLACED, type IssuedUnder } from './covering-accreditation.js';
import type { IssuerEffects } from './effects.js';
import { draftOf, type CertificateDraft, type ExamResult } from './exam-result.js';
import { refuseDuplicate } from './find-duplicates.js';
import type { Institution } from './institutions.js';
import { checkNumber, reserveNumber } from './reserve-number.js';
import { reserveStatuses } from './reserve-status.js';
import { fingerprintOf, resultKeys, type KeyedResult, type ResultKeys } from './result-keys.js';
import { cellOf, idsOfCells } from './supervision/certificate-cells.js';
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

interface Plan extends IssueRequest, ResultKeys {
  /** HMAC of the request body. */
  fingerprint: string;
  operation: string;
  draft: CertificateDraft;
  /** The client wrote issuer and authority itself; they must be ours. */
  under?: IssuedUnder;
  /** Revision the client wrote itself. */
  revision?: number;
}

/**
 * The write path (design/SECURITY.md §4): reserve number, status index and the exact bytes to be signed in one durable
 * transaction; sign; check with a second implementation; store; only then answer. Whatever fails in between leaves a reserved
 * row that a repeated request or the next start completes.
 */
export class Issuing {
  private readonly running = new Map<string, Promise<StoredCertificate>>();
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
    refuseWithoutApproval(request.institution);
    const fingerprint = await fingerprintOf(this.effects.keystore, canonicalize(exam) ?? '');
    const old = exam.supersedes === undefined ? undefined : await this.superseded(request.institution, exam.supersedes);
    const draft = draftOf(exam, exam.issuedOn ?? old?.issuedOn ?? chinaDate(this.effects.clock()));
    return this.issue({
      ...request,
      operation: 'certificate.issue',
      fingerprint,
      draft,
      ...(await this.keysOf({ draft, exam })),
    });
  }

  /**
   * Issues a credential the client wrote itself (VC-API), complete but for its status entries, which are reserved here.
   * @throws YizhengError as {@link issueExamResult}; 422: `CREDENTIAL_SCHEMA`, `CREDENTIAL_SHAPE`, `CREDENTIAL_STATUS_GIVEN`,
   *   `ISSUER_MISMATCH`
   */
  async issueCredential(request: IssueRequest, credential: object): Promise<IssuedCertificate> {
    refuseWithoutApproval(request.institution);
    const { draft, under, revision } = readClientCredential(request.institution, credential);
    return this.issue({
      ...request,
      operation: 'credential.issue',
      fingerprint: await fingerprintOf(this.effects.keystore, JSON.stringify(credential)),
      draft,
      ...(await this.keysOf({ draft })),
      under,
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
      .whereRaw(IS_RESERVED)
      .where(institution === undefined ? {} : { institution })
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
    return (await this.effects.database.knex('certificates').whereRaw(IS_RESERVED).first('id')) !== undefined;
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
    await refuseDuplicate(transaction, institution.code, {
      ...plan,
      assessment: draft.assessment.id,
      supersedes: draft.supersedes,
    });
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
    const drawn = await reserveStatuses(transaction, institution.code, 1, this.effects.randomBytes);
    const [list, index] = [drawn.list[0], drawn.index[0]];
    if (list === undefined || index === undefined) throw new Error('no status entry was drawn');
    const status = { list, index };
    const unsigned: UnsignedCertificate = buildCredential(record(under, status));
    const cell = cellOf(institution.code, draft, accreditation.id);
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
      assessment: draft.assessment.id,
      supersedes: draft.supersedes ?? null,
      cell: (await idsOfCells(transaction, [cell])).get(cell.key) ?? null,
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
    const known = await findCorrectable(transaction, institution.code, [draft.supersedes]);
    const { row, lastRevision } = requireCorrectable(known.get(draft.supersedes));
    const { number } = row;
    if (draft.certificateNumber !== undefined && draft.certificateNumber !== number) throw keepsNumber();
    checkNumber(institution.code, number, draft);
    const correctsHolder = checkCorrection(row, draft, { holderKey: plan.holderKey, roles: plan.roles ?? [] });
    const revision = lastRevision + 1;
    if (plan.revision !== undefined && plan.revision !== revision) throw wrongRevision();
    return { number, revision, correctsHolder };
  }

  private async superseded(institution: Institution, id: string): Promise<{ issuedOn: string }> {
    const row = await findCertificate(this.effects.database.knex, institution.code, id);
    if (row?.id !== id) throw notCorrectable();
    return { issuedOn: recordOfRow(row).issuedOn };
  }

  /** Signs and stores a reserved certificate; concurrent calls for one certificate share the work. */
  private complete(id: string): Promise<StoredCertificate> {
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
        const record = recordOfRow(row);
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

  private async keysOf(result: KeyedResult): Promise<ResultKeys> {
    const [keys] = await resultKeys(this.effects.keystore, [result]);
    return keys ?? { duplicateKey: null, holderKey: null, resultKey: '' };
  }
}

function claimedBefore(claim: IdempotencyState): string | undefined {
  return claim.state === 'new' ? undefined : claim.subject;
}

/** One person alone cannot go around the second one by issuing certificates one at a time. */
function refuseWithoutApproval({ requiresApproval }: Institution): void {
  if (requiresApproval)
    throw new YizhengError(
      'APPROVAL_REQUIRED',
      'Here a second person approves every certificate: hand the result in as a batch, also a single one.',
      { status: 409 },
    );
}

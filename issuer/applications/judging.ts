import { YizhengError } from '../../shared/errors.js';
import { parseJsonObject, type JsonObject } from '../../shared/json/parse-json.js';
import type { ApplicationTables } from '../../shared/trust/application/decide-application.js';
import type { Verdict } from '../../shared/verdict/types.js';
import type { AccreditationStore } from '../accreditation-store.js';
import type { CertificateRow } from '../certificate-row.js';
import type { IssuerEffects } from '../effects.js';
import type { Institution, Institutions } from '../institutions.js';
import type { OpenId4Vci } from '../openid4vci/index.js';
import { holderKeyOf } from '../result-keys.js';
import type { StatusLists } from '../status-lists.js';
import type { ApplicationRow } from './application-row.js';
import { judgeEvidence, type JudgedEvidence, type PresentedCertificate } from './judge-evidence.js';
import { withOwnStatus } from './own-status.js';
import { sameApplicant } from './same-applicant.js';
import type { CodedAnswer, Wanted } from './types.js';

/** What presented certificates are judged with. */
export interface JudgingTools {
  effects: IssuerEffects;
  institutions: Institutions;
  accreditations: AccreditationStore;
  statusLists: StatusLists;
  openid4vci: Pick<OpenId4Vci, 'tokenStatusLists'>;
  tables: ApplicationTables;
}

/** Judges presented certificates by what this institution knows now. */
export class Judging {
  constructor(private readonly tools: JudgingTools) {}

  /**
   * @param row the application it is presented with
   * @throws YizhengError `CERTIFICATE_NOT_OURS` (422) for a credential of another type, `ACCREDITATION_UNKNOWN` (503) before the authority's
   *   first bundle, `JSON_*`
   */
  async judge(institution: Institution, row: ApplicationRow, presented: PresentedCertificate): Promise<JudgedEvidence> {
    const { effects, accreditations, tables } = this.tools;
    const view = await accreditations.view(institution.authority);
    if (!view)
      throw new YizhengError(
        'ACCREDITATION_UNKNOWN',
        'Nothing is known yet of what the authority says; import its bundle.',
        { status: 503 },
      );
    const document = presented.document ?? documentOf(presented.json);
    const status = await withOwnStatus(view, [document], { ...this.tools, baseUrl: effects.baseUrl });
    const judged = await judgeEvidence(presented, {
      ...status,
      anchor: institution.authority,
      now: effects.clock().toISOString(),
      wanted: JSON.parse(row.wanted) as Wanted,
      region: row.region,
      tables,
      compare: (verdict) => this.compare(institution, row, verdict),
    });
    if (judged.judgement.questions.authentic.code === 'UNKNOWN_CREDENTIAL_TYPE')
      throw new YizhengError('CERTIFICATE_NOT_OURS', 'This is another type of credential, no skill certificate.', {
        status: 422,
      });
    return judged;
  }

  /** The number of a certificate this institution issued is known as HMAC, and so is one its holder showed. */
  private async compare(institution: Institution, row: ApplicationRow, verdict: Verdict): Promise<CodedAnswer> {
    const { keystore, database } = this.tools.effects;
    const { certificate, credentialId, personal } = verdict;
    const own: Pick<CertificateRow, 'holder_key'> | undefined =
      credentialId === undefined || certificate?.issuer.id !== institution.did
        ? undefined
        : await database
            .knex<CertificateRow>('certificates')
            .where({ institution: institution.code, id: credentialId })
            .first('holder_key');
    const idNumber = personal?.idNumber;
    const holderKey =
      own?.holder_key ??
      (idNumber === undefined || !certificate
        ? undefined
        : await holderKeyOf(keystore, { idNumber, idType: certificate.holder.identityDocumentType }));
    const applicant = { name: row.name, idType: row.id_type, idLastFour: row.id_last_four, holderKey: row.holder_key };
    return sameApplicant(applicant, certificate?.holder, holderKey);
  }
}

/** What a kept credential says, to find the status lists it names; of a compact form its payload. */
function documentOf(json: string): JsonObject {
  return json.startsWith('{')
    ? parseJsonObject(json)
    : parseJsonObject(new Uint8Array(Buffer.from(json.split('.', 2)[1] ?? '', 'base64url')));
}

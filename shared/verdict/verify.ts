import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { checkCertificateNumber } from '../certificate/certificate-number.js';
import { claimsToBeCertificate } from '../certificate/credential.js';
import { certificateKind } from '../certificate/kind.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { checkCredentialProof, type CertificateProofCheck } from '../proof/check-credential-proof.js';
import { authorise } from '../trust/authorise.js';
import { certificateFacts } from '../trust/certificate-facts.js';
import { decide } from '../trust/decide.js';
import type { ProofSuite } from '../proof/types.js';
import type { TrustPolicy } from '../trust/policy.js';
import type { TrustView } from '../trust/trust-view.js';
import type { CertificateFacts } from '../trust/types.js';
import { checkCurrent } from './check-current.js';
import { finding } from './finding.js';
import { headlineOf } from './headline.js';
import type { Finding, Question, Verdict } from './types.js';

/** What arrived, as `openCarrier` gives it. */
export interface VerifyInput {
  /** How it arrived: `json`, `qr`, `image`, `pdf`, `cbor-ld`. */
  carrier: string;
  /** The credential as JSON text. */
  json: string;
}

/** Everything a verification may lean on. */
export interface VerifyContext {
  /** Verified trust data of the anchor. */
  trust: TrustView;
  /** DID of the authority whose rules the reader works under. */
  anchor: string;
  /** Now, RFC 3339. */
  now: string;
  policy?: Partial<TrustPolicy>;
  /** How signatures are checked; the compiled path may stand in for the reference, which it is proven equal to. */
  suite?: ProofSuite;
}

/**
 * Answers the five questions about one certificate (DESIGN §2). Pure: the same input, trust data, anchor and time give the
 * same verdict in the service, the CLI and the browser; nothing is fetched.
 * @param input the opened carrier
 * @param context trust data, anchor and time
 * @returns the verdict; it never throws for what a certificate says, only for text that is not JSON
 * @throws YizhengError `JSON_*` when the text is not an acceptable JSON object
 */
export async function verify(input: VerifyInput, context: VerifyContext): Promise<Verdict> {
  const document = parseJsonObject(input.json);
  const proof = await checkAuthentic(input.json, document, context);
  const questions =
    proof.record && proof.credential && proof.answer !== 'fail'
      ? await judge({ ...proof, record: proof.record, credential: proof.credential }, context)
      : unread(proof);
  const record = proof.answer === 'fail' ? undefined : proof.record && shownRecord(proof.record, context.trust);
  const anchorName = context.trust.authorityName(context.anchor);
  const { decision, ...answers } = questions;
  return {
    type: 'YizhengVerdict',
    version: 1,
    headline: headlineOf(answers, decision),
    questions: answers,
    ...(record && { certificate: record }),
    ...(record && proof.credential && { credentialId: proof.credential.id }),
    input: { carrier: input.carrier, sha256: bytesToHex(sha256(utf8ToBytes(input.json))) },
    ...(decision && { decision }),
    trust: {
      anchor: context.anchor,
      ...(anchorName !== undefined && { anchorName }),
      freshness: context.trust.freshness(context.anchor, context.now, record?.kind) ?? null,
      dataAsOf: context.trust.dataAsOf,
      goodUntil: context.trust.goodUntil,
      feeds: [...context.trust.feeds],
    },
    evaluatedAt: context.now,
  };
}

type Answers = Record<Question, Finding>;
type Judged = Answers & Pick<Verdict, 'decision'>;
type ReadProof = CertificateProofCheck & Required<Pick<CertificateProofCheck, 'record' | 'credential'>>;

/** Keys count only as the authority the certificate names published them: another authority cannot lend it a key. */
async function checkAuthentic(
  json: string,
  document: JsonObject,
  context: VerifyContext,
): Promise<CertificateProofCheck> {
  if (!claimsToBeCertificate(document)) return { answer: 'unknown', code: 'UNKNOWN_CREDENTIAL_TYPE' };
  const under = document['issuedUnder'];
  const authority = isJsonObject(under) && typeof under['authority'] === 'string' ? under['authority'] : '';
  return checkCredentialProof(json, {
    keyOf: context.trust.keysOf(authority),
    now: judgedAt(context),
    ...(context.suite && { suite: context.suite }),
  });
}

async function judge(proof: ReadProof, context: VerifyContext): Promise<Judged> {
  const { trust, anchor, now, policy } = context;
  const { record, credential } = proof;
  const facts = certificateFacts(record, {
    ...credential.proof,
    ...(proof.key && { publicKeyMultibase: proof.key.publicKeyMultibase }),
  });
  const authority = facts.issuedUnder.authority;
  const names = {
    authority: trust.authorityName(authority) ?? authority,
    anchor: trust.authorityName(anchor) ?? anchor,
  };
  const known = trust.feedOf(authority)?.issuedAt ?? null;
  const current = await checkCurrent(record, credential, { trust, now: judgedAt(context) });
  const options = { anchor, now, ...(policy && { policy }) };
  const decision = decide(facts, trust, options);
  const problem = current.answer === 'fail' ? ENDING.find((code) => code === current.code) : undefined;
  return {
    authentic: finding(proof.answer, proof.code, { asOf: proof.key ? known : null }),
    authorised: checkAuthorised(facts, record, names, context),
    current,
    recognised: recognisedFinding(decision, names),
    holder: finding('unknown', 'HOLDER_NOT_BOUND', {
      asOf: now,
      params: {
        name: record.holder.name,
        document: record.holder.identityDocumentType,
        lastFour: record.holder.identityDocumentLastFour,
      },
    }),
    decision: problem ? decide(facts, trust, { ...options, certificateProblem: problem }) : decision,
  };
}

/** What ends every question about recognition, whatever the statements say (TRUST §2.6-1). */
const ENDING = ['CERTIFICATE_REVOKED', 'CERTIFICATE_EXPIRED'] as const;

/** Time does not go back: a device clock behind the trust data judges at the time of that data. */
function judgedAt({ trust, now }: VerifyContext): string {
  const { seenTime } = trust;
  return seenTime !== null && Date.parse(seenTime) > Date.parse(now) ? seenTime : now;
}

function checkAuthorised(
  facts: CertificateFacts,
  record: NonNullable<CertificateProofCheck['record']>,
  names: Record<'authority' | 'anchor', string>,
  context: VerifyContext,
): Finding {
  const { trust, policy } = context;
  const found = authorise(facts, trust, { now: judgedAt(context), ...(policy && { policy }) });
  const options = { asOf: found.dataAsOf, params: names, reasons: found.reasons };
  if (found.answer !== 'pass' || !found.accreditation || !certificateKind(record.kind).numbered || !record.level)
    return finding(found.answer, found.reasons[0]?.code ?? 'ISSUER_NOT_ACCREDITED', options);
  const [mismatch] = checkCertificateNumber(record.certificateNumber, {
    institutionCode: found.accreditation.institutionCode,
    issuedOn: record.issuedOn,
    level: record.level,
  });
  return mismatch === undefined ? finding('pass', 'ACCREDITED', options) : finding('fail', mismatch, options);
}

function recognisedFinding(decision: NonNullable<Verdict['decision']>, params: Record<string, string>): Finding {
  const answer =
    decision.outcome === 'undetermined' ? 'unknown' : decision.outcome === 'not-recognised' ? 'fail' : 'pass';
  return finding(answer, decision.reasons[0]?.code ?? 'NO_RECOGNITION_OF_AUTHORITY', {
    asOf: decision.dataAsOf,
    params,
    reasons: decision.reasons,
  });
}

/** Not genuine, or not ours: nothing it says is worth judging. */
function unread(proof: CertificateProofCheck): Judged {
  const notChecked = finding('unknown', 'NOT_CHECKED', { asOf: null });
  return {
    authentic: finding(proof.answer, proof.code, { asOf: null }),
    authorised: notChecked,
    current: notChecked,
    recognised: notChecked,
    holder: notChecked,
  };
}

/** Names of issuer and authority are shown as the trust data has them, never as a certificate calls itself (SECURITY §2.1). */
function shownRecord(
  record: NonNullable<CertificateProofCheck['record']>,
  trust: TrustView,
): NonNullable<Verdict['certificate']> {
  const shown = (did: string, name: string | undefined) => ({ id: did, name: name ?? did });
  return {
    ...record,
    issuer: shown(record.issuer.id, trust.institutionName(record.issuer.id)),
    authority: shown(record.authority.id, trust.authorityName(record.authority.id)),
  };
}

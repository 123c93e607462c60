import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ShownCertificate } from '../certificate/shown-certificate.js';
import type { CompactCertificateCheck } from '../proof/forms/check-compact-certificate.js';
import { checkKeyBinding } from '../proof/forms/check-key-binding.js';
import type { SecuredCertificate } from '../proof/forms/secured-certificate.js';
import type { HolderCheck } from '../proof/holder-check.js';
import { certificateFacts } from '../trust/certificate-facts.js';
import { decide } from '../trust/decide.js';
import type { TrustView } from '../trust/trust-view.js';
import type { CertificateFacts } from '../trust/types.js';
import { checkAuthentic } from './check-authentic.js';
import { checkAuthorised } from './check-authorised.js';
import { checkCurrent } from './check-current.js';
import { checkHolder } from './check-holder.js';
import { finding } from './finding.js';
import { headlineOf } from './headline.js';
import type { Finding, Question, Verdict } from './types.js';
import type { VerifyContext, VerifyInput } from './verify.js';

/** A verdict, and what the trust decision was asked with when the certificate could be read. */
export interface JudgedCertificate {
  verdict: Verdict;
  facts?: CertificateFacts;
}

type Judged = Record<Question, Finding> & Pick<Verdict, 'decision'> & { facts?: CertificateFacts };

/** Does what `verify` promises, and gives the facts with it. @throws YizhengError as `verify` */
export async function judgeCertificate(input: VerifyInput, context: VerifyContext): Promise<JudgedCertificate> {
  const now = judgedAt(context);
  const proof = await checkAuthentic(input.json, { trust: context.trust, suite: context.suite, now });
  const certificate = proof.answer === 'fail' ? undefined : proof.certificate;
  const { facts, decision, ...questions } = certificate
    ? await judge(proof, certificate, await holderChecks(proof, input, now), context)
    : unread(proof);
  const record = certificate && shownRecord(certificate.record, context.trust);
  const anchorName = context.trust.authorityName(context.anchor);
  const verdict: Verdict = {
    type: 'YizhengVerdict',
    version: 1,
    headline: headlineOf(questions, decision),
    questions,
    ...(record && { certificate: record }),
    ...(certificate && { credentialId: certificate.id }),
    ...(certificate?.personal && { personal: certificate.personal }),
    ...(certificate && certificate.notShown.length > 0 && { notShown: certificate.notShown }),
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
  return { verdict, ...(facts && { facts }) };
}

async function holderChecks(
  { sdJwt }: CompactCertificateCheck,
  { holder, keyBinding }: VerifyInput,
  now: string,
): Promise<HolderCheck[]> {
  return [
    ...(holder ? [holder] : []),
    ...(sdJwt && keyBinding ? [await checkKeyBinding(sdJwt, { ...keyBinding, now })] : []),
  ];
}

async function judge(
  proof: CompactCertificateCheck,
  certificate: SecuredCertificate,
  holder: readonly HolderCheck[],
  context: VerifyContext,
): Promise<Judged> {
  const { trust, anchor, now, policy, statusTokenOf } = context;
  const { record } = certificate;
  const facts = certificateFacts(record, {
    ...certificate.signed,
    ...(proof.key && { publicKeyMultibase: proof.key.publicKeyMultibase }),
  });
  const authority = facts.issuedUnder.authority;
  const names = {
    authority: trust.authorityName(authority) ?? authority,
    anchor: trust.authorityName(anchor) ?? anchor,
  };
  const known = trust.feedOf(authority)?.issuedAt ?? null;
  const at = judgedAt(context);
  const current = await checkCurrent(certificate, { trust, statusTokenOf, now: at });
  const options = { anchor, now, ...(policy && { policy }) };
  const decision = decide(facts, trust, options);
  const problem = current.answer === 'fail' ? ENDING.find((code) => code === current.code) : undefined;
  return {
    authentic: finding(proof.answer, proof.code, { asOf: proof.key ? known : null }),
    authorised: checkAuthorised(facts, record, names, { trust, now: at, ...(policy && { policy }) }),
    current,
    recognised: recognisedFinding(decision, names),
    holder: checkHolder(certificate, holder, now),
    decision: problem ? decide(facts, trust, { ...options, certificateProblem: problem }) : decision,
    facts,
  };
}

/** What ends every question about recognition, whatever the statements say (TRUST §2.6-1). */
const ENDING = ['CERTIFICATE_REVOKED', 'CERTIFICATE_EXPIRED'] as const;

/** Time does not go back: a device clock behind the trust data judges at the time of that data. */
function judgedAt({ trust, now }: VerifyContext): string {
  const { seenTime } = trust;
  return seenTime !== null && Date.parse(seenTime) > Date.parse(now) ? seenTime : now;
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
function unread(proof: CompactCertificateCheck): Judged {
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
function shownRecord(record: ShownCertificate, trust: TrustView): ShownCertificate {
  const shown = (did: string, name: string | undefined) => ({ id: did, name: name ?? did });
  return {
    ...record,
    issuer: shown(record.issuer.id, trust.institutionName(record.issuer.id)),
    authority: shown(record.authority.id, trust.authorityName(record.authority.id)),
  };
}

import { claimsToBeCertificate } from '../shared/certificate/credential.js';
import { YizhengError } from '../shared/errors.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../shared/json/parse-json.js';
import { checkForeignCredential, validityProblem } from '../shared/proof/check-foreign-credential.js';
import {
  certificateProblem,
  checkForeignPresentation,
  checkShownCredentials,
} from '../shared/proof/check-foreign-presentation.js';
import type { PresentationQuestion } from '../shared/proof/check-presentation-proof.js';
import { ecdsaSd2023 } from '../shared/proof/data-integrity/ecdsa-sd-2023.js';
import { checkCredentialModel, type CredentialModel } from '../shared/proof/data-model/check-credential-model.js';
import { checkPresentationModel } from '../shared/proof/data-model/check-presentation-model.js';
import { claimsToBeEnvelope, readEnvelope, type Envelope } from '../shared/proof/data-model/enveloped.js';
import { checkSecured } from '../shared/proof/jose/check-secured.js';
import { readCompactJws } from '../shared/proof/jose/compact-jws.js';
import { refusalOf } from '../shared/proof/refusal.js';
import type { ProofCheck } from '../shared/proof/types.js';
import { checkForeignStatus } from '../shared/status/check-foreign-status.js';
import type { Verdict } from '../shared/verdict/types.js';
import { verify } from '../shared/verdict/verify.js';
import type { JobContext } from './run-job.js';
import type { CredentialJob, PresentationJob, Problem } from './worker-messages.js';

/** Of a credential or presentation: what kept it from being verified, and what "verified" does not say. */
export interface VcApiFinding {
  problems: Problem[];
  warnings: Problem[];
  /** The five answers, for a certificate of ours. */
  verdict?: Verdict;
  holder?: string;
}

/** The questions a machine's "verified" rests on; recognition and holder are the reader's own affair. */
const QUESTIONS = ['authentic', 'authorised', 'current'] as const;
const SUITES = [ecdsaSd2023];

/**
 * Verifies a credential for the VC-API: one of ours by the rules of the trust data, any other by its proof, model, dates and status;
 * enveloped ones as what is inside.
 * @throws YizhengError for JSON that cannot be read
 */
export async function checkVcApiCredential(
  json: string,
  job: CredentialJob | PresentationJob,
  context: JobContext,
  holder?: string,
): Promise<VcApiFinding> {
  const document = parseJsonObject(json);
  if (claimsToBeEnvelope(document)) return checkEnveloped(document, job, context, holder);
  if (claimsToBeCertificate(document)) return judged(json, job, context);
  const { now } = job;
  const { challenge, domain }: { challenge?: string; domain?: string } = job.kind === 'credential' ? job : {};
  const check = await checkForeignCredential(json, {
    now,
    resolver: context.resolver,
    suites: SUITES,
    ...(challenge !== undefined && { challenge }),
    ...(domain !== undefined && { domain }),
  });
  if (check.answer !== 'pass' || !check.model) return refused(check);
  const cryptosuites = [document['proof'] ?? []]
    .flat()
    .map((proof) => (isJsonObject(proof) ? proof['cryptosuite'] : ''));
  const withheld = cryptosuites.includes(ecdsaSd2023.cryptosuite);
  return withStatuses(check.model, job, context, withheld ? [warning('MEMBERS_MAY_BE_WITHHELD')] : []);
}

/**
 * Verifies a presentation for the VC-API.
 * @throws YizhengError for JSON that cannot be read
 */
export async function checkVcApiPresentation(job: PresentationJob, context: JobContext): Promise<VcApiFinding> {
  const { json } = job;
  const warnings: Problem[] = [];
  const question = questionOf(job);
  const checkCredential = async (text: string, holder: string): Promise<ProofCheck> => {
    const found = await checkVcApiCredential(text, job, context, holder);
    warnings.push(...found.warnings);
    const worst = found.problems.find(({ answer }) => answer === 'fail') ?? found.problems[0];
    return worst ? { answer: worst.answer, code: worst.code } : { answer: 'pass', code: 'PROOF_VALID' };
  };
  const document = parseJsonObject(json);
  const check = claimsToBeEnvelope(document)
    ? await checkEnvelopedPresentation(document, question, context, checkCredential)
    : await checkForeignPresentation(json, {
        ...question,
        resolver: context.resolver,
        suites: SUITES,
        checkCredential,
      });
  const { holder } = check;
  const found = { ...(holder !== undefined && { holder }) };
  if (check.answer !== 'pass') return { ...refused(check), ...found };
  return { problems: [], warnings: [...(check.warnings ?? []).map(warning), ...warnings], ...found };
}

async function judged(
  json: string,
  { anchor, now }: CredentialJob | PresentationJob,
  context: JobContext,
): Promise<VcApiFinding> {
  const { viewOf, suite } = context;
  const verdict = await verify({ carrier: 'json', json }, { trust: viewOf(anchor), anchor, now, suite });
  const problems = QUESTIONS.flatMap((question): Problem[] => {
    const { answer, code } = verdict.questions[question];
    return answer === 'pass' ? [] : [{ question, answer, code }];
  });
  return { problems, warnings: [], verdict };
}

async function checkEnveloped(
  document: JsonObject,
  job: CredentialJob | PresentationJob,
  context: JobContext,
  holder: string | undefined,
): Promise<VcApiFinding> {
  try {
    const envelope = readEnvelope(document);
    if (envelope.kind !== 'credential')
      throw new YizhengError('ENVELOPE_FORMAT', 'The envelope is not one of a credential.', {
        at: '/type',
        status: 422,
      });
    const claimed = unverifiedPayload(envelope);
    if (claimed && claimsToBeCertificate(claimed)) {
      const problem = holder === undefined ? undefined : certificateProblem([claimed], holder, questionOf(job));
      if (problem !== undefined) return refused({ answer: 'fail', code: problem });
      return await judged(envelope.text, job, context);
    }
    const { now } = job;
    const check = await checkSecured(envelope, { now, resolver: context.resolver });
    const inside = check.document;
    // A certificate of ours has no COSE form; nothing milder may judge one.
    if (inside && claimsToBeCertificate(inside)) return refused({ answer: 'fail', code: 'ENVELOPE_FORMAT' });
    if (check.answer !== 'pass' || !inside) return refused(check);
    const model = await checkCredentialModel(inside);
    if (model.issuer !== check.signer) return refused({ answer: 'fail', code: 'KEY_CONTROLLER_MISMATCH' });
    const late = validityProblem(model, { now });
    return late === undefined ? await withStatuses(model, job, context, []) : refused({ answer: 'fail', code: late });
  } catch (error) {
    return refused(refusalOf(error));
  }
}

async function checkEnvelopedPresentation(
  document: JsonObject,
  question: PresentationQuestion,
  context: JobContext,
  checkCredential: (json: string, holder: string) => Promise<ProofCheck>,
): Promise<ProofCheck & { holder?: string; warnings?: string[] }> {
  try {
    const envelope = readEnvelope(document);
    if (envelope.kind !== 'presentation')
      throw new YizhengError('ENVELOPE_FORMAT', 'The envelope is not one of a presentation.', {
        at: '/type',
        status: 422,
      });
    const check = await checkSecured(envelope, { ...question, resolver: context.resolver });
    if (check.answer !== 'pass' || !check.document) return check;
    const { signer = '' } = check;
    const model = await checkPresentationModel(check.document);
    if (model.holder !== undefined && model.holder !== signer)
      return { answer: 'fail', code: 'HOLDER_MISMATCH', holder: signer };
    return await checkShownCredentials(model, signer, { ...question, checkCredential });
  } catch (error) {
    return refusalOf(error);
  }
}

/** A status that says no keeps the credential from being verified; one of a type nobody knows here is only not known. */
async function withStatuses(
  model: CredentialModel,
  job: CredentialJob | PresentationJob,
  { resolver }: JobContext,
  before: Problem[],
): Promise<VcApiFinding> {
  const found: VcApiFinding = { problems: [], warnings: [...before] };
  if (model.hasOwnContext) found.warnings.push(warning('CONTEXT_OF_ITS_OWN'));
  for (const entry of model.statuses) {
    const known = [entry['type']].flat().includes('BitstringStatusListEntry');
    const url = entry['statusListCredential'];
    const check = known
      ? await checkForeignStatus(entry, {
          issuer: model.issuer,
          list: typeof url === 'string' ? job.statusLists?.[url] : undefined,
          checkCredential: (json) => checkForeignCredential(json, { now: job.now, resolver }),
        })
      : { answer: 'unknown' as const, code: 'STATUS_NOT_CHECKED' };
    if (check.answer === 'pass') continue;
    const problem: Problem = { question: 'current', answer: check.answer, code: check.code };
    const asked = job.statusWanted === true;
    const matters = check.answer === 'fail' || (known && check.code !== 'STATUS_PURPOSE_UNKNOWN') || asked;
    (matters ? found.problems : found.warnings).push(problem);
  }
  return found;
}

/** What a JWT says before its signature is checked: only to know by which rules to check it. */
function unverifiedPayload({ text, mediaType }: Envelope): JsonObject | undefined {
  if (mediaType.endsWith('cose')) return undefined;
  return parseJsonObject(readCompactJws(text.split('~', 1)[0] ?? '').payload);
}

function questionOf({ now, challenge, domain }: CredentialJob | PresentationJob): PresentationQuestion {
  return { now, ...(challenge !== undefined && { challenge }), ...(domain !== undefined && { domain }) };
}

function refused({ answer, code }: ProofCheck): VcApiFinding {
  return { problems: answer === 'pass' ? [] : [{ answer, code }], warnings: [] };
}

function warning(code: string): Problem {
  return { answer: 'unknown', code };
}

import type { Resolvable } from 'did-resolver';
import { claimsToBeCertificate } from '../certificate/credential.js';
import { parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { checkForeignCredential, validityProblem } from './check-foreign-credential.js';
import { isAbout } from './check-presentation.js';
import {
  presentationProblem,
  signerOf,
  verifyPresentationProofs,
  type PresentationQuestion,
} from './check-presentation-proof.js';
import { readProofs, type DataIntegrityProof } from './data-integrity/proof-schema.js';
import type { ProofVerifier } from './data-integrity/verify-proof.js';
import { checkCredentialModel } from './data-model/check-credential-model.js';
import { checkPresentationModel, type PresentationModel } from './data-model/check-presentation-model.js';
import { claimsToBeEnvelope } from './data-model/enveloped.js';
import { refusalOf } from './refusal.js';
import type { ProofCheck } from './types.js';

/** What {@link checkForeignPresentation} found. */
export type ForeignPresentationCheck = ProofCheck & {
  /** DID whose key signed. */
  holder?: string;
  /** What its `pass` does not say: `CHALLENGE_NOT_CHECKED`, `SUBJECT_NOT_HOLDER`. */
  warnings?: string[];
};

/**
 * Checks a presentation as VC-API and the VC Data Model define it: holder and credentials may be absent, a credential may be about
 * somebody else, one without proof is the holder's own word (§4.13.3: its issuer is the holder who signed). Certificates of ours are
 * taken only from the person they are bound to, in answer to a challenge for a domain.
 * @param json the presentation as JSON text or UTF-8 bytes
 * @param options `challenge`, `domain`: when given, every proof must repeat them; `checkCredential`: for credentials with a proof of
 *   their own, told whose signature the presentation was found to have, {@link checkForeignCredential} unless given
 * @returns `pass` `PROOF_VALID`; `unknown` `HOLDER_KEY_UNKNOWN`; `fail` with codes of `parseJson`, `readProofs`,
 *   `checkPresentationModel`, `presentationProblem`, `CHALLENGE_MISSING`, `SUBJECT_NOT_HOLDER`, `SELF_ASSERTED_HOLDER`, those of
 *   `findKey` and `verifyProof`; else the answer and code of the worst credential
 */
export async function checkForeignPresentation(
  json: string | Uint8Array,
  options: PresentationQuestion & {
    resolver: Resolvable;
    suites?: readonly ProofVerifier[];
    checkCredential?: (json: string, holder: string) => Promise<ProofCheck>;
  },
): Promise<ForeignPresentationCheck> {
  const { checkCredential = (text: string) => checkForeignCredential(text, { ...withoutQuestion(options) }) } = options;
  let document: JsonObject;
  let model: PresentationModel;
  let proofs: DataIntegrityProof[];
  try {
    document = parseJsonObject(json);
    model = await checkPresentationModel(document);
    proofs = readProofs(document);
  } catch (error) {
    return refusalOf(error);
  }
  const holder = model.holder ?? proofs.map(signerOf)[0] ?? '';
  const problem = presentationProblem(model, proofs, options);
  if (problem !== undefined) return { answer: 'fail', code: problem, holder };
  const signature = await verifyPresentationProofs(document, proofs, options);
  if (signature.answer !== 'pass') return { ...signature, holder };
  return checkShownCredentials(model, holder, { ...options, checkCredential });
}

/**
 * Checks the credentials of a presentation whose own signature was found right.
 * @param holder DID that signed it
 * @param options as {@link checkForeignPresentation}
 * @returns as {@link checkForeignPresentation}
 */
export async function checkShownCredentials(
  model: PresentationModel,
  holder: string,
  options: PresentationQuestion & { checkCredential: (json: string, holder: string) => Promise<ProofCheck> },
): Promise<ForeignPresentationCheck> {
  const problem = certificateProblem(model.credentials, holder, options);
  if (problem !== undefined) return { answer: 'fail', code: problem, holder };
  let unknown: ProofCheck | undefined;
  for (const credential of model.credentials) {
    const isOwnWord =
      credential['proof'] === undefined && !claimsToBeEnvelope(credential) && !claimsToBeCertificate(credential);
    const check = isOwnWord
      ? await checkOwnWord(credential, model, options)
      : await options.checkCredential(JSON.stringify(credential), holder);
    if (check.answer === 'fail') return { ...check, holder };
    if (check.answer === 'unknown') unknown ??= check;
  }
  if (unknown) return { ...unknown, holder };
  const warnings = [
    ...(options.challenge === undefined ? ['CHALLENGE_NOT_CHECKED'] : []),
    ...(model.credentials.every((credential) => isAbout(credential, holder)) ? [] : ['SUBJECT_NOT_HOLDER']),
  ];
  return { answer: 'pass', code: 'PROOF_VALID', holder, warnings };
}

/**
 * Why certificates of ours are not taken from this holder, or undefined: they are shown by the person they are bound to only, in answer to a
 * challenge for a domain. For whoever opens envelopes: what is inside is held to the same.
 * @returns `CHALLENGE_MISSING`, `SUBJECT_NOT_HOLDER`
 */
export function certificateProblem(
  credentials: readonly JsonObject[],
  holder: string,
  { challenge, domain }: PresentationQuestion,
): string | undefined {
  const ours = credentials.filter(claimsToBeCertificate);
  if (ours.length === 0) return undefined;
  if (challenge === undefined || domain === undefined) return 'CHALLENGE_MISSING';
  return ours.every((credential) => isAbout(credential, holder)) ? undefined : 'SUBJECT_NOT_HOLDER';
}

async function checkOwnWord(
  credential: JsonObject,
  { holder }: PresentationModel,
  time: PresentationQuestion,
): Promise<ProofCheck> {
  try {
    const model = await checkCredentialModel(credential);
    if (holder === undefined || model.issuer !== holder) return { answer: 'fail', code: 'SELF_ASSERTED_HOLDER' };
    const late = validityProblem(model, time);
    return late === undefined ? { answer: 'pass', code: 'PROOF_VALID' } : { answer: 'fail', code: late };
  } catch (error) {
    return refusalOf(error);
  }
}

function withoutQuestion<T extends PresentationQuestion>(
  options: T,
): Omit<T, 'challenge' | 'domain' | 'maxAgeSeconds'> {
  const { challenge: _, domain: __, maxAgeSeconds: ___, ...rest } = options;
  return rest;
}

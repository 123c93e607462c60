import type { Resolvable } from 'did-resolver';
import { isJsonObject, parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { checkForeignCredential } from './check-foreign-credential.js';
import { presentationProblem, signerOf, verifyPresentationProofs } from './check-presentation-proof.js';
import { readProofs, type DataIntegrityProof } from './data-integrity/proof-schema.js';
import { checkPresentationModel, type PresentationModel } from './data-model/check-presentation-model.js';
import type { CheckTime } from './proof-time.js';
import { refusalOf } from './refusal.js';
import type { ProofCheck } from './types.js';

export { MAX_PRESENTATION_AGE_SECONDS } from './check-presentation-proof.js';

/** What {@link checkPresentation} found. */
export type PresentationCheck = ProofCheck & {
  /** DID whose key signed; the challenge was answered by whoever holds it. */
  holder?: string;
  /** One check for each credential, in order; present once the presentation itself has passed. */
  credentials?: ProofCheck[];
};

/**
 * Checks a presentation of one's own certificates: who shows these credentials now, to us, and are they this person's? (SECURITY F8)
 *
 * Stricter than VC-API, which `checkForeignPresentation` serves: one proof, an answer to our challenge for our domain, at least one
 * credential, and every subject is whoever signed. The challenge must be one the caller made and has not seen answered before;
 * remembering that is the caller's part.
 * @param json the presentation as JSON text or UTF-8 bytes
 * @param options `challenge`, `domain`: what the holder was asked to sign; `resolver`: for the holder's DID and, unless
 *   `checkCredential` is given, the issuers'; `checkCredential`: how to check one credential, {@link checkForeignCredential}
 *   unless given; `maxAgeSeconds`: `MAX_PRESENTATION_AGE_SECONDS` unless given
 * @returns `pass` `PROOF_VALID`; `unknown` `HOLDER_KEY_UNKNOWN`; `fail` with codes of `parseJson`, `readProofs`,
 *   `checkPresentationModel`, `presentationProblem`, `PRESENTATION_EMPTY`, `SUBJECT_NOT_HOLDER`, those of `findKey` and `verifyProof`;
 *   else the answer and code of the worst credential
 */
export async function checkPresentation(
  json: string | Uint8Array,
  options: CheckTime & {
    challenge: string;
    domain: string;
    resolver: Resolvable;
    maxAgeSeconds?: number;
    checkCredential?: (json: string) => Promise<ProofCheck>;
  },
): Promise<PresentationCheck> {
  const { resolver, checkCredential = (text: string) => checkForeignCredential(text, { now: options.now, resolver }) } =
    options;
  let document: JsonObject;
  let model: PresentationModel;
  let proof: DataIntegrityProof | undefined;
  try {
    document = parseJsonObject(json);
    model = await checkPresentationModel(document);
    const [only, another] = readProofs(document);
    if (another !== undefined) return { answer: 'fail', code: 'PROOF_COUNT' };
    proof = only;
  } catch (error) {
    return refusalOf(error);
  }
  if (proof === undefined) return { answer: 'fail', code: 'PROOF_COUNT' };
  const holder = signerOf(proof);
  const read = { ...(proof.created !== undefined && { created: proof.created }), holder };
  const problem = presentationProblem(model, [proof], options) ?? bindingProblem(model, holder);
  if (problem !== undefined) return { answer: 'fail', code: problem, ...read };
  const signature = await verifyPresentationProofs(document, [proof], { resolver });
  if (signature.answer !== 'pass') return { ...signature, ...read };
  const credentials: ProofCheck[] = [];
  for (const shown of model.credentials) credentials.push(await checkCredential(JSON.stringify(shown)));
  const worst =
    credentials.find(({ answer }) => answer === 'fail') ?? credentials.find(({ answer }) => answer === 'unknown');
  return worst
    ? { answer: worst.answer, code: worst.code, ...read, credentials }
    : { answer: 'pass', code: 'PROOF_VALID', ...read, credentials };
}

function bindingProblem({ credentials, holder }: PresentationModel, signer: string): string | undefined {
  if (credentials.length === 0) return 'PRESENTATION_EMPTY';
  if (holder !== signer) return 'HOLDER_MISMATCH';
  return credentials.every((credential) => isAbout(credential, signer)) ? undefined : 'SUBJECT_NOT_HOLDER';
}

/** Whether every subject of a credential is this DID, and there is one. */
export function isAbout({ credentialSubject }: JsonObject, did: string): boolean {
  const subjects = [credentialSubject ?? []].flat();
  return subjects.length > 0 && subjects.every((subject) => isJsonObject(subject) && subject['id'] === did);
}

import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import type { Resolvable } from 'did-resolver';
import jsigs from 'jsonld-signatures';
import { z } from 'zod';
import { schemaError } from '../certificate/record.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../json/parse-json.js';
import { checkForeignCredential } from './check-foreign-credential.js';
import { assertCompact } from './compaction.js';
import { createDocumentLoader, resolverOf } from './document-loader.js';
import { findKey } from './find-key.js';
import { assertKnownContexts, assertPlainJson, foreignProofShape, instantSchema } from './foreign-proof.js';
import { onlyProof } from './proof-count.js';
import { instantOf, isAfter, type CheckTime } from './proof-time.js';
import { refusalOf } from './refusal.js';
import type { ProofCheck, PublicVerificationKey } from './types.js';

/** Longest time between signing and showing a presentation, seconds (SECURITY F8). */
export const MAX_PRESENTATION_AGE_SECONDS = 300;

const credential = z.looseObject({ credentialSubject: z.unknown() });
const presentationSchema = z.strictObject({
  '@context': z.array(z.string()),
  id: z.string().max(400).optional(),
  type: z.union([z.literal('VerifiablePresentation'), z.tuple([z.literal('VerifiablePresentation')])]),
  holder: z.union([z.string().max(2048), z.strictObject({ id: z.string().max(2048) })]).optional(),
  verifiableCredential: z.union([credential, z.array(credential).max(16)]).optional(),
  proof: z.strictObject({
    ...foreignProofShape,
    created: instantSchema,
    proofPurpose: z.literal('authentication'),
    challenge: z.string().max(500),
    domain: z.union([z.string().max(500), z.tuple([z.string().max(500)])]),
  }),
});
type Presentation = z.infer<typeof presentationSchema>;

/** What {@link checkPresentation} found. */
export type PresentationCheck = ProofCheck & {
  /** DID whose key signed; the challenge was answered by whoever holds it. */
  holder?: string;
  /** One check for each credential, in order; present once the presentation itself has passed. */
  credentials?: ProofCheck[];
};

/**
 * Checks a verifiable presentation: who shows these credentials now, to us, and are they this person's? (SECURITY F8)
 *
 * The challenge must be one the caller made and has not seen answered before; remembering that is the caller's part.
 * @param json the presentation as JSON text or UTF-8 bytes
 * @param options `challenge`, `domain`: what the holder was asked to sign; `resolver`: for the holder's DID and, unless
 *   `checkCredential` is given, the issuers'; `checkCredential`: how to check one credential, {@link checkForeignCredential}
 *   unless given; `maxAgeSeconds`: {@link MAX_PRESENTATION_AGE_SECONDS} unless given
 * @returns `pass` `PROOF_VALID`; `unknown` `HOLDER_KEY_UNKNOWN`; `fail` with codes of `parseJson`, `CONTEXT_NOT_EXACT`,
 *   `PROOF_COUNT`, `CRYPTOSUITE_UNEXPECTED`, `PRESENTATION_SCHEMA`, `CREDENTIAL_SHAPE`, `TERM_UNDEFINED`,
 *   `COMPACTION_DIFFERS`, `PRESENTATION_EMPTY`, `CHALLENGE_MISMATCH`, `DOMAIN_MISMATCH`, `CREATED_IN_FUTURE`,
 *   `PRESENTATION_TOO_OLD`, `PROOF_EXPIRED`, `HOLDER_MISMATCH`, `SUBJECT_NOT_HOLDER`, those of `findKey`,
 *   `SIGNATURE_INVALID`; else the answer and code of the worst credential
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
  const { checkCredential = (text: string) => checkForeignCredential(text, options) } = options;
  let document: JsonObject;
  let presentation: Presentation;
  try {
    document = parseJsonObject(json);
    presentation = await guard(document);
  } catch (error) {
    return refusalOf(error);
  }
  const { proof } = presentation;
  const holder = proof.verificationMethod.split('#')[0] ?? '';
  const read = { created: proof.created, holder };
  const problem = answerProblem(presentation, options) ?? bindingProblem(presentation, holder);
  if (problem !== undefined) return { answer: 'fail', code: problem, ...read };
  const search = await findKey(options.resolver, proof.verificationMethod, 'authentication');
  if ('refusal' in search) return { ...search.refusal, ...holderUnknown(search.refusal), ...read };
  if (!(await verifySignature(document, search.key, options)))
    return { answer: 'fail', code: 'SIGNATURE_INVALID', ...read };
  const credentials: ProofCheck[] = [];
  for (const shown of listOf(document['verifiableCredential']))
    credentials.push(await checkCredential(JSON.stringify(shown)));
  const worst =
    credentials.find(({ answer }) => answer === 'fail') ?? credentials.find(({ answer }) => answer === 'unknown');
  return worst
    ? { answer: worst.answer, code: worst.code, ...read, credentials }
    : { answer: 'pass', code: 'PROOF_VALID', ...read, credentials };
}

async function guard(document: JsonObject): Promise<Presentation> {
  assertKnownContexts(document);
  onlyProof(document, cryptosuite.name);
  const parsed = presentationSchema.safeParse(document);
  if (!parsed.success) throw schemaError('PRESENTATION_SCHEMA', parsed.error);
  // The credentials inside have contexts and guards of their own.
  const { verifiableCredential: _, ...envelope } = document;
  assertPlainJson(envelope);
  await assertCompact(envelope);
  return parsed.data;
}

function answerProblem(
  { proof }: Presentation,
  options: CheckTime & { challenge: string; domain: string; maxAgeSeconds?: number },
): string | undefined {
  const { challenge, domain, now, maxAgeSeconds = MAX_PRESENTATION_AGE_SECONDS } = options;
  if (challenge === '' || proof.challenge !== challenge) return 'CHALLENGE_MISMATCH';
  if (domain === '' || [proof.domain].flat()[0] !== domain) return 'DOMAIN_MISMATCH';
  if (isAfter(proof.created, options)) return 'CREATED_IN_FUTURE';
  if (instantOf(now) - instantOf(proof.created) > maxAgeSeconds * 1000) return 'PRESENTATION_TOO_OLD';
  if (proof.expires !== undefined && instantOf(now) >= instantOf(proof.expires)) return 'PROOF_EXPIRED';
  return undefined;
}

function bindingProblem(presentation: Presentation, signer: string): string | undefined {
  const credentials = listOf(presentation.verifiableCredential);
  if (credentials.length === 0) return 'PRESENTATION_EMPTY';
  const { holder } = presentation;
  if ((typeof holder === 'object' ? holder.id : holder) !== signer) return 'HOLDER_MISMATCH';
  const subjects = credentials.flatMap((shown) => listOf(shown.credentialSubject));
  const bound = subjects.length > 0 && subjects.every((subject) => isJsonObject(subject) && subject['id'] === signer);
  return bound ? undefined : 'SUBJECT_NOT_HOLDER';
}

function holderUnknown({ answer }: ProofCheck): Partial<ProofCheck> {
  return answer === 'unknown' ? { code: 'HOLDER_KEY_UNKNOWN' } : {};
}

async function verifySignature(
  document: JsonObject,
  key: PublicVerificationKey,
  { challenge, domain }: { challenge: string; domain: string },
): Promise<boolean> {
  const { verified } = await jsigs.verify(document, {
    suite: new DataIntegrityProof({ cryptosuite }),
    purpose: new jsigs.purposes.AuthenticationProofPurpose({ challenge, domain }),
    documentLoader: createDocumentLoader({
      resolver: resolverOf(key, 'authentication'),
      relationship: 'authentication',
    }),
  });
  return verified;
}

function listOf<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

import { createResolver } from '../did/create-resolver.js';
import { YizhengError } from '../errors.js';
import type { JsonObject } from '../json/parse-json.js';
import { checkPresentation } from '../proof/check-presentation.js';
import { MAX_HOLDER_PROOF_AGE_SECONDS, type PresentationChallenge, type ShownCredential } from './shown-credential.js';

const resolver = createResolver();

/**
 * Checks a presentation with a Data Integrity proof (OpenID4VP 1.0 §B.1.3.2): `domain` is the client identifier, `challenge` the nonce,
 * the key one of the holder's did:key or did:jwk, and exactly one credential in it, which is about that holder.
 * @throws YizhengError the codes of `checkPresentation`, of which `DOMAIN_MISMATCH` is called `AUDIENCE_MISMATCH` and
 *   `CHALLENGE_MISMATCH` `NONCE_MISMATCH` in every format; `PRESENTATION_COUNT` (422)
 */
export async function checkPresentationLdp(
  presentation: JsonObject,
  { clientId, nonce, receivedAt }: PresentationChallenge,
): Promise<ShownCredential> {
  const shown: string[] = [];
  const { answer, code, holder, created } = await checkPresentation(JSON.stringify(presentation), {
    challenge: nonce,
    domain: clientId,
    now: receivedAt,
    maxAgeSeconds: MAX_HOLDER_PROOF_AGE_SECONDS,
    resolver,
    checkCredential: (json) => {
      shown.push(json);
      return Promise.resolve({ answer: 'pass', code: 'PROOF_VALID' });
    },
  });
  if (answer !== 'pass' || holder === undefined) throw refused(COMMON_CODES.get(code) ?? code);
  const [credential] = shown;
  if (credential === undefined || shown.length > 1) throw refused('PRESENTATION_COUNT');
  return { credential, holder: { answer: 'pass', code: 'HOLDER_BOUND', key: holder, at: created ?? receivedAt } };
}

const COMMON_CODES: ReadonlyMap<string, string> = new Map([
  ['DOMAIN_MISMATCH', 'AUDIENCE_MISMATCH'],
  ['CHALLENGE_MISMATCH', 'NONCE_MISMATCH'],
]);

function refused(code: string): YizhengError {
  return new YizhengError(code, 'The presentation does not prove that its holder answers this request.', {
    status: 422,
  });
}

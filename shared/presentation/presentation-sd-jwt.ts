import { YizhengError } from '../errors.js';
import { checkKeyBinding } from '../proof/forms/check-key-binding.js';
import { readCompactJws } from '../proof/jose/compact-jws.js';
import { readClaims } from '../proof/jose/jwt-claims.js';
import { openSdJwt } from '../proof/sd-jwt/open-sd-jwt.js';
import { MAX_HOLDER_PROOF_AGE_SECONDS, type PresentationChallenge, type ShownCredential } from './shown-credential.js';

/**
 * Checks the key binding of a presented SD-JWT VC (OpenID4VP 1.0 §B.3.6, RFC 9901 §7.3): signed by the key in `cnf`, over exactly these
 * disclosures, for this verifier and this request.
 * @param text `<issuer-signed JWT>~<disclosure>~…~<KB-JWT>`
 * @throws YizhengError `KEY_BINDING_MISSING`, `AUDIENCE_MISMATCH`, `NONCE_MISMATCH`, `HOLDER_PROOF_EXPIRED`, `HOLDER_PROOF_INVALID` (422),
 *   and the `JOSE_*` and `SD_JWT_*` codes of its parts
 */
export async function checkPresentationSdJwt(text: string, challenge: PresentationChallenge): Promise<ShownCredential> {
  const { clientId, nonce, receivedAt } = challenge;
  const opened = openSdJwt(text);
  if (opened.keyBindingJwt === undefined)
    throw refused('KEY_BINDING_MISSING', 'The SD-JWT is shown without a proof that its holder shows it.');
  // What it says is told before what it is worth, so that a replay is called a replay.
  const claims = readClaims(readCompactJws(opened.keyBindingJwt).payload);
  if (claims['aud'] !== clientId) throw refused('AUDIENCE_MISMATCH', 'The presentation was made for another verifier.');
  if (claims['nonce'] !== nonce) throw refused('NONCE_MISMATCH', 'The presentation answers another request.');
  const holder = await checkKeyBinding(opened, {
    audience: clientId,
    nonce,
    now: receivedAt,
    maxAgeSeconds: MAX_HOLDER_PROOF_AGE_SECONDS,
  });
  if (holder.answer !== 'pass') throw refused(holder.code, 'The proof of the holder does not hold.');
  return { credential: text, holder };
}

function refused(code: string, message: string): YizhengError {
  return new YizhengError(code, message, { status: 422 });
}

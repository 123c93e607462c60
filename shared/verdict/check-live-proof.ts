import type { LiveProof } from '../carrier/live-code.js';
import type { PublicKey } from '../did/multikey.js';
import { YizhengError } from '../errors.js';
import { isJsonObject, type JsonObject } from '../json/parse-json.js';
import { checkSignature, type SignatureCheck } from '../proof/check-signature.js';
import { holderPublicKey, type HolderCheck } from '../proof/holder-check.js';

/**
 * How far the reader's clock may be ahead of the holder's, in seconds. A live code is then good for at most 60 + 25 = 85 seconds by
 * the reader's clock, so a picture of it 90 seconds old is refused whatever the clocks.
 */
export const LIVE_TOLERANCE_SECONDS = 25;
/** How far the holder's clock may be ahead of the reader's, in seconds; a picture gains nothing from it that a wrong clock would not give. */
export const LIVE_AHEAD_SECONDS = 60;

/**
 * Does the presenter hold the key this certificate is bound to? Checks a live code or share link (DESIGN §2-5). Pure.
 *
 * Three things are asked: the signature, by the key named as subject of the certificate; the time; nothing about the certificate
 * itself, which `verify` judges and whose key it compares with the one found here.
 * @param proof the holder's statement as `openCarrier` read it
 * @param certificate the certificate it came with
 * @param options `now`: RFC 3339; `checkSignature`: a faster check that answers the same
 * @returns undefined when the certificate names no holder key, so that nobody can prove to be its holder;
 *   else `pass` `HOLDER_BOUND` for a live code; `unknown` `HOLDER_LINK` for a share link, which proves that the holder made it and not
 *   who presents it; `fail` `HOLDER_PROOF_EXPIRED` or `HOLDER_PROOF_INVALID`, or `unknown` `HOLDER_CLOCK_DIFFERS` when the
 *   statement lies in the future, as it does when one of the two clocks is wrong
 */
export function checkLiveProof(
  proof: LiveProof,
  certificate: JsonObject,
  options: { now: string; checkSignature?: SignatureCheck },
): HolderCheck | undefined {
  const subject = certificate['credentialSubject'];
  const did = isJsonObject(subject) ? subject['id'] : undefined;
  if (typeof did !== 'string') return undefined;
  const found = { key: did, at: proof.at };
  const key = keyOf(did);
  const check = options.checkSignature ?? checkSignature;
  if (!key || !check(key, proof.signed, proof.signature))
    return { answer: 'fail', code: 'HOLDER_PROOF_INVALID', ...found };
  const now = Date.parse(options.now);
  if (now < Date.parse(proof.at) - LIVE_AHEAD_SECONDS * 1000)
    return { answer: 'unknown', code: 'HOLDER_CLOCK_DIFFERS', ...found };
  const tolerance = proof.mode === 'live' ? LIVE_TOLERANCE_SECONDS * 1000 : 0;
  if (now >= Date.parse(proof.until) + tolerance) return { answer: 'fail', code: 'HOLDER_PROOF_EXPIRED', ...found };
  if (proof.mode === 'live') return { answer: 'pass', code: 'HOLDER_BOUND', ...found };
  const { until, audience } = proof;
  return { answer: 'unknown', code: 'HOLDER_LINK', ...found, until, ...(audience !== undefined && { audience }) };
}

function keyOf(did: string): PublicKey | undefined {
  try {
    return holderPublicKey(did);
  } catch (error) {
    if (!(error instanceof YizhengError)) throw error;
    return undefined;
  }
}

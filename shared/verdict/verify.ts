import type { KeyBindingExpectation } from '../proof/forms/check-key-binding.js';
import type { HolderCheck } from '../proof/holder-check.js';
import type { ProofSuite } from '../proof/types.js';
import type { TrustPolicy } from '../trust/policy.js';
import type { TrustView } from '../trust/trust-view.js';
import { judgeCertificate } from './judge-certificate.js';
import type { Verdict } from './types.js';

export type { KeyBindingExpectation } from '../proof/forms/check-key-binding.js';
export type { HolderCheck } from '../proof/holder-check.js';

/** What arrived, as `openCarrier` or a protocol gives it. */
export interface VerifyInput {
  /** How it arrived: `json`, `qr`, `image`, `pdf`, `cbor-ld`, or the name of a protocol. */
  carrier: string;
  /** The credential: JSON text, or the compact text of a `vc+jwt`, a `jwt_vc_json` or a `dc+sd-jwt` (with its key binding). */
  json: string;
  /** What was found of a proof of possession that came with it. */
  holder?: HolderCheck | undefined;
  /** What the holder was asked to sign; the key binding of a `dc+sd-jwt` is then checked, and must be there. */
  keyBinding?: KeyBindingExpectation | undefined;
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
  /** How Data Integrity signatures are checked; the compiled path may stand in for the reference, which it is proven equal to. */
  suite?: ProofSuite;
  /** Token Status Lists at hand, by address; none is fetched. */
  statusTokenOf?: (uri: string) => string | undefined;
}

/**
 * Answers the five questions about one certificate (DESIGN §2), whatever form it is secured in. Pure: the same input, trust data,
 * anchor and time give the same verdict in the service, the CLI and the browser; nothing is fetched.
 * @param input the opened carrier
 * @param context trust data, anchor and time
 * @returns the verdict; it never throws for what a certificate says, only for text that is neither JSON nor a compact form
 * @throws YizhengError `JSON_*` when the text is not an acceptable JSON object
 */
export async function verify(input: VerifyInput, context: VerifyContext): Promise<Verdict> {
  const { verdict } = await judgeCertificate(input, context);
  return verdict;
}

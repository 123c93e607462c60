import type { HolderCheck } from '../proof/holder-check.js';

/** What a presentation is held against: the request it must answer. */
export interface PresentationChallenge {
  /** Full `client_id` of the verifier, with its prefix: the only audience that counts. */
  clientId: string;
  /** `nonce` of the request. */
  nonce: string;
  /** When the presentation arrived, RFC 3339: its age is judged by this instant, also when it is judged again later. */
  receivedAt: string;
}

/** One credential taken out of a presentation whose holder's proof holds. */
export interface ShownCredential {
  /** JSON text, or the compact text of a JWT or SD-JWT, for `verify()`. */
  credential: string;
  /** Whose key answered the challenge, and when. */
  holder: HolderCheck;
}

/** Oldest a holder's signature may be when it arrives, seconds. */
export const MAX_HOLDER_PROOF_AGE_SECONDS = 300;

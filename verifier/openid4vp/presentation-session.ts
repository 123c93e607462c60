import type { JsonObject } from '../../shared/json/parse-json.js';
import type { CertificateRequest } from '../../shared/presentation/certificate-request.js';
import type { AnswerProblem, AskedQuery, JudgedPresentation } from '../../shared/presentation/check-vp-token.js';
import type { DcqlQuery } from '../../shared/presentation/dcql-query.js';

/** How long a request waits for its answer, milliseconds. */
export const REQUEST_LIFE_MS = 5 * 60_000;

/** How long an answer is kept for whoever asked, milliseconds; then nothing of it is left. */
export const ANSWER_LIFE_MS = 15 * 60_000;

/** How a wallet sends its answer (OpenID4VP 1.0 §8.2, §8.3.1). */
export type ResponseMode = 'direct_post' | 'direct_post.jwt';

/** One request to a holder and, once, its answer. Every member of it is plain JSON. */
export interface PresentationSession {
  /** 128 random bits; names the request in its addresses. */
  id: string;
  /** SHA-256 (hex) of the secret that reads the answer; the secret itself is with whoever asked, and nowhere else. */
  readerSha256: string;
  /** Id of the API key that asked, or `guest`. */
  askedBy: string;
  anchor: string;
  request: CertificateRequest;
  query: DcqlQuery;
  mode: ResponseMode;
  clientId: string;
  responseUri: string;
  /** 128 random bits each, made for this request only. */
  nonce: string;
  state: string;
  /** 256 random bits the response key is derived from; gone with the session. */
  salt: string;
  /** Where the holder's browser goes afterwards, with a fresh code in its fragment; for requests on the holder's own device. */
  returnTo?: string;
  /** RFC 3339. */
  createdAt: string;
  /** Until when an answer is taken, RFC 3339. */
  expiresAt: string;
}

/** How a session ended. */
export type SessionOutcome =
  | { phase: 'answered'; receivedAt: string; asked: AskedQuery; vpToken: JsonObject; presentations: JudgedPresentation[]; responseCode?: string } // prettier-ignore
  | { phase: 'refused'; receivedAt: string; problems: AnswerProblem[] }
  /** The holder, or his wallet, said no; `error` as the wallet named it. */
  | { phase: 'declined'; receivedAt: string; error: string };

/** A session as it is found again. */
export interface FoundSession {
  session: PresentationSession;
  /** `checking`: an answer has come and is being judged; a second one is refused. */
  phase: 'waiting' | 'checking' | SessionOutcome['phase'];
  outcome?: SessionOutcome;
}

/** Keeps sessions. Whatever is over is not found any more, and erased soon after. */
export interface SessionStore {
  /** @throws YizhengError `VERIFIER_BUSY` (503) when too many wait */
  add(session: PresentationSession, now: Date): Promise<void>;
  find(id: string, now: Date): Promise<FoundSession | undefined>;
  /** Takes the one answer a session may have. @returns false when another one was taken */
  claim(id: string, now: Date): Promise<boolean>;
  /** Gives a claimed session back, when its answer could not be judged; one that was concluded stays as it is. */
  release(id: string): Promise<void>;
  /** Stores how a claimed session ended; kept for {@link ANSWER_LIFE_MS}. */
  conclude(id: string, outcome: SessionOutcome, now: Date): Promise<void>;
  /** Erases a session with everything in it. */
  erase(id: string): Promise<void>;
  /** Erases what is over. */
  sweep(now: Date): Promise<void>;
}

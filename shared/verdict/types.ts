import type { ShownCertificate } from '../certificate/shown-certificate.js';
import type { PersonalClaims } from '../proof/forms/personal-facts.js';
import type { Answer, Decision, Freshness, Reason } from '../trust/types.js';

/** The five questions, in the order they are shown (DESIGN §2). Never merged into one "valid". */
export const QUESTIONS = ['authentic', 'authorised', 'current', 'recognised', 'holder'] as const;

/** One of {@link QUESTIONS}. */
export type Question = (typeof QUESTIONS)[number];

/** The one line a foreman reads first: 可以认可 / 有条件认可 / 不予认可 / 无法判断. */
export type Headline = 'accepted' | 'accepted-with-conditions' | 'refused' | 'undetermined';

/** Answer to one question. */
export interface Finding {
  answer: Answer;
  /** Main reason code; its sentence stands in the message catalogues. */
  code: string;
  /** Values for the sentence. No ID number beyond the last four. */
  params: Record<string, string>;
  /** Up to when this is known, RFC 3339; null when nothing is known. */
  asOf: string | null;
  /** Further reasons and warnings, in order of weight. */
  reasons: Reason[];
}

/** What a verification found. Plain JSON, deterministic for the same input, trust data, anchor and time. */
export interface Verdict {
  type: 'YizhengVerdict';
  version: 1;
  headline: Headline;
  questions: Record<Question, Finding>;
  /** What the certificate says; absent when it could not be read as one of ours. Shown names of issuer and authority come from the trust data. */
  certificate?: ShownCertificate;
  /** `id` of the credential. */
  credentialId?: string;
  /** What the holder showed beyond the certificate: full ID number, date of birth, photo. Never logged. */
  personal?: PersonalClaims;
  /** Facts the holder may hide and did not show, as dotted paths of SD-JWT claims (`name`, `identity_document.last_four` …). */
  notShown?: string[];
  /** How it arrived and the SHA-256 (hex) of the signed JSON, for receipts. */
  input: { carrier: string; sha256: string };
  decision?: Decision;
  trust: {
    anchor: string;
    anchorName?: string;
    freshness: Freshness | null;
    dataAsOf: string | null;
    /** Until when the anchor's data may be used without update. */
    goodUntil: string | null;
    feeds: { authority: string; sequence: number; manifestSha256: string }[];
  };
  evaluatedAt: string;
}

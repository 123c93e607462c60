import type { KindId } from '../../shared/certificate/kind.js';
import type { IdentityDocumentType } from '../../shared/certificate/identity-document.js';
import type { Level } from '../../shared/certificate/level.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import type { FactConfidence } from '../../shared/trust/sourced.js';
import type { EditionRule } from '../../shared/trust/application/next-levels.js';
import type { Answer, Outcome, Treatment } from '../../shared/trust/types.js';
import type { ApplicationPart } from '../../shared/verdict/answer-application.js';

/**
 * Life of an application: `open` (certificates are presented and judged) → `remaining-recorded` (what had to be done is done) →
 * `handed-in` (a row of a batch) → `issued`; `refused` and `withdrawn` from either of the first two. A batch that ends without the
 * certificate gives the application back as `remaining-recorded`.
 */
export const APPLICATION_STATES = [
  'open',
  'remaining-recorded',
  'handed-in',
  'issued',
  'refused',
  'withdrawn',
] as const;

/** One of {@link APPLICATION_STATES}. */
export type ApplicationState = (typeof APPLICATION_STATES)[number];

/** Kinds somebody can apply for here: an assessment is held, and a certificate follows. */
export const APPLICABLE_KINDS = [
  'skill-level',
  'occ-qualification',
  'mo-skill',
  'special-operation',
  'construction-special',
  'special-equipment',
] as const satisfies readonly KindId[];

/** What an applicant wants. */
export interface Wanted {
  kind: (typeof APPLICABLE_KINDS)[number];
  /** Permit item (准操项目); of permits, and there always. */
  item?: string | undefined;
  /** Code in the 2022 catalogue; of kinds with an occupation, and there always. */
  occupation?: string | undefined;
  level?: Level | undefined;
}

/** An answer to one question, with its reason code; never more of the person than that. */
export interface CodedAnswer {
  answer: Answer;
  code: string;
}

/** Why something is spared or owed: a rule of the tables, or a statement of an authority. */
export type Ground =
  | {
      type: 'rule';
      id: string;
      name: string;
      /** Document it stands in, and where its text was found. */
      basis: string;
      source: string;
      confidence: FactConfidence;
      /** SHA-256 of the rule as it was asked (RFC 8785), `digestMultibase`. */
      digest: string;
      outcome: string;
      /** Of an outcome that is not a yes. */
      code?: string;
      waive: ApplicationPart[];
      stillRequired: ApplicationPart[];
      deemed?: Level;
    }
  | {
      type: 'statement';
      /** Id of the recognition or accreditation. */
      id: string;
      authority: string;
      authorityName: string;
      digest: string;
      treatment: Treatment[];
      memorandum?: { id: string; name: string; digestMultibase?: string };
    };

/** Sentences about one presented certificate, in one language. */
export interface JudgementText {
  /** What its bearer is spared, or why nothing. */
  headline: string;
  /** Why, one sentence each. */
  why: string[];
}

/** What was found of one presented certificate, by the trust data of that day. Holds no personal data. */
export interface Judgement {
  judgedAt: string;
  /** What the certificate says, without its holder; absent when it is none of ours or not genuine. */
  certificate?: Pick<
    CertificateRecord,
    'kind' | 'certificateNumber' | 'issuer' | 'authority' | 'occupation' | 'level' | 'permit' | 'issuedOn' | 'expiresOn'
  >;
  credentialId?: string;
  questions: Record<'authentic' | 'authorised' | 'current', CodedAnswer & { asOf: string | null }>;
  /** Is it the applicant's? */
  person: CodedAnswer;
  standing: Answer;
  outcome: Outcome;
  exempted: ApplicationPart[];
  stillRequired: ApplicationPart[];
  grounds: Ground[];
  /** Trust data it was judged with. */
  trust: {
    anchor: string;
    dataAsOf: string | null;
    feeds: { authority: string; sequence: number; manifestSha256: string }[];
  };
  text: Record<'zh-CN' | 'en', JudgementText>;
}

/** A presented certificate. */
export interface Evidence {
  id: string;
  /** SHA-256 of what was presented, hex. */
  sha256: string;
  /** What it came in. */
  carrier: string;
  addedBy: string;
  addedAt: string;
  /** Did its bearer prove to hold it when it was presented? Not asked again. */
  shown: CodedAnswer;
  judgement: Judgement;
}

/** The answer to the application as a whole. */
export interface ApplicationAnswerRecord {
  exempted: ApplicationPart[];
  stillRequired: ApplicationPart[];
  /** Certificates that spare nothing because something about them is not known. */
  unknown: number;
  /** SHA-256 of the tables asked, `digestMultibase`. */
  rulesDigest: string;
  /** What each edition of the rules asks for admission to the wanted level; empty where nothing is asked or a rule admits. */
  admission: EditionRule[];
}

/** How one remaining part went. */
export interface PartResult {
  part: ApplicationPart;
  passed: boolean;
  theoryScore?: string | undefined;
  practicalScore?: string | undefined;
  comprehensiveScore?: string | undefined;
}

/** What had to be done, and how it went. */
export interface Remaining {
  assessment: {
    id: string;
    standard: string;
    standardType: 'national' | 'industry' | 'enterprise';
    /** YYYY-MM-DD. */
    date: string;
    /** Six-digit GB/T 2260 code of the place. */
    region?: string | undefined;
  };
  /** Least score that passes, 60 to 100. */
  passMark: number;
  results: PartResult[];
  /** Under which condition of which edition the applicant was admitted, where the level asks for one. */
  admittedBy?: { edition: string; condition: number } | undefined;
}

/** An application as the outside sees it. */
export interface Application {
  id: string;
  state: ApplicationState;
  wanted: Wanted;
  /** Six-digit GB/T 2260 code of where it is made. */
  region: string;
  applicant: { name: string; idType: IdentityDocumentType; idLastFour: string };
  answer: ApplicationAnswerRecord;
  evidence: Evidence[];
  remaining?: Remaining;
  /** Row of a batch it became. */
  batch?: string;
  /** Credential id of the certificate it led to. */
  certificate?: string;
  /** Why the batch did not issue it, or why it was refused or withdrawn. */
  trouble?: string;
  reason?: string;
  createdBy: string;
  createdAt: string;
  changedAt: string;
}

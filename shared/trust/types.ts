import type { KindId } from '../certificate/kind.js';
import type { Level } from '../certificate/level.js';

/** Three-valued answer: `unknown` means it could not be found out and is never shown as the others. */
export type Answer = 'pass' | 'fail' | 'unknown';

/** What a recognised certificate is worth at the anchor (TRUST §2.3). */
export type Treatment = 'full' | 'deemed-level' | 'exempt-safety-training' | 'exempt-theory' | 'apply-next-level';

/** What the holder must still do. */
export type Obligation = 'safety-training' | 'theory-exam' | 'practical-exam' | 'next-level-exam';

/** What a statement lets its subject do (TRUST §2.2). */
export type Action = 'issue' | 'accredit' | 'recognize';

/** Kinds of institution (TRUST §2.1). */
export type InstitutionKind = 'employer' | 'social' | 'school' | 'industry' | 'chain-leader';

/** An interval of instants, RFC 3339; `validUntil` excluded; absent = open. */
export interface Interval {
  validFrom: string;
  validUntil?: string;
}

/** Limits of an action. A member left out of a **recognition** does not limit; a member left out of an accreditation grants nothing. */
export interface Scope {
  kind?: KindId[];
  /** Codes or patterns like `4-10-*`; of permits: items like `permit:低压电工作业`, none = every item. */
  occupation?: string[];
  level?: Level[];
  /** GB/T 2260 codes or patterns like `51*`. */
  region?: string[];
  /**
   * Standards assessed against, as certificates write them. An accreditation needs to name those that are not national (M38) and
   * specifications of specialised abilities where it names any; in a recognition the list limits.
   */
  standard?: string[];
  candidates?: 'public' | 'own-employees' | 'supply-chain';
  quota?: { limit: number; per: 'year' | 'month' };
  institutions?: {
    permittedKinds?: InstitutionKind[];
    excludedKinds?: InstitutionKind[];
    permitted?: string[];
    excluded?: string[];
  };
}

/** Signing key of an institution as its authority published it. */
export interface SigningKey extends Interval {
  id: string;
  type: 'Multikey';
  publicKeyMultibase: string;
}

/** A level of one kind and occupation mapped to another. */
export interface LevelMapping {
  from: Level & { occupation?: string; kind?: KindId };
  to: Level & { occupation?: string; kind?: KindId };
}

/** One granted action of a statement. */
export interface RecognizedAction extends Interval {
  action: Action;
  scope: Scope;
  /** Only certificates issued in this window. */
  certificateIssued?: { from?: string; until?: string };
  expiryEffect?: 'grandfather' | 'lapse';
  levelMapping?: LevelMapping[];
  treatment?: Treatment[];
  onward?: { maxDepth: number };
  requireLogProof?: boolean;
}

/** Accreditation (备案): authority → institution. One row of part `accreditations`. */
export interface Accreditation {
  id: string;
  authority: string;
  institution: string;
  legalName: string;
  institutionKind: InstitutionKind;
  /** 13 characters, see certificate numbers. */
  institutionCode: string;
  unifiedSocialCreditCode?: string;
  signingKeys: SigningKey[];
  actions: RecognizedAction[];
  supersedes?: string[];
}

/** Recognition (互认): authority → authority, or → one institution of `homeAuthority`. One row of part `recognitions`. */
export interface Recognition {
  id: string;
  authority: string;
  subject: string;
  legalName: string;
  homeAuthority?: string;
  /** Pins the subject's registry root. */
  registryRoot?: { version: number; digestMultibase: string };
  actions: RecognizedAction[];
  memorandum?: { id: string; name: string; digestMultibase?: string; party: string[] };
  supersedes?: string[];
}

/** Registry event (TRUST §2.2 c): append-only. One row of part `events`. */
export interface RegistryEvent {
  id: string;
  authority: string;
  about: string;
  event: 'suspend' | 'withdraw' | 'key-revoked' | 'statement-revoked' | 'deny';
  cause: 'administrative' | 'integrity';
  effectiveFrom: string;
  effectiveUntil?: string;
  voidsIssuedSince?: string;
  keyId?: string;
  reason?: 'superseded' | 'compromised';
  compromisedSince?: string;
  statement?: string;
  /** For `deny`: what is denied; absent = everything. */
  scope?: Scope;
}

/** Cross-review (交叉互评, TRUST §2.2 f): shown as information, no effect of its own. One row of part `reviews`. */
export interface ReviewFinding extends Interval {
  id: string;
  /** The reviewing authority. */
  authority: string;
  /** DID of the reviewed institution. */
  about: string;
  criteria: string;
  result: 'pass' | 'concern' | 'fail';
  evidenceDigestMultibase?: string;
}

/** Supplier in the chain of a chain leader (TRUST §2.2 g). One row of part `supply-chain`. */
export interface SupplyChainMembership extends Interval {
  id: string;
  /** The authority that accredits the chain leader and publishes this. */
  authority: string;
  /** DID of the chain-leader institution. */
  chainLeader: string;
  supplier: { uscc: string; name: string };
  /** Id of the agreement, as a certificate's `candidateEmployer.supplyChainAgreement` names it. */
  agreement: string;
  /** Narrows what the chain leader may assess for this supplier; absent = all its accreditation covers. */
  scope?: Pick<Scope, 'occupation' | 'level'>;
}

/** A signed status list as the accrediting authority collected it. One row of part `status`. */
export interface StatusListRow {
  /** URL of the list, as `credentialStatus.statusListCredential` names it. */
  url: string;
  /** The signed BitstringStatusListCredential, JSON text exactly as published. Its signature is checked by whoever reads a bit. */
  credential: string;
}

/** Name of a statement kind with its TypeScript shape. */
export interface StatementTypes {
  accreditation: Accreditation;
  recognition: Recognition;
  event: RegistryEvent;
  review: ReviewFinding;
  'supply-chain': SupplyChainMembership;
}

/** One of the five kinds of statement. */
export type StatementKind = keyof StatementTypes;

/** The standard, or for a specialised ability the specification, a certificate was assessed against. */
export interface AssessedStandard {
  id: string;
  type: 'national' | 'industry' | 'enterprise' | 'specification';
}

/** What the decision needs to know of a certificate. */
export interface CertificateFacts {
  kind: KindId;
  certificateNumber: string;
  issuer: string;
  /** Key that signed. */
  verificationMethod: string;
  /** Date of issue as instant (`validFrom`). */
  issuedAt: string;
  /** `proof.created`. */
  signedAt: string;
  /** Of a permit: its item as `code`, and `permit` as the catalogue. */
  occupation?: { code: string; catalogueEdition: string };
  level?: Level;
  /** Standard or specification assessed against. */
  standard?: AssessedStandard;
  /** Six-digit GB/T 2260 code of the assessment; absent = the institution's province counts. */
  region?: string;
  candidateEmployer?: { uscc: string; supplyChainAgreement?: string };
  /** Accreditation the certificate names. */
  issuedUnder: { id: string; authority: string };
  /** Instant by which a checked log inclusion proof shows the certificate existed (TRUST §2.5); absent = no proof. */
  provenBy?: string;
  /** Multikey the signature was checked with; when given, the accrediting authority must publish the same key material. */
  publicKeyMultibase?: string;
}

/** A reason with the statement or event it rests on. */
export interface Reason {
  code: string;
  /** Id of the statement, event or feed. */
  ref?: string;
}

/** The four outcomes (TRUST §0.4). */
export type Outcome = 'recognised' | 'recognised-with-conditions' | 'not-recognised' | 'undetermined';

/** What the person asking needs the certificate for. */
export interface RecognitionRequest {
  kind?: KindId;
  /** Code in the 2022 catalogue. */
  occupation?: string;
  /** Least level. */
  level?: Level;
}

/** Answer of the recognition decision (TRUST §2.6). */
export interface Decision {
  outcome: Outcome;
  reasons: Reason[];
  /** As what it counts at the anchor. */
  as?: { kind: KindId; occupation?: string; level?: Level };
  treatment: Treatment[];
  obligations: Obligation[];
  entitlements: { type: 'apply-next-level'; above: Level }[];
  /** Statement ids from the anchor down to the accreditation. */
  path: string[];
  /** True when live statements both ways cite the same memorandum. */
  mutual: boolean;
  anchor: string;
  evaluatedAt: string;
  dataAsOf: string | null;
  /** The outcome fresh data would have given, when stale data withheld it. */
  wouldBe?: Outcome;
}

/** Was the issuer accredited by its own authority for this certificate on its day? Independent of the anchor. */
export interface Authorisation {
  answer: Answer;
  reasons: Reason[];
  /** The accreditation that covers it. */
  accreditation?: Accreditation;
  dataAsOf: string | null;
}

/** How old the data of a feed is (TRUST §2.6-2). */
export type Freshness = 'fresh' | 'grace' | 'stale';

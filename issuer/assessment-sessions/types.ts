import type { KindId } from '../../shared/certificate/kind.js';
import type { IdentityDocumentType } from '../../shared/certificate/identity-document.js';
import type { Level } from '../../shared/certificate/level.js';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import type { CellProblem } from '../batch/types.js';

/**
 * Life of an assessment session (考核计划): `planned` → `open` (confirmed; candidates and results) → `results-entered` → `handed-in`
 * (its batch waits or runs) → `issued`; `voided` from any state.
 */
export const EXAM_SESSION_STATES = ['planned', 'open', 'results-entered', 'handed-in', 'issued', 'voided'] as const;

/** One of {@link EXAM_SESSION_STATES}. */
export type ExamSessionState = (typeof EXAM_SESSION_STATES)[number];

/** Parts of an assessment, each marked out of 100 (DOMAIN §4). */
export const EXAM_PARTS = ['theory', 'practical', 'comprehensive'] as const;

/** One of {@link EXAM_PARTS}. */
export type ExamPart = (typeof EXAM_PARTS)[number];

/** Whether somebody came. `withheld`: their result is held back, e.g. while an irregularity is looked into. */
export const ATTENDANCES = ['present', 'absent', 'withheld'] as const;

/** One of {@link ATTENDANCES}. */
export type Attendance = (typeof ATTENDANCES)[number];

/** What became of a candidate under one institution's pass marks; `open`: not known yet. Absent and withheld are not failed. */
export const OUTCOMES = ['open', 'passed', 'failed', 'absent', 'withheld'] as const;

/** One of {@link OUTCOMES}. */
export type Outcome = (typeof OUTCOMES)[number];

/** The score a part must reach. */
export interface PassMark {
  part: ExamPart;
  /** 60 to 100, at most one decimal. */
  mark: number;
}

/** Somebody who holds the session, e.g. an assessor (考评人员). */
export interface SessionStaff {
  role: 'assessor' | 'invigilator' | 'supervisor';
  name: string;
  /** Number of their card, where they have one. */
  number?: string | undefined;
}

/** What one institution certifies on the ground of a session. */
export interface SessionLine {
  kind: KindId;
  occupation: { code: string; catalogueEdition: '1999' | '2015' | '2022'; name: string; trade?: string };
  level: Level;
  method: CertificateRecord['assessment']['method'];
  standard: string;
  standardType: CertificateRecord['assessment']['standardType'];
  /** Six digits; absent = the institution's province. */
  region?: string;
  /** Number the batch was filed under (批次备案号). */
  filing?: string;
  /** Parts that count, and what each must reach; empty = whoever assesses says passed or failed. */
  passMarks: PassMark[];
}

/** Does what an institution is accredited for cover the plan? `unknown`: what its authority says is not known well enough. */
export interface PlanFit {
  answer: 'covered' | 'outside' | 'unknown';
  /** What does not fit, as the problems of a sheet: `column` is a column of the issuing template. */
  problems: Pick<CellProblem, 'column' | 'value' | 'code' | 'parameters'>[];
}

/** How many candidates there are, by what became of them. */
export interface SessionCounts {
  candidates: number;
  passed: number;
  failed: number;
  absent: number;
  withheld: number;
}

/** An institution that takes part in a joint examination, as the others see it. */
export interface SessionPartner {
  institution: string;
  name: string;
  role: 'lead' | 'partner';
  /** Of partners that have not accepted: what became of the invitation. */
  state: ExamSessionState | 'invited' | 'declined';
  /** What it certifies; only the leading institution and the partner itself see it. */
  line?: SessionLine;
  /** Its certificates of this session were all or partly withdrawn: others may want to look again (DOMAIN AC-17b). */
  isDisputed: boolean;
}

/** A session as its list shows it. */
export interface ExamSession extends SessionLine, SessionCounts {
  id: string;
  /** Code of the institution that holds it; another one for partners of a joint examination. */
  lead: string;
  leadName: string;
  state: ExamSessionState;
  /** First and last day, China Standard Time; the first one stands on certificates. */
  heldOn: string;
  endsOn?: string;
  place: string;
  seats: number;
  /** Certificates issued, and how many of them are revoked now. */
  issued: number;
  revoked: number;
  batch?: string;
  partners: number;
}

/** A session with everything its page shows. */
export interface ExamSessionDetail extends ExamSession {
  registerBy?: string;
  staff: SessionStaff[];
  /** Days the result is shown to the public (公示), where the institution has to. */
  publication?: { from: string; until: string };
  plannedBy: string;
  plannedAt: string;
  confirmedBy?: string;
  sentBack?: string;
  handedInBy?: string;
  voidReason?: string;
  archivedAt?: string;
  needsSecondPerson: boolean;
  /** The day it is, China Standard Time: from `heldOn` on results can be entered. */
  today: string;
  /** While it can still be planned. */
  fit?: PlanFit;
  joint: SessionPartner[];
  version: number;
}

/** A candidate with their result, as people see them. */
export interface Candidate {
  /** Number in the session, from 1. */
  candidate: number;
  name: string;
  idType: IdentityDocumentType;
  lastFour: string;
  ticket?: string;
  seat?: string;
  employer?: { uscc: string; name: string; supplyChainAgreement?: string | undefined };
  /** Agreed that the partners of a joint examination get name, document and result. */
  shares: boolean;
  attendance?: Attendance;
  theory?: string;
  practical?: string;
  comprehensive?: string;
  /** Of sessions without pass marks. */
  verdict?: 'pass' | 'fail';
  outcome: Outcome;
  /** Number given by the authority, of kinds without a numbering rule. */
  certificateNumber?: string;
  version: number;
}

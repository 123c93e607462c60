import type { Answer } from '../types.js';
import type { Note } from './note.js';

/** A certificate as far as its exam is concerned. */
export interface ExamCertificate {
  /** `id` of the credential. */
  credential: string;
  /** Session it was issued from (`assessment.id`) and the day of it: session numbers are the organisers' own. */
  assessment: { id: string; date: string };
  /** Is it genuine? One that is not says nothing about its siblings. */
  authentic: Answer;
  /** Is it current? `fail` = revoked or suspended. */
  current: Answer;
}

/**
 * One exam, several certificates (一试多证, DOMAIN M17): each stands on its own issuer's path, and a trouble of one is shown with the
 * others without touching them.
 * @param own the certificate in question
 * @param others certificates the reader has seen, of whatever exam
 */
export function sameExamNotes(own: ExamCertificate, others: readonly ExamCertificate[]): Note[] {
  return others
    .filter(
      (other) =>
        other.credential !== own.credential &&
        other.authentic === 'pass' &&
        other.assessment.id === own.assessment.id &&
        other.assessment.date === own.assessment.date,
    )
    .map((other) => ({
      code: other.current === 'fail' ? 'SAME_EXAM_DISPUTED' : 'SAME_EXAM_LINKED',
      ref: other.credential,
    }));
}

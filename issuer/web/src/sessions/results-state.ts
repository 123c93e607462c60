import type { Candidate, Part } from './schemas.js';

/** What was typed for a candidate and is not stored yet. */
export interface Entry {
  attendance: NonNullable<Candidate['attendance']> | null;
  theory: string;
  practical: string;
  comprehensive: string;
  verdict: 'pass' | 'fail' | null;
}

const SCORE = /^(?:100(?:\.0)?|\d{1,2}(?:\.\d)?)?$/;

/** What is stored for a candidate, to be changed. */
export function entryOf(one: Candidate): Entry {
  return {
    attendance: one.attendance ?? null,
    theory: one.theory ?? '',
    practical: one.practical ?? '',
    comprehensive: one.comprehensive ?? '',
    verdict: one.verdict ?? null,
  };
}

/** A score changed: whoever has one was there. */
export function withScore(entry: Entry, part: Part, score: string): Entry {
  const next = { ...entry, [part]: score.trim() };
  const isEmpty = next.theory === '' && next.practical === '' && next.comprehensive === '';
  if (entry.attendance === null && !isEmpty) return { ...next, attendance: 'present' };
  return isEmpty && entry.attendance === 'present' ? { ...next, attendance: null } : next;
}

/** Absent or withheld: nothing else is said of the result. */
export function withAttendance(entry: Entry, attendance: Entry['attendance']): Entry {
  return attendance === 'present'
    ? { ...entry, attendance }
    : { attendance, theory: '', practical: '', comprehensive: '', verdict: null };
}

/** A verdict: whoever has one was there. */
export function withVerdict(entry: Entry, verdict: Entry['verdict']): Entry {
  return { ...entry, verdict, attendance: verdict === null ? null : 'present' };
}

/** Is a score one? */
export function isScore(text: string): boolean {
  return SCORE.test(text);
}

/** Can an entry be stored? */
export function isGood({ theory, practical, comprehensive }: Entry): boolean {
  return [theory, practical, comprehensive].every(isScore);
}

/** An entry as the issuer takes it. */
export function resultInput({ candidate, version }: Candidate, entry: Entry): object {
  const score = (text: string): string | null => (text === '' ? null : text);
  return {
    candidate,
    version,
    attendance: entry.attendance,
    theory: score(entry.theory),
    practical: score(entry.practical),
    comprehensive: score(entry.comprehensive),
    verdict: entry.verdict,
  };
}

import type { ExamResult } from '../../exam-result.js';
import type { PersonBytes } from '../person-bytes.js';
import type { CellProblem } from '../types.js';

const PLACES = 2 ** 18;
const WORDS = 4;
/** Characters of the number of an identity card. */
const ID_NUMBER = 18;
/** People remembered; in longer sheets only the first ones are compared with. */
const MOST = 150_000;

/**
 * Notices the same person, occupation and level from another assessment: perhaps meant, perhaps one result entered twice. Takes 4 MB,
 * whatever the length of the sheet. The same result twice is no matter of this: the engine refuses it.
 */
export class SeenPeople {
  private readonly cells = new Uint32Array(PLACES * WORDS);
  private size = 0;

  /** @returns the notice, where an earlier row was the same in all but its assessment */
  notice(row: number, exam: ExamResult): CellProblem | undefined {
    const shared = sharedFactsOf(exam);
    if (!shared) return undefined;
    const { idNumber } = exam.holder;
    return this.seen(
      row,
      finished(hashed(shared.first, idNumber)),
      finished(hashed(shared.second, idNumber)),
      finished(hashed(shared.date, exam.assessment.id)),
    );
  }

  /** {@link SeenPeople.notice} of a plain row, which shares its facts with others. */
  noticeOf(row: number, shared: SharedFacts, person: PersonBytes): CellProblem | undefined {
    const { bytes, idStart, assessmentStart, assessmentEnd } = person;
    return this.seen(
      row,
      finished(hashedBytes(shared.first, bytes, idStart, idStart + ID_NUMBER)),
      finished(hashedBytes(shared.second, bytes, idStart, idStart + ID_NUMBER)),
      finished(hashedBytes(shared.date, bytes, assessmentStart, assessmentEnd)),
    );
  }

  private seen(row: number, first: number, second: number, exam: number): CellProblem | undefined {
    const { cells } = this;
    let at = (first % PLACES) * WORDS;
    while (cells[at + 2] !== 0) {
      if (cells[at] === first && cells[at + 1] === second)
        return cells[at + 3] === exam
          ? undefined
          : { row, column: 'name', code: 'SAME_PERSON_AGAIN', parameters: { row: String(cells[at + 2]) } };
      at = (at + WORDS) % cells.length;
    }
    if (this.size >= MOST) return undefined;
    cells[at] = first;
    cells[at + 1] = second;
    cells[at + 2] = row;
    cells[at + 3] = exam;
    this.size++;
    return undefined;
  }
}

/** What people are told apart by beside their number and assessment, hashed. */
export interface SharedFacts {
  first: number;
  second: number;
  date: number;
}

/** The facts of an exam result that rows share; undefined where it is about no occupation or level. */
export function sharedFactsOf({ holder, kind, occupation, level, assessment }: ExamResult): SharedFacts | undefined {
  if (!occupation || !level) return undefined;
  const facts = [
    ...[holder.idType, kind, occupation.catalogueEdition, occupation.code, occupation.trade ?? ''],
    ...[level.framework, level.value],
  ];
  return {
    first: facts.reduce(hashed, FIRST),
    second: facts.reduce(hashed, SECOND),
    date: hashed(FIRST, assessment.date),
  };
}

const FIRST = 0x811c9dc5;
const SECOND = 0x9747b28c;

/** FNV-1a, one text and its end after the other. Two of them tell people apart well enough for a notice, and nobody gains by making two agree. */
function hashed(hash: number, text: string): number {
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ LINE_END, 0x01000193);
}

/** {@link hashed} of a text of ASCII. */
function hashedBytes(hash: number, bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return Math.imul(hash ^ LINE_END, 0x01000193);
}

function finished(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

const LINE_END = 0x0a;

import type { ExamResult } from '../../exam-result.js';
import type { CellProblem } from '../types.js';

const PLACES = 2 ** 18;
const WORDS = 4;
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
  notice(row: number, { holder, kind, occupation, level, assessment }: ExamResult): CellProblem | undefined {
    if (!occupation || !level) return undefined;
    const certified = (seed: number): number => {
      let hash = hashed(hashed(hashed(seed, holder.idType), holder.idNumber), kind);
      hash = hashed(hashed(hash, occupation.catalogueEdition), occupation.code);
      hash = hashed(hash, occupation.trade ?? '');
      return finished(hashed(hashed(hash, level.framework), level.value));
    };
    const [first, second] = [certified(0x811c9dc5), certified(0x9747b28c)];
    const exam = finished(hashed(hashed(0x811c9dc5, assessment.id), assessment.date));
    let at = (first % PLACES) * WORDS;
    while (this.cells[at + 2] !== 0) {
      if (this.cells[at] === first && this.cells[at + 1] === second)
        return this.cells[at + 3] === exam
          ? undefined
          : { row, column: 'name', code: 'SAME_PERSON_AGAIN', parameters: { row: String(this.cells[at + 2]) } };
      at = (at + WORDS) % this.cells.length;
    }
    if (this.size >= MOST) return undefined;
    this.cells[at] = first;
    this.cells[at + 1] = second;
    this.cells[at + 2] = row;
    this.cells[at + 3] = exam;
    this.size++;
    return undefined;
  }
}

/** FNV-1a, one text and its end after the other. Two of them tell people apart well enough for a notice, and nobody gains by making two agree. */
function hashed(hash: number, text: string): number {
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ LINE_END, 0x01000193);
}

function finished(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

const LINE_END = 0x0a;

import { createHash } from 'node:crypto';
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
    const { idType, idNumber } = holder;
    const person = [idType, idNumber, kind, occupation.catalogueEdition, occupation.code, occupation.trade];
    const digest = createHash('sha256')
      .update([...person, level.framework, level.value].join('\n'))
      .digest();
    const exam = createHash('sha256').update(`${assessment.id}\n${assessment.date}`).digest().readUInt32LE();
    const [first, second] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
    let at = (first % PLACES) * WORDS;
    while (this.cells[at + 2] !== 0) {
      if (this.cells[at] === first && this.cells[at + 1] === second)
        return this.cells[at + 3] === exam
          ? undefined
          : { row, column: 'name', code: 'SAME_PERSON_AGAIN', parameters: { row: String(this.cells[at + 2]) } };
      at = (at + WORDS) % this.cells.length;
    }
    if (this.size >= MOST) return undefined;
    this.cells.set([first, second, row, exam], at);
    this.size++;
    return undefined;
  }
}

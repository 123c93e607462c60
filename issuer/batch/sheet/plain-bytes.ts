import type { PersonBytes } from '../person-bytes.js';
import type { RowTemplate } from '../row-template.js';
import type { ByteRow } from './byte-row.js';
import { endOfPlainScore, isPlainId, isPlainIdNumber, isPlainName } from './plain-cells.js';
import { RecentBytes } from './recent-bytes.js';
import { EXAMPLE_MARK } from './template-marks.js';

/** Where the personal cells stand; -1 for a column the sheet does not have. */
export interface PersonalPlaces {
  name: number;
  idNumber: number;
  assessmentId: number;
  /** In the order of `SCORES`. */
  scores: readonly number[];
  corrects: number;
}

/**
 * Knows rows of bytes whose other cells are those of a row before, and whose personal cells are plain as they stand there. Any other
 * row has to be looked at as texts, which may find it plain as well.
 */
export class PlainBytes {
  private readonly recent: RecentBytes<RowTemplate>;

  /** @param shared indexes of all other columns */
  constructor(
    private readonly places: PersonalPlaces,
    shared: readonly number[],
  ) {
    this.recent = new RecentBytes(shared);
  }

  /**
   * @param person told where the cells lie
   * @returns what rows like this one are written by, or undefined
   */
  find(row: ByteRow, person: PersonBytes): RowTemplate | undefined {
    const template = this.recent.find(row);
    return template && this.hasPlainCells(row, person) ? template : undefined;
  }

  /** Keeps what rows like this one are written by. */
  keep(row: ByteRow, template: RowTemplate): void {
    this.recent.keep(row, template);
  }

  private hasPlainCells(row: ByteRow, person: PersonBytes): boolean {
    const { bytes } = row;
    const { name, idNumber, assessmentId, scores, corrects } = this.places;
    person.bytes = bytes;
    person.nameStart = row.startOf(name);
    person.nameEnd = row.endOf(name);
    person.idStart = row.startOf(idNumber);
    person.assessmentStart = row.startOf(assessmentId);
    person.assessmentEnd = row.endOf(assessmentId);
    for (let i = 0; i < scores.length; i++) {
      const place = scores[i] ?? -1;
      const start = row.startOf(place);
      const end = row.endOf(place);
      const scoreEnd = end === start ? end : endOfPlainScore(bytes, start, end);
      if (scoreEnd < 0) return false;
      person.scores[2 * i] = start;
      person.scores[2 * i + 1] = scoreEnd;
    }
    return (
      isPlainName(bytes, person.nameStart, person.nameEnd) &&
      !isExampleName(bytes, person.nameStart) &&
      isPlainIdNumber(bytes, person.idStart, row.endOf(idNumber)) &&
      isPlainId(bytes, person.assessmentStart, person.assessmentEnd) &&
      row.endOf(corrects) === row.startOf(corrects)
    );
  }
}

const EXAMPLE = new TextEncoder().encode(EXAMPLE_MARK);

function isExampleName(bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < EXAMPLE.length; i++) if (bytes[start + i] !== EXAMPLE[i]) return false;
  return true;
}

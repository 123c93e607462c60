import type { PlainPerson } from './row-template.js';

/** Bytes of the longest person: a name of 20 characters, a number of 18, an id of 40 and three scores. */
const ROOM = 256;

/** Parts of an assessment that are marked, in the order in which they are written. */
export const SCORES = ['theoryScore', 'practicalScore', 'comprehensiveScore'] as const;

/** Where the cells of a {@link PlainPerson} lie as UTF-8; one object serves for row after row. */
export class PersonBytes {
  bytes: Uint8Array = new Uint8Array(0);
  nameStart = 0;
  nameEnd = 0;
  /** Of the 18 characters of the number. */
  idStart = 0;
  assessmentStart = 0;
  assessmentEnd = 0;
  /** Start and end of each of the {@link SCORES}; alike where there is none. */
  readonly scores = new Int32Array(2 * SCORES.length);
  private readonly room = new Uint8Array(ROOM);

  /** Takes a person whose cells are texts. */
  take(person: PlainPerson): this {
    this.bytes = this.room;
    this.nameStart = 0;
    this.nameEnd = this.idStart = this.put(person.name, 0);
    this.assessmentStart = this.put(person.idNumber, this.idStart);
    let end = (this.assessmentEnd = this.put(person.assessmentId, this.assessmentStart));
    for (const [i, part] of SCORES.entries()) {
      this.scores[2 * i] = end;
      this.scores[2 * i + 1] = end = this.put(person[part] ?? '', end);
    }
    return this;
  }

  private put(text: string, at: number): number {
    const { read, written } = encoder.encodeInto(text, this.room.subarray(at));
    if (read < text.length) throw new RangeError('That is no plain person.');
    return at + written;
  }
}

const encoder = new TextEncoder();

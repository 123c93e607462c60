/** Words of a key that are compared: 96 bits of a digest never agree by chance. */
const WORDS = 3;
const CELL = WORDS + 1;
const FIRST_CAPACITY = 4096;
const FULL = 0.7;

/**
 * Remembers in which row a key stood first, in 16 bytes a place: a million rows take 34 MB, where a `Map` of texts would take
 * hundreds.
 */
export class DuplicateSet {
  private cells = new Uint32Array(FIRST_CAPACITY * CELL);
  private capacity = FIRST_CAPACITY;
  private size = 0;

  /**
   * @param key digest as hex, at least 24 characters
   * @param row 1 or more
   * @returns row the key stood in before, or undefined: then it is remembered with this one
   */
  add(key: string, row: number): number | undefined {
    if (this.size >= this.capacity * FULL) this.grow();
    const words = wordsOf(key);
    const at = this.find(words);
    const known = this.cells[at + WORDS];
    if (known !== undefined && known !== 0) return known;
    this.write(at, words, row);
    this.size += 1;
    return undefined;
  }

  /** Row a key stands in, or undefined. */
  get(key: string): number | undefined {
    const row = this.cells[this.find(wordsOf(key)) + WORDS];
    return row === 0 ? undefined : row;
  }

  private find(words: readonly number[]): number {
    const mask = this.capacity - 1;
    for (let place = (words[0] ?? 0) & mask; ; place = (place + 1) & mask) {
      const at = place * CELL;
      if (this.cells[at + WORDS] === 0 || words.every((word, i) => this.cells[at + i] === word)) return at;
    }
  }

  private write(at: number, words: readonly number[], row: number): void {
    words.forEach((word, i) => (this.cells[at + i] = word));
    this.cells[at + WORDS] = row;
  }

  private grow(): void {
    const old = this.cells;
    this.capacity *= 2;
    this.cells = new Uint32Array(this.capacity * CELL);
    for (let at = 0; at < old.length; at += CELL) {
      const row = old[at + WORDS] ?? 0;
      if (row === 0) continue;
      const words = [...old.subarray(at, at + WORDS)];
      this.write(this.find(words), words, row);
    }
  }
}

function wordsOf(key: string): number[] {
  return [parseInt(key.slice(0, 8), 16), parseInt(key.slice(8, 16), 16), parseInt(key.slice(16, 24), 16)];
}

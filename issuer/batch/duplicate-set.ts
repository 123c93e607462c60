/** A place holds 96 bits of a digest, which never agree by chance, and the row. */
const CELL = 4;
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
    return this.put(word(key, 0), word(key, 1), word(key, 2), row);
  }

  /** {@link DuplicateSet.add} of a digest that is not written as hex. */
  addDigest(digest: Uint8Array, start: number, row: number): number | undefined {
    return this.put(wordAt(digest, start), wordAt(digest, start + 4), wordAt(digest, start + 8), row);
  }

  private put(a: number, b: number, c: number, row: number): number | undefined {
    if (this.size >= this.capacity * FULL) this.grow();
    const at = this.find(a, b, c);
    const known = this.cells[at + 3];
    if (known !== 0) return known;
    this.cells[at] = a;
    this.cells[at + 1] = b;
    this.cells[at + 2] = c;
    this.cells[at + 3] = row;
    this.size += 1;
    return undefined;
  }

  /** Row a key stands in, or undefined. */
  get(key: string): number | undefined {
    const row = this.cells[this.find(word(key, 0), word(key, 1), word(key, 2)) + 3];
    return row === 0 ? undefined : row;
  }

  /** The place of a key, or the free one it would take. */
  private find(a: number, b: number, c: number): number {
    const { cells } = this;
    const mask = this.capacity - 1;
    for (let place = a & mask; ; place = (place + 1) & mask) {
      const at = place * CELL;
      if (cells[at + 3] === 0 || (cells[at] === a && cells[at + 1] === b && cells[at + 2] === c)) return at;
    }
  }

  private grow(): void {
    const old = this.cells;
    this.capacity *= 2;
    this.cells = new Uint32Array(this.capacity * CELL);
    for (let from = 0; from < old.length; from += CELL) {
      if (old[from + 3] === 0) continue;
      const to = this.find(old[from] ?? 0, old[from + 1] ?? 0, old[from + 2] ?? 0);
      this.cells.set(old.subarray(from, from + CELL), to);
    }
  }
}

function word(key: string, n: number): number {
  return parseInt(key.slice(n * 8, n * 8 + 8), 16);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

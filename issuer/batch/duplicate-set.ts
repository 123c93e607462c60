/** A part holds 64 bits of a digest and the row at each place; which part a digest belongs to is told by 6 bits more. */
const CELL = 3;
const PARTS = 64;
const FIRST_CAPACITY = 64;
const FULL = 0.7;

/**
 * Remembers in which row a key stood first, in 12 bytes a place: a million rows take 25 MB, where a `Map` of texts would take
 * hundreds. It grows part by part, so that little of it is ever there twice. Of a million keys two agree by chance in one of a
 * thousand million sheets.
 */
export class DuplicateSet {
  private readonly parts = Array.from({ length: PARTS }, () => new Part());

  /**
   * @param key digest as hex, at least 24 characters
   * @param row 1 or more
   * @returns row the key stood in before, or undefined: then it is remembered with this one
   */
  add(key: string, row: number): number | undefined {
    return this.partOf(word(key, 2)).put(word(key, 0), word(key, 1), row);
  }

  /** {@link DuplicateSet.add} of a digest that is not written as hex. */
  addDigest(digest: Uint8Array, start: number, row: number): number | undefined {
    return this.partOf(wordAt(digest, start + 8)).put(wordAt(digest, start), wordAt(digest, start + 4), row);
  }

  /** Row a key stands in, or undefined. */
  get(key: string): number | undefined {
    return this.partOf(word(key, 2)).get(word(key, 0), word(key, 1));
  }

  /** Forgets all keys. Their memory goes back to the system at once: a batch takes most of it after its sheet was checked. */
  clear(): void {
    for (const part of this.parts) part.clear();
  }

  private partOf(c: number): Part {
    const part = this.parts[c % PARTS];
    if (!part) throw new RangeError('A key is not hex.');
    return part;
  }
}

/** Keys that share some bits. */
class Part {
  private cells = pagesOf(FIRST_CAPACITY);
  private capacity = FIRST_CAPACITY;
  private size = 0;

  put(a: number, b: number, row: number): number | undefined {
    if (this.size >= this.capacity * FULL) this.grow();
    const at = this.find(a, b);
    const known = this.cells[at + 2];
    if (known !== 0) return known;
    this.cells[at] = a;
    this.cells[at + 1] = b;
    this.cells[at + 2] = row;
    this.size += 1;
    return undefined;
  }

  get(a: number, b: number): number | undefined {
    const row = this.cells[this.find(a, b) + 2];
    return row === 0 ? undefined : row;
  }

  clear(): void {
    const old = this.cells;
    this.capacity = FIRST_CAPACITY;
    this.cells = pagesOf(this.capacity);
    this.size = 0;
    old.buffer.resize(0);
  }

  /** The place of a key, or the free one it would take. */
  private find(a: number, b: number): number {
    const { cells } = this;
    const mask = this.capacity - 1;
    for (let place = a & mask; ; place = (place + 1) & mask) {
      const at = place * CELL;
      if (cells[at + 2] === 0 || (cells[at] === a && cells[at + 1] === b)) return at;
    }
  }

  private grow(): void {
    const old = this.cells;
    this.capacity *= 2;
    this.cells = pagesOf(this.capacity);
    for (let from = 0; from < old.length; from += CELL) {
      if (old[from + 2] === 0) continue;
      const to = this.find(old[from] ?? 0, old[from + 1] ?? 0);
      for (let i = 0; i < CELL; i++) this.cells[to + i] = old[from + i] ?? 0;
    }
    old.buffer.resize(0);
  }
}

/** Memory that can be resized has pages of its own, where an allocator keeps what it was given back for others. */
function pagesOf(capacity: number): Uint32Array<ArrayBuffer> {
  const maxByteLength = capacity * CELL * Uint32Array.BYTES_PER_ELEMENT;
  return new Uint32Array(new ArrayBuffer(maxByteLength, { maxByteLength }));
}

function word(key: string, n: number): number {
  return parseInt(key.slice(n * 8, n * 8 + 8), 16);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}

/** UTF-8 bytes of one UTF-16 unit, at most. */
const MAX_UTF8_BYTES = 3;

/** UTF-8 of a value that changes, and what of it changed last. */
export class EncodedValue {
  /** Number of the value. */
  readonly hole: number;
  /** Where it stands: numbers of places. */
  readonly places: number[] = [];
  /** Holds the value in its first {@link EncodedValue.length} bytes. */
  bytes = new Uint8Array(0);
  length = 0;
  /** How much longer it is than the value before. */
  growth = 0;
  /** The bytes that differ from the value before; all of them where its length is another. */
  changedFrom = 0;
  changedUntil = 0;
  #text = '';

  constructor(hole: number) {
    this.hole = hole;
  }

  /**
   * Takes the next value.
   * @param text well-formed
   * @returns whether its length is another
   */
  set(text: string): boolean {
    this.growth = 0;
    this.changedFrom = 0;
    this.changedUntil = 0;
    if (text === this.#text) return false;
    this.#text = text;
    if (text.length * MAX_UTF8_BYTES > this.bytes.length) this.#makeRoom(text.length * MAX_UTF8_BYTES);
    const length = this.#write(text);
    this.growth = length - this.length;
    this.length = length;
    if (this.growth === 0) return false;
    this.changedFrom = 0;
    this.changedUntil = length;
    return true;
  }

  /** Values are short: a loop has written one before an encoder begins, and sees which bytes change. */
  #write(text: string): number {
    const bytes = this.bytes;
    const old = this.length;
    const units = text.length;
    let from = -1;
    let until = 0;
    let end = 0;
    for (let i = 0; i < units; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        if (bytes[end] !== unit || end >= old) {
          if (from < 0) from = end;
          bytes[end] = unit;
          until = end + 1;
        }
        end++;
        continue;
      }
      if (from < 0) from = end;
      if (unit < 0x800) bytes[end++] = 0xc0 | (unit >> 6);
      else if (unit < 0xd800 || unit > 0xdfff) {
        bytes[end++] = 0xe0 | (unit >> 12);
        bytes[end++] = 0x80 | ((unit >> 6) & 0x3f);
      } else {
        const point = 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff);
        bytes[end++] = 0xf0 | (point >> 18);
        bytes[end++] = 0x80 | ((point >> 12) & 0x3f);
        bytes[end++] = 0x80 | ((point >> 6) & 0x3f);
        bytes[end++] = 0x80 | (point & 0x3f);
        until = end;
        continue;
      }
      bytes[end++] = 0x80 | (unit & 0x3f);
      until = end;
    }
    this.changedFrom = from < 0 ? 0 : from;
    this.changedUntil = until;
    return end;
  }

  #makeRoom(length: number): void {
    const larger = new Uint8Array(2 * length);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** UTF-8 bytes of one UTF-16 unit, at most. */
const MAX_UTF8_BYTES = 3;
/** A loop has written a shorter plain text before an encoder begins. */
const SHORT = 12;
const FIRST_NON_ASCII = 0x80;
const encoder = new TextEncoder();

/** UTF-8 of a value that changes, and what of it changed last. */
export class EncodedValue {
  /** Number of the value. */
  readonly hole: number;
  /** Where it stands: numbers of places. */
  readonly places: number[] = [];
  /** The value. */
  text = '';
  /** Holds the value in its first {@link EncodedValue.length} bytes. */
  bytes = new Uint8Array(0);
  length = 0;
  /** How much longer it is than the value before. */
  growth = 0;
  /** The bytes that differ from the value before; all of them where its length is another. */
  changedFrom = 0;
  changedUntil = 0;
  #next = new Uint8Array(0);

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
    if (text === this.text) return false;
    this.text = text;
    if (text.length * MAX_UTF8_BYTES > this.bytes.length) this.#makeRoom(text.length * MAX_UTF8_BYTES);
    const length = this.#write(text);
    this.growth = length - this.length;
    this.length = length;
    if (this.growth === 0) return false;
    this.changedFrom = 0;
    this.changedUntil = length;
    return true;
  }

  /** @returns the length of the text now in `#next` */
  #encode(text: string): number {
    const next = this.#next;
    const units = text.length;
    if (units > SHORT) return encoder.encodeInto(text, next).written;
    for (let i = 0; i < units; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= FIRST_NON_ASCII) return encoder.encodeInto(text, next).written;
      next[i] = unit;
    }
    return units;
  }

  #write(text: string): number {
    const length = this.#encode(text);
    const next = this.#next;
    const bytes = this.bytes;
    let from = 0;
    let until = length;
    while (from < length && bytes[from] === next[from]) from++;
    while (until > from && bytes[until - 1] === next[until - 1]) until--;
    for (let i = from; i < until; i++) bytes[i] = next[i] ?? 0;
    this.changedFrom = from;
    this.changedUntil = until;
    return length;
  }

  #makeRoom(length: number): void {
    const larger = new Uint8Array(2 * length);
    larger.set(this.bytes);
    this.bytes = larger;
    this.#next = new Uint8Array(2 * length);
  }
}

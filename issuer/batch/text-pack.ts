import type { PackedTexts } from '../../keys/custody.js';

/** Bytes made hex at once, so that no long text has to be collected. */
const HEX_BYTES = 4096;

const ZERO = 0x30;

/**
 * Writes texts one behind the other as UTF-8, so that a block of rows keeps a handful of buffers and not thousands of texts, each of
 * which would have to be collected.
 */
export class TextPack implements PackedTexts {
  bytes: Buffer;
  /** Where each text ends. */
  readonly ends: number[] = [];
  private at = 0;

  /**
   * @param size bytes there is room for at first
   * @param isShared whether other threads are to see them
   */
  constructor(
    size = 64 * 1024,
    private readonly isShared = false,
  ) {
    this.bytes = this.room(size);
  }

  /** Adds bytes to the text being written. */
  put(piece: Uint8Array): void {
    this.reserve(piece.length);
    this.bytes.set(piece, this.at);
    this.at += piece.length;
  }

  /** Adds a few of many bytes to the text being written. */
  copy(from: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    const { bytes } = this;
    let { at } = this;
    for (let i = start; i < end; i++) bytes[at++] = from[i] ?? 0;
    this.at = at;
  }

  /** Adds characters of ASCII to the text being written. @param start first of them; `end`: before which to stop */
  putAscii(text: string, start = 0, end = text.length): void {
    this.reserve(end - start);
    const { bytes } = this;
    let { at } = this;
    for (let i = start; i < end; i++) bytes[at++] = text.charCodeAt(i);
    this.at = at;
  }

  /** Adds a whole number from 0 on in decimal digits, at least `width` of them. */
  putNumber(value: number, width = 1): void {
    let digits = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
    digits = Math.max(digits, width);
    this.reserve(digits);
    let rest = value;
    for (let at = this.at + digits - 1; at >= this.at; at--) {
      this.bytes[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.at += digits;
  }

  /** Adds bytes as hex. */
  writeHex(digests: Uint8Array): void {
    this.reserve(2 * digests.length);
    const bytes = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength);
    for (let from = 0; from < bytes.length; from += HEX_BYTES)
      this.at += this.bytes.write(bytes.toString('hex', from, from + HEX_BYTES), this.at, 'latin1');
  }

  /** Everything that was written. */
  written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  /** The text is complete. */
  end(): void {
    this.ends.push(this.at);
  }

  /** The bytes of a text. */
  text(i: number): Buffer {
    return this.bytes.subarray(this.ends[i - 1] ?? 0, this.ends[i]);
  }

  /** Forgets all texts and overwrites them. */
  clear(): void {
    this.bytes.fill(0, 0, this.at);
    this.at = 0;
    this.ends.length = 0;
  }

  private reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const before = this.bytes;
    this.bytes = this.room(2 * (this.at + more));
    this.bytes.set(before.subarray(0, this.at));
    before.fill(0);
  }

  private room(size: number): Buffer {
    return this.isShared ? Buffer.from(new SharedArrayBuffer(size)) : Buffer.allocUnsafeSlow(size);
  }
}

import { YizhengError } from '../errors.js';

/** Bits that go in or out in one step: with up to seven bits before them they still fit in 32. */
const STEP = 24;
const STEP_VALUE = 2 ** STEP;

/** Writes numbers of a given width into bytes, most significant bit first. */
export class BitWriter {
  private bytes = new Uint8Array(256);
  private length = 0;

  /**
   * Appends `width` bits.
   * @param value integer from 0 to 2^width − 1
   * @param width 0 to 48
   */
  write(value: number, width: number): void {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** width)
      throw new RangeError(`${value} does not fit in ${width} bits`);
    if (width <= STEP) this.put(value, width);
    else {
      this.put(Math.floor(value / STEP_VALUE), width - STEP);
      this.put(value % STEP_VALUE, STEP);
    }
  }

  private put(value: number, width: number): void {
    const index = this.length >> 3;
    if (index + 4 > this.bytes.length) this.grow();
    const { bytes } = this;
    const shifted = value << (32 - (this.length & 7) - width);
    bytes[index] = (bytes[index] ?? 0) | (shifted >>> 24);
    bytes[index + 1] = shifted >>> 16;
    bytes[index + 2] = shifted >>> 8;
    bytes[index + 3] = shifted;
    this.length += width;
  }

  private grow(): void {
    const larger = new Uint8Array(2 * this.bytes.length);
    larger.set(this.bytes);
    this.bytes = larger;
  }

  /** Appends one bit and returns it, so that a presence bit reads `if (bits.flag(x)) …`. */
  flag(value: boolean): boolean {
    this.put(value ? 1 : 0, 1);
    return value;
  }

  /** Appends whole bytes. */
  writeBytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.put(byte, 8);
  }

  /** Everything written, the last byte filled with zero bits. */
  finish(): Uint8Array {
    return this.bytes.slice(0, (this.length + 7) >> 3);
  }
}

/** Reads what {@link BitWriter} wrote. */
export class BitReader {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Takes `width` bits (0 to 48). @throws YizhengError `QR_CORRUPT` past the end */
  read(width: number): number {
    if (this.position + width > this.bytes.length * 8)
      throw new YizhengError('QR_CORRUPT', 'The code ends too early: it was damaged or misread; scan it again.');
    if (width <= STEP) return this.take(width);
    return this.take(width - STEP) * STEP_VALUE + this.take(STEP);
  }

  private take(width: number): number {
    if (width === 0) return 0;
    const { bytes } = this;
    const index = this.position >> 3;
    const ahead =
      ((bytes[index] ?? 0) << 24) |
      ((bytes[index + 1] ?? 0) << 16) |
      ((bytes[index + 2] ?? 0) << 8) |
      (bytes[index + 3] ?? 0);
    const value = (ahead << (this.position & 7)) >>> (32 - width);
    this.position += width;
    return value;
  }

  /** Takes one bit. @throws YizhengError `QR_CORRUPT` */
  flag(): boolean {
    return this.read(1) === 1;
  }

  /** Takes whole bytes. @throws YizhengError `QR_CORRUPT` */
  readBytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count; i++) bytes[i] = this.read(8);
    return bytes;
  }
}

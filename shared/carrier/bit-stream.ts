import { YizhengError } from '../errors.js';

/** Writes numbers of a given width into bytes, most significant bit first. */
export class BitWriter {
  private readonly bytes: number[] = [];
  private length = 0;

  /**
   * Appends `width` bits.
   * @param value integer from 0 to 2^width − 1
   * @param width 0 to 48
   */
  write(value: number, width: number): void {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** width)
      throw new RangeError(`${value} does not fit in ${width} bits`);
    for (let left = width; left > 0;) {
      const free = 8 - (this.length & 7);
      const taken = Math.min(free, left);
      const part = Math.floor(value / 2 ** (left - taken)) % 2 ** taken;
      const index = this.length >> 3;
      this.bytes[index] = (this.bytes[index] ?? 0) | (part << (free - taken));
      this.length += taken;
      left -= taken;
    }
  }

  /** Appends one bit and returns it, so that a presence bit reads `if (bits.flag(x)) …`. */
  flag(value: boolean): boolean {
    this.write(value ? 1 : 0, 1);
    return value;
  }

  /** Appends whole bytes. */
  writeBytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.write(byte, 8);
  }

  /** Everything written, the last byte filled with zero bits. */
  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
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
    let value = 0;
    for (let left = width; left > 0;) {
      const ahead = 8 - (this.position & 7);
      const taken = Math.min(ahead, left);
      const byte = this.bytes[this.position >> 3] ?? 0;
      value = value * 2 ** taken + ((byte >> (ahead - taken)) & (2 ** taken - 1));
      this.position += taken;
      left -= taken;
    }
    return value;
  }

  /** Takes one bit. @throws YizhengError `QR_CORRUPT` */
  flag(): boolean {
    return this.read(1) === 1;
  }

  /** Takes whole bytes. @throws YizhengError `QR_CORRUPT` */
  readBytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.read(8));
  }
}

import { YizhengError } from '../errors.js';

/** Bits that go in or out in one step: with up to seven bits before them they still fit in 32. */
const STEP = 24;
const STEP_VALUE = 2 ** STEP;

/** Bits taken out of one place to be written in others. */
export interface BitRun {
  /** {@link STEP} bits each, the last one the rest. */
  readonly steps: readonly number[];
  readonly length: number;
}

/** Writes numbers of a given width into bytes, most significant bit first. */
export class BitWriter {
  private bytes = new Uint8Array(256);
  private length = 0;

  /** Bits written so far. */
  get position(): number {
    return this.length;
  }

  /** Begins anew, in the same memory. */
  clear(): void {
    this.bytes[0] = 0;
    this.length = 0;
  }

  /**
   * Appends `width` bits.
   * @param value integer from 0 to 2^width − 1
   * @param width 0 to 48
   */
  write(value: number, width: number): void {
    if (width <= STEP) {
      if (value >>> 0 !== value || value >>> width !== 0) throw doesNotFit(value, width);
      this.put(value, width);
    } else {
      if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** width) throw doesNotFit(value, width);
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
    const { length } = bytes;
    let at = 0;
    for (; at + 3 <= length; at += 3)
      this.put(((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0), STEP);
    for (; at < length; at++) this.put(bytes[at] ?? 0, 8);
  }

  /** Appends bits {@link run} took. */
  writeRun({ steps, length }: BitRun): void {
    let rest = length;
    for (let i = 0; rest > 0; i++, rest -= STEP) this.put(steps[i] ?? 0, rest < STEP ? rest : STEP);
  }

  /** The first `length` bits, to be written elsewhere. */
  run(length: number): BitRun {
    const reader = this.reader(0);
    const steps: number[] = [];
    for (let rest = length; rest > 0; rest -= STEP) steps.push(reader.read(Math.min(rest, STEP)));
    return { steps, length };
  }

  /** Reads what was written, from a place on; what lies behind the end is undefined. */
  reader(position: number): BitReader {
    return new BitReader(this.bytes, position);
  }

  /** Everything written, the last byte filled with zero bits. */
  finish(): Uint8Array {
    return this.view().slice();
  }

  /** What {@link finish} gives, good until more is written. */
  view(): Uint8Array {
    return this.bytes.subarray(0, (this.length + 7) >> 3);
  }
}

function doesNotFit(value: number, width: number): RangeError {
  return new RangeError(`${value} does not fit in ${width} bits`);
}

/** Reads what {@link BitWriter} wrote. */
export class BitReader {
  private at: number;

  /** @param position bit to begin at */
  constructor(
    private readonly bytes: Uint8Array,
    position = 0,
  ) {
    this.at = position;
  }

  /** Bit that comes next. */
  get position(): number {
    return this.at;
  }

  /** Takes `width` bits (0 to 48). @throws YizhengError `QR_CORRUPT` past the end */
  read(width: number): number {
    if (this.at + width > this.bytes.length * 8)
      throw new YizhengError('QR_CORRUPT', 'The code ends too early: it was damaged or misread; scan it again.');
    if (width <= STEP) return this.take(width);
    return this.take(width - STEP) * STEP_VALUE + this.take(STEP);
  }

  private take(width: number): number {
    if (width === 0) return 0;
    const { bytes } = this;
    const index = this.at >> 3;
    const ahead =
      ((bytes[index] ?? 0) << 24) |
      ((bytes[index + 1] ?? 0) << 16) |
      ((bytes[index + 2] ?? 0) << 8) |
      (bytes[index + 3] ?? 0);
    const value = (ahead << (this.at & 7)) >>> (32 - width);
    this.at += width;
    return value;
  }

  /** Takes one bit. @throws YizhengError `QR_CORRUPT` */
  flag(): boolean {
    return this.read(1) === 1;
  }

  /** Takes whole bytes and says whether they are these. @throws YizhengError `QR_CORRUPT` */
  isNext(expected: Uint8Array): boolean {
    const { length } = expected;
    let difference = 0;
    let at = 0;
    for (; at + 3 <= length; at += 3)
      difference |=
        this.read(STEP) ^ (((expected[at] ?? 0) << 16) | ((expected[at + 1] ?? 0) << 8) | (expected[at + 2] ?? 0));
    for (; at < length; at++) difference |= this.read(8) ^ (expected[at] ?? 0);
    return difference === 0;
  }

  /** Takes whole bytes. @throws YizhengError `QR_CORRUPT` */
  readBytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count; i++) bytes[i] = this.read(8);
    return bytes;
  }
}

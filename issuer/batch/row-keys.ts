import type { PackedKeys, SqlColumn } from '../../server/index.js';
import { letGo } from './let-go.js';

/**
 * Keys of the rows of a chunk, in order. Where all are of one length, as digests are, they stay one piece of bytes: a text for each
 * would live as long as the chunk, and what outlives the young generation is paid for twice.
 */
export class RowKeys {
  private constructor(
    private readonly keys: PackedKeys | readonly (string | null)[],
    private readonly memory?: Uint8Array,
  ) {}

  /** @param keys a key for each row */
  static of(keys: readonly (string | null)[]): RowKeys {
    return new RowKeys(keys);
  }

  /** @param keys of their own memory, a key for each row */
  static packed(keys: PackedKeys): RowKeys {
    return new RowKeys(keys, keys.bytes);
  }

  /**
   * Takes joined keys apart, in place.
   * @param joined UTF-8 of keys with a byte between any two; it is changed
   * @param options `count` of the keys; `separator`: the byte
   * @returns undefined where they are not all of one length, one is missing, or a key holds the byte
   */
  static inPlace(joined: Uint8Array, { count, separator }: { count: number; separator: number }): RowKeys | undefined {
    const width = (joined.length + 1) / count - 1;
    if (!Number.isInteger(width) || width < 1) return undefined;
    let found = joined.indexOf(separator);
    for (let end = width; end < joined.length; end += width + 1) {
      if (found !== end) return undefined;
      found = joined.indexOf(separator, end + 1);
    }
    if (found !== -1) return undefined;
    for (let i = 1; i < count; i++) joined.copyWithin(i * width, i * (width + 1), i * (width + 1) + width);
    return new RowKeys({ bytes: joined.subarray(0, count * width), width }, joined);
  }

  /** The key of the row at a place of the chunk. */
  at(place: number): string | null {
    if (!('width' in this.keys)) return this.keys[place] ?? null;
    const { bytes, width } = this.keys;
    if (place >= bytes.length / width) return null;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
      'utf8',
      place * width,
      (place + 1) * width,
    );
  }

  /** The keys of rows at these places, which ascend, to be stored. */
  column(places: readonly number[]): SqlColumn {
    const count = 'width' in this.keys ? this.keys.bytes.length / this.keys.width : this.keys.length;
    if (places.length < count) return places.map((place) => this.at(place));
    return 'width' in this.keys ? { packed: [this.keys] } : this.keys;
  }

  /** All keys, where they are one piece of bytes. */
  get packed(): PackedKeys | undefined {
    return 'width' in this.keys ? this.keys : undefined;
  }

  /** Gives their memory back; they are not asked for any more. */
  letGo(): void {
    if (this.memory) letGo(this.memory);
  }
}

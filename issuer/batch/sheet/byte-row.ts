import { refuseSheet } from './sheet-error.js';
import type { RawRow } from './raw-sheet.js';

/** Rows as they lie in a file, in UTF-8, parted by a delimiter and with nothing in quotes. */
export interface RowBytes {
  readonly bytes: Uint8Array;
  /** Where each cell ends: the byte behind it. */
  readonly ends: Int32Array;
  readonly delimiter: string;
}

/** A row whose cells are texts only when somebody asks for them; until the next rows are read. */
export class ByteRow implements RawRow {
  private texts: readonly string[] | undefined;

  /**
   * @param row as the spreadsheet program numbers it
   * @param start where its first cell begins
   * @param first place of the end of its first cell
   * @param count how many cells it has
   */
  constructor(
    readonly row: number,
    private readonly source: RowBytes,
    private readonly start: number,
    private readonly first: number,
    private readonly count: number,
  ) {}

  /** The bytes that hold the row, among others. */
  get bytes(): Uint8Array {
    return this.source.bytes;
  }

  /** @throws SheetError `SHEET_ENCODING_UNKNOWN` for bytes that are no UTF-8 */
  get cells(): readonly string[] {
    return (this.texts ??= this.read());
  }

  /** Where a cell begins; a cell the row does not have is empty. */
  startOf(index: number): number {
    if (index <= 0 || index >= this.count) return this.start;
    return (this.source.ends[this.first + index - 1] ?? 0) + 1;
  }

  /** The byte behind a cell. */
  endOf(index: number): number {
    return index < 0 || index >= this.count ? this.start : (this.source.ends[this.first + index] ?? 0);
  }

  private read(): string[] {
    const { bytes, delimiter } = this.source;
    try {
      return decoder.decode(bytes.subarray(this.start, this.endOf(this.count - 1))).split(delimiter);
    } catch (cause) {
      throw refuseSheet('SHEET_ENCODING_UNKNOWN', {}, { cause });
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

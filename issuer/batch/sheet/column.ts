import type { KindId } from '../../../shared/certificate/kind.js';
import type { ValueReader } from './value-readers.js';

/** One column a sheet may have. */
export interface Column {
  key: string;
  /** Header as clerks know it; other words for it (Chinese and English) are taken as well. */
  zh: string;
  en: string;
  aliases?: readonly string[];
  /** `always`: the column and every cell of it; `kind`: the cells of the kinds in `kinds`. */
  need: 'always' | 'kind' | 'optional';
  /** Kinds it belongs to; other kinds leave it empty. */
  kinds?: readonly KindId[];
  /** Where the value stands in an exam result, as JSON pointer. */
  pointer?: string;
  /** `text` keeps letters as they are, `code` makes full-width characters half-width and drops blanks. */
  as: 'text' | 'code';
  /** Most characters of a text. */
  most?: number;
  read: ValueReader;
  /** Words of a fixed list. */
  list?: readonly string[];
  /** Stands in for a wrong value while the rest of the row is checked; left out where there is none. */
  neutral?: string | number;
  /** What to write, as the explanation and the messages say it. */
  format: { zh: string; en: string };
  example: string;
}

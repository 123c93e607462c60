import { CERTIFICATE_URN, certificateId } from '../../shared/certificate/credential.js';
import { rowKey } from './batch-tables.js';
import { TextPack } from './text-pack.js';

const URN_BYTES = new TextEncoder().encode(CERTIFICATE_URN);
/** Digits of a row in {@link rowKey}. */
const ROW_DIGITS = 7;
const PLAIN = { zero: 0x30, nine: 0x39, upperA: 0x41, upperZ: 0x5a };

/** Adds what `certificateId` gives, character by character: no text is made that would have to be collected. */
export function putCertificateId(pack: TextPack, number: string, revision: number): void {
  if (!isPlain(number)) {
    pack.putAscii(certificateId(number, revision));
    return;
  }
  pack.put(URN_BYTES);
  pack.putAscii(number);
  pack.putAscii(':');
  pack.putNumber(revision);
}

/** Adds what `rowKey` gives. @param beginning of the batch, see {@link rowKeyBeginning} */
export function putRowKey(pack: TextPack, beginning: string, row: number): void {
  pack.putAscii(beginning);
  pack.putNumber(row, ROW_DIGITS);
}

/** What the row keys of a batch begin with. */
export function rowKeyBeginning(batch: string): string {
  return rowKey(batch, 0).slice(0, -ROW_DIGITS);
}

/** Capital letters and digits, as official numbers have, stand in an address as they are. */
function isPlain(number: string): boolean {
  for (let i = 0; i < number.length; i++) {
    const code = number.charCodeAt(i);
    const isDigit = code >= PLAIN.zero && code <= PLAIN.nine;
    if (!isDigit && !(code >= PLAIN.upperA && code <= PLAIN.upperZ)) return false;
  }
  return true;
}

/** Where ids and row keys of certificates are put together, again and again. */
export interface IdTexts {
  ids: TextPack;
  rowKeys: TextPack;
}

const spare: IdTexts[] = [];

/** Has memory for ids and row keys, for as long as it takes. */
export async function withIdTexts<T>(work: (texts: IdTexts) => Promise<T>): Promise<T> {
  const texts = spare.pop() ?? { ids: new TextPack(), rowKeys: new TextPack() };
  texts.ids.clear();
  texts.rowKeys.clear();
  const done = await work(texts);
  // After an error somebody may still read it.
  spare.push(texts);
  return done;
}

import { YizhengError } from '../../shared/errors.js';
import { linkWarning, type LinkWarning } from '../app/link-warning.js';
import { ownHosts } from '../app/own-hosts.js';
import { foreignCode, type ForeignCode } from './foreign-code.js';

/** What a code turned out to be: one this app reads, with what came of it; one that is damaged; or something else, named. */
export type JudgedCode<T> = { kind: 'ours'; result: T } | OtherCode;

/** A code that is of no use here. */
export type OtherCode =
  { kind: 'damaged'; code: string } | { kind: 'foreign'; foreign: ForeignCode; link?: LinkWarning };

const DAMAGED = /^(?:QR_(?:CORRUPT|DIGITS|VERSION|TOO_LARGE)|CBORLD_UNREADABLE)$/;
const FOREIGN = /^(?:QR_NOT_OURS|CARRIER_|JSON_|INPUT_EMPTY)/;

/**
 * Reads what a camera saw, or names what it is instead.
 * @param read what the app does with a code of ours; throws the codes of `openInput` for others
 * @throws YizhengError for what has nothing to do with the code, e.g. `TRUST_MISSING`
 */
export async function judgeCode<T>(text: string, read: (text: string) => Promise<T>): Promise<JudgedCode<T>> {
  try {
    return { kind: 'ours', result: await read(text) };
  } catch (error) {
    if (!(error instanceof YizhengError)) throw error;
    if (DAMAGED.test(error.code)) return { kind: 'damaged', code: error.code };
    if (!FOREIGN.test(error.code)) throw error;
    const link = linkWarning(text, ownHosts.get());
    return { kind: 'foreign', foreign: foreignCode(text), ...(link && { link }) };
  }
}

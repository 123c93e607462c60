import { YizhengError } from '../../shared/errors.js';
import { linkWarning, type LinkWarning } from '../app/link-warning.js';
import { ownHosts } from '../app/own-hosts.js';
import { verify, type CheckResult } from '../verify/verify-client.js';
import { foreignCode, type ForeignCode } from './foreign-code.js';

/** What a code turned out to be: a certificate with its verdict; one that is damaged; or something else, named. */
export type JudgedCode =
  | { kind: 'certificate'; result: CheckResult }
  | { kind: 'damaged'; code: string }
  | { kind: 'foreign'; foreign: ForeignCode; link?: LinkWarning };

const DAMAGED = /^(?:QR_(?:CORRUPT|DIGITS|VERSION|TOO_LARGE)|CBORLD_UNREADABLE)$/;
const FOREIGN = /^(?:QR_NOT_OURS|CARRIER_|JSON_|INPUT_EMPTY)/;

/**
 * Verifies what a camera read. Only the signature decides; who read it does not matter.
 * @throws YizhengError for what has nothing to do with the code, e.g. `TRUST_MISSING`
 */
export async function judgeCode(text: string): Promise<JudgedCode> {
  try {
    return { kind: 'certificate', result: await verify({ text }) };
  } catch (error) {
    if (!(error instanceof YizhengError)) throw error;
    if (DAMAGED.test(error.code)) return { kind: 'damaged', code: error.code };
    if (!FOREIGN.test(error.code)) throw error;
    const link = linkWarning(text, ownHosts.get());
    return { kind: 'foreign', foreign: foreignCode(text), ...(link && { link }) };
  }
}

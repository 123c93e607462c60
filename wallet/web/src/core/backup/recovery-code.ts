import { sha256 } from '@noble/hashes/sha2.js';
import { YizhengError } from '../../../../../shared/errors.js';
import { randomBytes, utf8 } from '../bytes.js';

/** Crockford's base 32: no I, L, O or U, so that what is written by hand is read as it was meant. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP = 4;
/** Groups of a code to keep on paper: 120 bits. */
export const RECOVERY_GROUPS = 8;
/** Groups of a code to be typed once, while two phones lie beside one another: 45 bits behind Argon2id. */
export const TRANSFER_GROUPS = 3;

/**
 * A code to be printed or written down, `XXXX-XXXX-…`: in each group three characters nobody can guess and one that checks them, so that
 * a slip is found in its group.
 */
export function newRecoveryCode(crypto: Crypto, groups = RECOVERY_GROUPS): string {
  const bytes = randomBytes(crypto, groups * (GROUP - 1));
  const characters = [...bytes].map((byte) => ALPHABET[byte % 32] ?? '');
  return Array.from({ length: groups }, (_, index) => {
    const data = characters.slice(index * (GROUP - 1), (index + 1) * (GROUP - 1)).join('');
    return data + checkCharacter(index, data);
  }).join('-');
}

/**
 * The one way to write a code that was typed in: any case, any separators, `O` for `0`, `I` and `L` for `1`.
 * @returns `XXXX-XXXX-…`
 * @throws YizhengError `RECOVERY_CODE_LENGTH`, `RECOVERY_CODE_TYPO` with `group 3` in `at`
 */
export function readRecoveryCode(text: string): string {
  const characters = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-_.·—–]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const groups = characters.match(/.{1,4}/gsu) ?? [];
  for (const [index, group] of groups.entries()) {
    const data = group.slice(0, GROUP - 1);
    const isRight =
      [...group].every((one) => ALPHABET.includes(one)) && group.slice(GROUP - 1) === checkCharacter(index, data);
    if (group.length === GROUP && !isRight)
      throw new YizhengError('RECOVERY_CODE_TYPO', `Group ${index + 1} of the code is not right.`, {
        at: `group ${index + 1}`,
      });
  }
  if (characters.length !== RECOVERY_GROUPS * GROUP && characters.length !== TRANSFER_GROUPS * GROUP)
    throw new YizhengError('RECOVERY_CODE_LENGTH', `A recovery code has ${RECOVERY_GROUPS} groups of four characters.`);
  return groups.join('-');
}

/** Depends on the place of the group too, so that two groups changed about are found. */
function checkCharacter(index: number, data: string): string {
  return ALPHABET[(sha256(utf8(`yizheng ${index} ${data}`))[0] ?? 0) % 32] ?? '';
}

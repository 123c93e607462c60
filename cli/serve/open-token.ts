import { z } from 'zod';
import { Pkcs11Token } from '../../keys/pkcs11/pkcs11-token.js';
import { readPassphrase } from '../../keys/read-passphrase.js';
import { YizhengError } from '../../shared/errors.js';

/** Settings of a PKCS#11 token. The PIN itself is no setting: it comes from a file or a descriptor, as the pass-phrase does. */
export const TOKEN_SETTINGS = {
  tokenModule: z.string().optional(),
  tokenLabel: z.string().min(1).max(32).optional(),
  tokenSerial: z.string().min(1).max(16).optional(),
  tokenPinFile: z.string().optional(),
  tokenPinFd: z.coerce.number().int().min(0).optional(),
};

/** {@link TOKEN_SETTINGS}, read. */
export type TokenSettings = z.infer<z.ZodObject<typeof TOKEN_SETTINGS>>;

/**
 * Opens the token a process was given.
 * @returns undefined where none is configured
 * @throws YizhengError `TOKEN_SETTINGS`: only half of it is; `PASSPHRASE_*` about the PIN's file; `TOKEN_*` as `Pkcs11Token.open`
 */
export async function openToken(settings: TokenSettings): Promise<Pkcs11Token | undefined> {
  const { tokenModule: module, tokenLabel: label, tokenSerial: serial, tokenPinFile, tokenPinFd } = settings;
  const given = [module, label ?? serial, tokenPinFile ?? tokenPinFd].filter((one) => one !== undefined);
  if (given.length === 0) return undefined;
  const hasTwoPins = tokenPinFile !== undefined && tokenPinFd !== undefined;
  if (module === undefined || given.length < 3 || hasTwoPins)
    throw new YizhengError(
      'TOKEN_SETTINGS',
      'A token needs --token-module, --token-label or --token-serial, and one of --token-pin-file and --token-pin-fd.',
      { at: '--token-module' },
    );
  const pin = await readPassphrase({ file: tokenPinFile, fd: tokenPinFd });
  return Pkcs11Token.open({ module, label, serial, pin });
}

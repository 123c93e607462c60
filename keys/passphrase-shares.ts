import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { base32crockford } from '@scure/base';
import { combine, split } from 'shamir-secret-sharing';
import { YizhengError } from '../shared/errors.js';

const VERSION = 1;
/** Version, how many are needed, set. */
const HEADER = 6;
const CHECK = 4;
/** Length and digest of the passphrase stand before it; the whole is filled up, so that a share does not tell its length. */
const PREFIX = 2 + 16;
const BLOCK = 64;
const MOST_CUSTODIANS = 16;

/**
 * Splits the passphrase of a keystore among custodians (Shamir's scheme over GF(256)): so many of them as are needed give it back, fewer
 * tell nothing about it, not even its length. Each call makes a new set; shares of two sets never go together.
 * @param options `custodians`: 2 to 16; `needed`: 2 to `custodians`
 * @returns one text each, to be written down once: groups of four of 0–9 and A–Z without I, L, O, U
 * @throws YizhengError `SHARES_COUNT`, `PASSPHRASE_INVALID` (over 1,024 bytes)
 */
export async function splitPassphrase(
  passphrase: string,
  { custodians, needed }: { custodians: number; needed: number },
): Promise<string[]> {
  const isFit = [custodians, needed].every(Number.isInteger) && needed >= 2 && needed <= custodians;
  if (!isFit || custodians > MOST_CUSTODIANS)
    throw new YizhengError(
      'SHARES_COUNT',
      `Between 2 and ${MOST_CUSTODIANS} custodians, of whom at least 2 and at most all are needed.`,
    );
  const text = Buffer.from(passphrase.normalize('NFC'), 'utf8');
  if (text.length > 1024 || text.length === 0)
    throw new YizhengError('PASSPHRASE_INVALID', 'The passphrase has 1 to 1,024 bytes.');
  const secret = Buffer.alloc(Math.ceil((PREFIX + text.length) / BLOCK) * BLOCK);
  secret.writeUInt16BE(text.length, 0);
  digestOf(text).copy(secret, 2);
  text.copy(secret, PREFIX);
  const header = Buffer.concat([Buffer.from([VERSION, needed]), randomBytes(4)]);
  try {
    const shares = await split(new Uint8Array(secret), custodians, needed);
    return shares.map((share) => {
      const bytes = Buffer.concat([header, share]);
      return grouped(base32crockford.encode(Buffer.concat([bytes, checkOf(bytes)])));
    });
  } finally {
    secret.fill(0);
    text.fill(0);
  }
}

/**
 * Gives the passphrase back from shares of one set. Spaces, dashes and small letters do not matter, nor I, L and O for 1 and 0.
 * @throws YizhengError `SHARE_FORMAT` (with the place of the share: a typing mistake), `SHARES_MIXED` (of different sets), `SHARES_REPEATED`,
 *   `SHARES_TOO_FEW`, `SHARES_WRONG` (together they give no passphrase: one was forged)
 */
export async function joinPassphrase(texts: readonly string[]): Promise<string> {
  const shares = texts.map((text, place) => readShare(text, place));
  const [first] = shares;
  if (!first) throw tooFew(2);
  if (shares.some(({ set }) => !set.equals(first.set)))
    throw new YizhengError('SHARES_MIXED', 'These shares are of different sets; all must be of the newest one.');
  if (new Set(shares.map(({ share }) => share.at(-1))).size < shares.length)
    throw new YizhengError('SHARES_REPEATED', 'One share was given twice.');
  if (shares.length < first.needed) throw tooFew(first.needed);
  const secret = Buffer.from(await combine(shares.map(({ share }) => share)));
  const length = secret.readUInt16BE(0);
  const text = secret.subarray(PREFIX, PREFIX + length);
  try {
    if (PREFIX + length > secret.length || !timingSafeEqual(digestOf(text), secret.subarray(2, PREFIX)))
      throw new YizhengError('SHARES_WRONG', 'Together these shares give no passphrase; one of them is not genuine.');
    return text.toString('utf8');
  } finally {
    secret.fill(0);
  }
}

interface Share {
  needed: number;
  set: Buffer;
  share: Uint8Array;
}

function readShare(text: string, place: number): Share {
  const plain = text
    .toUpperCase()
    .replace(/[\s-]+/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  let bytes: Buffer;
  try {
    if (plain.length > 4000) throw new RangeError('too long');
    bytes = Buffer.from(base32crockford.decode(plain));
  } catch (cause) {
    throw malformed(place, cause);
  }
  const body = bytes.subarray(0, -CHECK);
  const isWhole =
    body.length > HEADER + PREFIX && bytes[0] === VERSION && checkOf(body).equals(bytes.subarray(body.length));
  if (!isWhole) throw malformed(place);
  return { needed: bytes[1] ?? 2, set: body.subarray(0, HEADER), share: new Uint8Array(body.subarray(HEADER)) };
}

function grouped(text: string): string {
  return (text.match(/.{1,4}/g) ?? []).join('-');
}

function digestOf(text: Uint8Array): Buffer {
  return createHash('sha256').update('yizheng passphrase share').update(text).digest().subarray(0, 16);
}

function checkOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update('yizheng share').update(bytes).digest().subarray(0, CHECK);
}

function malformed(place: number, cause?: unknown): YizhengError {
  return new YizhengError('SHARE_FORMAT', `Share ${place + 1} is not as it was written down; read it again.`, {
    at: `share ${place + 1}`,
    cause,
  });
}

function tooFew(needed: number): YizhengError {
  return new YizhengError('SHARES_TOO_FEW', `It takes ${needed} shares of this set.`);
}

import type { Custody } from '../../keys/custody.js';

/**
 * What the file of a batch is known by: an HMAC over its SHA-256, with a key that stays in custody. A plain digest of a sheet with few
 * rows would let whoever reads it try out document numbers until one fits (SECURITY §2.4).
 * @param sha256 SHA-256 of the file, hex
 * @returns hex
 */
export async function sheetHmac(custody: Pick<Custody, 'hmac'>, sha256: string): Promise<string> {
  return Buffer.from(await custody.hmac('issuer batch sheet', Buffer.from(sha256, 'hex'))).toString('hex');
}

import { createHash } from 'node:crypto';

/** 256 random bits as base64url: sessions, invitations, challenges. Only {@link tokenHash} of it is stored. */
export function newToken(randomBytes: (length: number) => Uint8Array): string {
  return Buffer.from(randomBytes(32)).toString('base64url');
}

/** SHA-256 of a token, hex: what the database holds of it. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

import { createHash } from 'node:crypto';

/**
 * What two people compare to be sure they speak of one key: SHA-256 of its Multikey text, 64 hex digits. Anybody has it by
 * `printf %s z6Mk… | sha256sum`.
 */
export function keyFingerprint(publicKeyMultibase: string): string {
  return createHash('sha256').update(publicKeyMultibase, 'utf8').digest('hex');
}

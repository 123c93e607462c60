import type { SignaturePublicKey } from '../check-signature.js';

/** The one COSE algorithm each type of key signs with (RFC 9053 §2.1, §2.2). */
export const COSE_ALGORITHM_OF: Readonly<Record<SignaturePublicKey['algorithm'], number>> = {
  Ed25519: -8,
  'P-256': -7,
  'P-384': -35,
  'P-521': -36,
};

/** The type of key each algorithm demands; the second row are the fully-specified ones of RFC 9864. Anything else is refused. */
export const KEY_ALGORITHM_OF_COSE: ReadonlyMap<unknown, SignaturePublicKey['algorithm']> = new Map<
  unknown,
  SignaturePublicKey['algorithm']
>([
  ...[[-8, 'Ed25519'] as const, [-7, 'P-256'] as const, [-35, 'P-384'] as const, [-36, 'P-521'] as const],
  ...[[-19, 'Ed25519'] as const, [-9, 'P-256'] as const, [-51, 'P-384'] as const, [-52, 'P-521'] as const],
]);

/** Labels of COSE header parameters (RFC 9052 §3.1, RFC 9596). */
export const COSE_HEADER = { alg: 1, crit: 2, contentType: 3, kid: 4, typ: 16 } as const;

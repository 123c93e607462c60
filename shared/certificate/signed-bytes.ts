import type { ApartText } from './credential-skeleton.js';

/** A certificate signed just now, as bytes. */
export interface SignedBytes {
  /** UTF-8 of the signed credential as JSON text. */
  json: Uint8Array;
  /** What `proofValue` is the base58 of, 64 bytes; none where the proof is not of our making. */
  signature: Uint8Array;
  /**
   * The same JSON text apart from what following certificates share with it; undefined where that is not known. To be asked for, and good, before
   * the next is signed.
   */
  apart?: () => ApartText | undefined;
}

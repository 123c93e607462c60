import type { KeyObject } from 'node:crypto';
import type { PackedTexts } from '../custody.js';

/** Texts to digest, in memory both threads see. The key crosses over as a handle: no key bytes are copied into a message. */
export interface HmacRequest {
  id: number;
  key: KeyObject;
  texts: PackedTexts;
}

/** The HMACs, 32 bytes each. */
export interface HmacAnswer {
  id: number;
  digests: Uint8Array;
}

import type { DataIntegrityProof } from '../certificate/credential.js';
import { writeSignature } from '../did/signature-base58.js';
import { BitWriter, type BitRun } from './bit-stream.js';
import type { KnownFacts } from './field-codec.js';
import { PROOF_LEANS_ON, proofCodec, SIGNATURE_BITS } from './proof-codec.js';

const MOST_KEPT = 4;
const MEMBER = ',"proof":';
const OPENING = '"proofValue":"z';
const END = Uint8Array.of(0x22, 0x7d, 0x7d);
const MOST_BASE58 = 88;

/** The proof of many certificates up to its signature, once as bits and once as it stands in the signed text. */
interface Kept {
  leaned: readonly unknown[];
  bits: BitRun;
  text: Uint8Array;
}

/** The proof at the end of a signed text. */
export function proofOfText(json: string): DataIntegrityProof {
  return JSON.parse(json.slice(json.lastIndexOf(MEMBER) + MEMBER.length, -1)) as DataIntegrityProof;
}

/** Remembers the proofs of a batch, which differ in their signatures only. */
export class ProofMemory {
  readonly #kept: Kept[] = [];
  readonly #base58 = new Uint8Array(MOST_BASE58);

  /**
   * The bits of the proof a signed text ends with, up to its signature.
   * @param json UTF-8
   * @param facts of the record
   * @returns undefined when reading bits and signature would not give that end of the text, letter for letter
   */
  bitsOf(json: Uint8Array, signature: Uint8Array, facts: KnownFacts): BitRun | undefined {
    const base58 = this.#base58;
    const length = writeSignature(signature, base58, 0);
    const opening = json.length - END.length - length;
    if (!standsAt(json, END, END.length, json.length - END.length)) return undefined;
    if (!standsAt(json, base58, length, opening)) return undefined;
    for (const { leaned, text, bits } of this.#kept)
      if (
        leaned[0] === facts.issuedOn &&
        leaned[1] === facts.issuerId &&
        standsAt(json, text, text.length, opening - text.length)
      )
        return bits;
    return this.#learn(json, opening, facts);
  }

  #learn(json: Uint8Array, opening: number, facts: KnownFacts): BitRun | undefined {
    const out = new BitWriter();
    proofCodec.write(out, proofOfText(new TextDecoder().decode(json)), facts);
    const input = out.reader(0);
    const read = `${MEMBER}${JSON.stringify(proofCodec.read(input, facts))}`;
    const text = new TextEncoder().encode(read.slice(0, read.lastIndexOf(OPENING) + OPENING.length));
    if (input.position !== out.position || !standsAt(json, text, text.length, opening - text.length)) return undefined;
    const bits = out.run(out.position - SIGNATURE_BITS);
    this.#kept.unshift({ leaned: PROOF_LEANS_ON.map((name) => facts[name]), bits, text });
    if (this.#kept.length > MOST_KEPT) this.#kept.pop();
    return bits;
  }
}

/** Whether the first `length` bytes of a part stand at a place. */
function standsAt(bytes: Uint8Array, part: Uint8Array, length: number, place: number): boolean {
  if (place < 0) return false;
  for (let i = 0; i < length; i++) if (bytes[place + i] !== part[i]) return false;
  return true;
}

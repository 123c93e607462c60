import type { DataIntegrityProof } from '../certificate/credential.js';
import { decodeSignature } from '../did/signature-base58.js';
import { BitWriter, type BitRun } from './bit-stream.js';
import type { KnownFacts } from './field-codec.js';
import { PROOF_LEANS_ON, proofCodec, SIGNATURE_BITS } from './proof-codec.js';

const MOST_KEPT = 4;
const MEMBER = ',"proof":';
const END = '"}}';

/** The proof of many certificates up to its signature, once as bits and once as it stands in the signed text. */
interface Kept {
  leaned: readonly unknown[];
  bits: BitRun;
  text: string;
}

/** A proof taken apart: bits before the signature, and the signature. */
export interface ProofBits {
  bits: BitRun;
  signature: Uint8Array;
}

/** The proof at the end of a signed text. */
export function proofOfText(json: string): DataIntegrityProof {
  return JSON.parse(json.slice(json.lastIndexOf(MEMBER) + MEMBER.length, -1)) as DataIntegrityProof;
}

/** Remembers the proofs of a batch, which differ in their signatures only. */
export class ProofMemory {
  readonly #kept: Kept[] = [];

  /**
   * The bits of the proof a signed text ends with.
   * @param facts of the record
   * @returns undefined when reading them would not give that end of the text, letter for letter
   */
  bitsOf(json: string, facts: KnownFacts): ProofBits | undefined {
    const opening = json.lastIndexOf('"', json.length - END.length - 1) + 2;
    const bits = this.#find(json, opening, facts) ?? this.#learn(json, opening, facts);
    // Base58 that gives 64 bytes is the one base58 of these bytes: reading them back gives this text.
    const signature = json.endsWith(END) ? decodeSignature(json.slice(opening, -END.length)) : undefined;
    return bits && signature && { bits, signature };
  }

  #find(json: string, opening: number, facts: KnownFacts): BitRun | undefined {
    return this.#kept.find(
      ({ leaned, text }) =>
        leaned[0] === facts.issuedOn && leaned[1] === facts.issuerId && json.startsWith(text, opening - text.length),
    )?.bits;
  }

  #learn(json: string, opening: number, facts: KnownFacts): BitRun | undefined {
    const out = new BitWriter();
    proofCodec.write(out, proofOfText(json), facts);
    const input = out.reader(0);
    const read = `${MEMBER}${JSON.stringify(proofCodec.read(input, facts))}}`;
    const text = read.slice(0, opening - json.length);
    if (input.position !== out.position || !json.endsWith(read)) return undefined;
    const bits = out.run(out.position - SIGNATURE_BITS);
    this.#kept.unshift({ leaned: PROOF_LEANS_ON.map((name) => facts[name]), bits, text });
    if (this.#kept.length > MOST_KEPT) this.#kept.pop();
    return bits;
  }
}

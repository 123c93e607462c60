import { base58 } from '@scure/base';
import type { DataIntegrityProof } from '../certificate/credential.js';
import { decodeSignature, encodeSignature } from '../did/signature-base58.js';
import {
  counted,
  isoInstant,
  members,
  oneOf,
  shortOr,
  signed,
  text,
  type FieldCodec,
  type KnownFacts,
} from './field-codec.js';

const CRYPTOSUITES = ['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'ecdsa-rdfc-2019'] as const;
/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

/** Bits of the signature, which ends a payload. */
export const SIGNATURE_BITS = 8 * SIGNATURE_BYTES;

/** What a proof leans on. */
export const PROOF_LEANS_ON = ['issuedOn', 'issuerId'] as const;
type ProofFacts = (typeof PROOF_LEANS_ON)[number];

const PROOF = members<{
  cryptosuite: (typeof CRYPTOSUITES)[number];
  created: number;
  fragment: string;
  signature: Uint8Array;
}>({
  cryptosuite: oneOf(CRYPTOSUITES, 3),
  created: signed(20),
  fragment: shortOr<string, number>(
    counted(4),
    (fragment) => {
      const number = /^key-(0|[1-9]\d{0,6})$/.exec(fragment)?.[1];
      return number === undefined ? undefined : Number(number);
    },
    (number) => `key-${number}`,
    text,
  ),
  signature: { write: (out, bytes) => out.writeBytes(bytes), read: (input) => input.readBytes(SIGNATURE_BYTES) },
});

/** The proof: what is fixed by our shape is left out, key name and time lean on the record. The signature stands last. */
export const proofCodec: FieldCodec<DataIntegrityProof, ProofFacts> = {
  write(out, proof, facts) {
    PROOF.write(
      out,
      {
        cryptosuite: proof.cryptosuite as (typeof CRYPTOSUITES)[number],
        created: (Date.parse(proof.created) - midnight(facts)) / 1000,
        fragment: proof.verificationMethod.slice(`${facts.issuerId}#`.length),
        signature: decodeSignature(proof.proofValue.slice(1)) ?? base58.decode(proof.proofValue.slice(1)),
      },
      facts,
    );
  },
  read(input, facts) {
    const { cryptosuite, created, fragment, signature } = PROOF.read(input, facts);
    return {
      type: 'DataIntegrityProof',
      created: isoInstant(midnight(facts) + created * 1000).replace('.000Z', 'Z'),
      verificationMethod: `${facts.issuerId}#${fragment}`,
      cryptosuite,
      proofPurpose: 'assertionMethod',
      proofValue: `z${encodeSignature(signature)}`,
    };
  },
};

function midnight(facts: Pick<KnownFacts, 'issuedOn'>): number {
  return Date.parse(`${facts.issuedOn}T00:00:00+08:00`);
}

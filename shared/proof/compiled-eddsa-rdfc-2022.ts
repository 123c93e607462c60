import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { decodeMultikey } from '../did/multikey.js';
import { YizhengError } from '../errors.js';
import { CertificateHasher, type Hashed, type ProofConfig, type Sha256 } from './compiled/certificate-hasher.js';
import { deriveTemplates } from './compiled/derive-templates.js';
import { hasHalfCharacter } from './compiled/half-character.js';
import { readSigned } from './compiled/read-signed.js';
import type { Refusal } from './compiled/shape-canonizer.js';
import { encodeSignature } from '../did/signature-base58.js';
import { eddsaRdfc2022 } from './eddsa-rdfc-2022.js';
import type { ProofSuite, PublicVerificationKey } from './types.js';

/** Checks an Ed25519 signature (RFC 8032) strictly: 64 bytes, message, 32-byte public key. The key array of one key is always the same object. */
export type Ed25519Verify = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
) => boolean | Promise<boolean>;

/** What the compiled path may be given; without, it runs anywhere. */
export interface CompiledOptions {
  /** `@noble/hashes` unless given; Node's own is several times faster. */
  sha256?: Sha256;
  /** `@noble/curves` unless given; Node, libsodium or WebCrypto are many times faster. */
  verify?: Ed25519Verify;
  /** Who handles everything that is not exactly a certificate; {@link eddsaRdfc2022} unless given. */
  general?: ProofSuite;
}

const MAX_KEYS = 64;

/**
 * `eddsa-rdfc-2022` at the speed of its hash and its signature: certificates are canonicalised from templates that the
 * libraries of the general path wrote (DESIGN §5). The proofs are byte for byte those of {@link eddsaRdfc2022}, and the same
 * signatures are accepted; what is not exactly a certificate goes the general path.
 *
 * `sign` throws what {@link eddsaRdfc2022} throws, and `JSON_LONE_SURROGATE` (which the general path would sign as U+FFFD);
 * `verifySignature` is false for such a document.
 * @param options implementations of SHA-256 and Ed25519 of this platform
 */
export function compiledEddsaRdfc2022(options: CompiledOptions = {}): ProofSuite {
  const { verify = verifyWithNoble, general = eddsaRdfc2022 } = options;
  const hasher = new CertificateHasher(options.sha256 ?? sha256, deriveTemplates);
  const publicKeys = new PublicKeys();

  return {
    cryptosuite: general.cryptosuite,

    async sign(unsigned, { signer, created }) {
      const proof = proofConfig(created, signer.id);
      const hashed = isSigningTime(created) ? hasher.hash(unsigned, proof) : 'other-shape';
      const bytes = hashed === 'template-missing' ? await learntBytes(hasher, unsigned, proof) : bytesOf(hashed);
      if (bytes === undefined) {
        if (hasHalfCharacter(unsigned))
          throw new YizhengError('JSON_LONE_SURROGATE', 'A text holds half a character (lone surrogate).');
        return general.sign(unsigned, { signer, created });
      }
      const signature = await signer.sign({ data: bytes });
      return { ...unsigned, proof: { ...proof, proofValue: `z${encodeSignature(signature)}` } };
    },

    async verifySignature(signed, key) {
      const parts = readSigned(signed, key);
      const publicKey = parts && publicKeys.of(key);
      if (parts && publicKey) {
        const { config, signature } = parts;
        const hashed = hasher.hash(signed, config, 'proof');
        const bytes = hashed === 'template-missing' ? await learntOf(hasher, signed, config) : bytesOf(hashed);
        if (bytes) return verify(signature, bytes, publicKey);
      }
      return !hasHalfCharacter(signed) && general.verifySignature(signed, key);
    },
  };
}

function learntOf(hasher: CertificateHasher, signed: object, proof: ProofConfig): Promise<Uint8Array | undefined> {
  const { proof: _, ...unsigned } = signed as { proof?: unknown };
  return learntBytes(hasher, unsigned, proof);
}

async function learntBytes(
  hasher: CertificateHasher,
  unsigned: object,
  proof: ProofConfig,
): Promise<Uint8Array | undefined> {
  return (await hasher.learn(unsigned, proof)) ? bytesOf(hasher.hash(unsigned, proof)) : undefined;
}

function bytesOf(hashed: Hashed | Refusal): Uint8Array | undefined {
  return typeof hashed === 'string' ? undefined : hashed.bytes;
}

function proofConfig(created: string, verificationMethod: string): ProofConfig {
  return {
    type: 'DataIntegrityProof',
    created,
    verificationMethod,
    cryptosuite: 'eddsa-rdfc-2022',
    proofPurpose: 'assertionMethod',
  };
}

function isSigningTime(created: string): boolean {
  return created.endsWith('Z') && !Number.isNaN(Date.parse(created));
}

function verifyWithNoble(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}

/** Decoded public keys: decoding checks the point, which costs as much as a signature. */
class PublicKeys {
  readonly #decoded = new Map<string, Uint8Array>();

  /** Undefined for what is no Ed25519 key. */
  of({ publicKeyMultibase }: PublicVerificationKey): Uint8Array | undefined {
    const known = this.#decoded.get(publicKeyMultibase);
    if (known) return known;
    const bytes = ed25519KeyBytes(publicKeyMultibase);
    if (!bytes) return undefined;
    if (this.#decoded.size >= MAX_KEYS) this.#decoded.clear();
    this.#decoded.set(publicKeyMultibase, bytes);
    return bytes;
  }
}

function ed25519KeyBytes(publicKeyMultibase: string): Uint8Array | undefined {
  try {
    const { algorithm, bytes } = decodeMultikey(publicKeyMultibase);
    return algorithm === 'Ed25519' ? bytes : undefined;
  } catch {
    return undefined;
  }
}

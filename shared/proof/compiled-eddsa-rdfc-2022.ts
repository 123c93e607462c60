import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { decodeMultikey } from '../did/multikey.js';
import { isJsonObject } from '../json/parse-json.js';
import { CertificateHasher, halfCharacter, type ProofConfig, type TextHash } from './compiled/certificate-hasher.js';
import { hasHalfCharacter } from './compiled/half-character.js';
import { decodeSignature, encodeSignature } from './compiled/signature-base58.js';
import { assertSignable, eddsaRdfc2022 } from './eddsa-rdfc-2022.js';
import type { ProofSuite, PublicVerificationKey } from './types.js';

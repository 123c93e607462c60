import type { CompiledOptions } from '../shared/proof/compiled-eddsa-rdfc-2022.js';
import { loadNativeEd25519, type NativeEd25519 } from './signing/native-ed25519.js';
import { sha256 } from './signing/sha256.js';

/**
 * What Node offers the compiled proof path: OpenSSL's SHA-256, and Ed25519 verification by libsodium, else by OpenSSL.
 * @returns options for `compiledEddsaRdfc2022`
 */
export async function nodeProofPrimitives(): Promise<
  Required<Pick<CompiledOptions, 'sha256'>> & Pick<NativeEd25519, 'verify'>
> {
  const { verify } = await loadNativeEd25519();
  return { sha256, verify };
}

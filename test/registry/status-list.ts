import { eddsaRdfc2022 } from '../../shared/proof/eddsa-rdfc-2022.js';
import type { Signer } from '../../shared/proof/types.js';
import { buildStatusListCredential, type StatusPurpose } from '../../shared/status/status-list-credential.js';

/** A signed status list as an institution serves it, JSON text. */
export async function createStatusListCredential(options: {
  id: string;
  issuer: string;
  purpose: StatusPurpose;
  revoked: number[];
  now: string;
  signer: Signer;
}): Promise<string> {
  const bits = new Uint8Array(131_072 / 8);
  for (const index of options.revoked) bits[index >> 3] = (bits[index >> 3] ?? 0) | (0x80 >> (index & 7));
  const unsigned = buildStatusListCredential({
    id: options.id,
    issuer: options.issuer,
    purpose: options.purpose,
    bits,
    validFrom: options.now,
    validUntil: new Date(Date.parse(options.now) + 86_400_000).toISOString().replace('.000', ''),
  });
  return JSON.stringify(await eddsaRdfc2022.sign(unsigned, { signer: options.signer, created: options.now }));
}

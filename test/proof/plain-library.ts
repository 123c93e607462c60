import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verify, verifyCredential } from '@digitalbazaar/vc';
import { staticContexts } from '../../shared/proof/contexts.js';
import type { VerificationKey } from '../../shared/proof/types.js';

/** Documents a plain library needs: bundled contexts, keys and their controllers; `more` comes first. */
export function plainLoader(keys: VerificationKey[], more: ReadonlyMap<string, object> = new Map()) {
  const documents = new Map<string, object>([...staticContexts]);
  for (const { id, controller, publicKeyMultibase } of keys) {
    const method = { id, type: 'Multikey', controller, publicKeyMultibase };
    documents.set(id, { '@context': 'https://w3id.org/security/multikey/v1', ...method });
    documents.set(controller, {
      '@context': 'https://www.w3.org/ns/did/v1',
      id: controller,
      assertionMethod: [id],
      authentication: [id],
    });
  }
  return (url: string) => {
    const document = more.get(url) ?? documents.get(url);
    if (!document) throw new Error(`not found: ${url}`);
    return Promise.resolve({ contextUrl: null, documentUrl: url, document });
  };
}

const suite = new DataIntegrityProof({ cryptosuite });

/** What the library alone says of a credential, with status left to others. */
export async function libraryVerifies(
  credential: object,
  keys: VerificationKey[],
  options: { now?: string; more?: ReadonlyMap<string, object> } = {},
): Promise<boolean> {
  const { verified } = await verifyCredential({
    credential,
    suite,
    documentLoader: plainLoader(keys, options.more),
    checkStatus: () => Promise.resolve({ verified: true }),
    now: options.now ?? '2026-11-21T00:00:00Z',
  });
  return verified;
}

/** What the library alone says of a presentation. */
export async function libraryVerifiesPresentation(
  presentation: object,
  keys: VerificationKey[],
  challenge: string,
): Promise<boolean> {
  const { verified } = await verify({
    presentation,
    suite,
    challenge,
    documentLoader: plainLoader(keys),
    checkStatus: () => Promise.resolve({ verified: true }),
    now: '2026-11-21T00:00:00Z',
  });
  return verified;
}

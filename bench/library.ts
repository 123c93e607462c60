import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { generate } from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { defaultDocumentLoader, issue, verifyCredential } from '@digitalbazaar/vc';
import { CERTIFICATE_CONTEXT, CERTIFICATE_CONTEXT_URL } from '../shared/certificate/context.js';
import { assertTrue } from './raw-ed25519.js';
import { each, type Work } from './measure.js';

/**
 * The peer: `@digitalbazaar/vc` put together from its own parts as its documentation shows, with its own document loader and its own
 * keys. Our general path (`eddsaRdfc2022`) calls the same library with a loader that has it process each context once, and with a key
 * that is imported once; it is measured as what it is, ours.
 * @param credentials unsigned, all of one issuer
 * @param controller that issuer
 * @param created time of the proofs, RFC 3339
 */
export async function library(
  credentials: readonly object[],
  controller: string,
  created: string,
): Promise<Record<'librarySign' | 'libraryVerify', Work>> {
  const keyPair = await generate({ controller });
  const key = await keyPair.export({ publicKey: true, includeContext: true });
  const documents = new Map<string, object>([
    [CERTIFICATE_CONTEXT_URL, CERTIFICATE_CONTEXT],
    [String(key['id']), key],
    [controller, { '@context': 'https://www.w3.org/ns/did/v1', id: controller, assertionMethod: [key] }],
  ]);
  const documentLoader: typeof defaultDocumentLoader = (url) => {
    const document = documents.get(url);
    return document ? Promise.resolve({ contextUrl: null, documentUrl: url, document }) : defaultDocumentLoader(url);
  };
  const sign = (credential: object): Promise<object> =>
    issue({
      credential: { ...credential },
      suite: new DataIntegrityProof({ signer: keyPair.signer(), date: created, cryptosuite }),
      documentLoader,
    });
  const signed: object[] = [];
  for (const credential of credentials) signed.push(await sign(credential));
  return {
    librarySign: each(credentials, sign),
    libraryVerify: each(signed, async (credential) => {
      const { verified } = await verifyCredential({
        credential,
        suite: new DataIntegrityProof({ cryptosuite }),
        documentLoader,
        now: created,
        checkStatus: () => Promise.resolve({ verified: true }),
      });
      assertTrue(verified);
    }),
  };
}

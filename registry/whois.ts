import { CREDENTIALS_V2_URL } from '../shared/certificate/context.js';
import { signCompact, type FeedSigner } from '../shared/trust/jws.js';

/**
 * A verifiable presentation (`vp+jwt`, VC-JOSE-COSE) of the statements that recognise an authority: what its `#whois` service answers
 * (W3C Recognized Entities, identifier-based discovery).
 * @param statements `vc+jwt` texts
 */
export function whoisPresentation(did: string, statements: readonly string[], signer: FeedSigner): Promise<string> {
  const presentation = {
    '@context': [CREDENTIALS_V2_URL],
    type: ['VerifiablePresentation'],
    holder: did,
    verifiableCredential: statements.map((statement) => ({
      '@context': CREDENTIALS_V2_URL,
      id: `data:application/vc+jwt,${statement}`,
      type: 'EnvelopedVerifiableCredential',
    })),
  };
  return signCompact('vp+jwt', JSON.stringify(presentation), signer);
}

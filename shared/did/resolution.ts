import type { DIDDocument, DIDResolutionResult } from 'did-resolver';

/** A positive result of DID resolution. */
export function resolved(didDocument: DIDDocument): DIDResolutionResult {
  return {
    didResolutionMetadata: { contentType: 'application/did+ld+json' },
    didDocument,
    didDocumentMetadata: {},
  };
}

/**
 * A negative result of DID resolution: there is no document.
 * @param error `invalidDid`, `notFound` …
 * @param message our own error code
 */
export function unresolved(error: string, message?: string): DIDResolutionResult {
  return {
    didResolutionMetadata: { error, ...(message !== undefined && { message }) },
    didDocument: null,
    didDocumentMetadata: {},
  };
}

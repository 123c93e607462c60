import type { Resolvable } from 'did-resolver';
import { findVerificationMethod, type Multikey, type Relationship } from '../did/verification-method.js';
import { YizhengError } from '../errors.js';
import { staticContexts } from './contexts.js';
import type { PublicVerificationKey } from './types.js';

/** A document as JSON-LD libraries take it. */
export interface LoadedDocument {
  contextUrl: null;
  documentUrl: string;
  document: object;
  /** It is the same for ever: `jsonld` processes such a context once, not for each document, and keeps what came of it. */
  tag?: 'static';
}

/** Gives JSON-LD libraries the documents they ask for; never the network. */
export type DocumentLoader = (url: string) => Promise<LoadedDocument>;

/**
 * Makes the only document loader there is: bundled contexts, and DID documents of a resolver that was passed in (F7).
 *
 * Of a DID document only one checked key is handed on, as Multikey: nothing else in it can mislead a library.
 * @param options `resolver`: answers for `did:` URLs, none are loaded without it; `relationship`: what the key is used for,
 *   `assertionMethod` unless given
 * @returns a loader that throws YizhengError `CONTEXT_UNKNOWN` for a web address that is no bundled context, `URL_NOT_ALLOWED`
 *   for anything else, `DID_NOT_RESOLVED`, and the codes of {@link findVerificationMethod}
 */
export function createDocumentLoader(
  options: { resolver?: Resolvable; relationship?: Relationship } = {},
): DocumentLoader {
  const { resolver, relationship = 'assertionMethod' } = options;
  const keys = new Map<string, Multikey>();
  return async (url) => {
    const context = staticContexts.get(url);
    if (context) return { ...loaded(url, context), tag: 'static' };
    if (/^https?:/i.test(url))
      throw new YizhengError('CONTEXT_UNKNOWN', `No context is bundled for ${url.slice(0, 120)}.`);
    if (!resolver || !url.startsWith('did:'))
      throw new YizhengError('URL_NOT_ALLOWED', `Nothing may be loaded from ${url.slice(0, 120)}.`);
    if (!url.includes('#')) return loaded(url, controllerDocument(url, relationship, keys));
    const key = await resolveVerificationMethod(resolver, url, relationship);
    keys.set(key.id, key);
    return loaded(url, { '@context': 'https://w3id.org/security/multikey/v1', ...key });
  };
}

/**
 * Resolves a verification method and checks it (SECURITY F7). An error of the resolver means there is no document, whatever
 * else it returned.
 * @param url `<did>#<fragment>`
 * @throws YizhengError `DID_NOT_RESOLVED` and the codes of {@link findVerificationMethod}
 */
export async function resolveVerificationMethod(
  resolver: Resolvable,
  url: string,
  relationship: Relationship,
): Promise<Multikey> {
  const did = url.split('#')[0] ?? '';
  const { didDocument, didResolutionMetadata, didDocumentMetadata } = await resolver.resolve(did);
  if (didResolutionMetadata.error !== undefined || !didDocument || didDocumentMetadata.deactivated)
    throw new YizhengError(
      'DID_NOT_RESOLVED',
      `No DID document was found: ${didResolutionMetadata.error ?? 'deactivated'}.`,
    );
  return findVerificationMethod(didDocument, url, relationship);
}

/** A resolver that knows one key and its controller, and nothing else. */
export function resolverOf(key: PublicVerificationKey, relationship: Relationship): Resolvable {
  const { id, controller, publicKeyMultibase } = key;
  return {
    resolve: (did) =>
      Promise.resolve({
        didResolutionMetadata: did === controller ? {} : { error: 'notFound' },
        didDocument: {
          id: controller,
          verificationMethod: [{ id, type: 'Multikey', controller, publicKeyMultibase }],
          [relationship]: [id],
        },
        didDocumentMetadata: {},
      }),
  };
}

/** Names the keys that were found and checked before, and only those. */
function controllerDocument(did: string, relationship: Relationship, keys: ReadonlyMap<string, Multikey>): object {
  const found = [...keys.values()].filter((key) => key.controller === did);
  return {
    '@context': 'https://www.w3.org/ns/did/v1',
    id: did,
    verificationMethod: found,
    [relationship]: found.map((key) => key.id),
  };
}

function loaded(url: string, document: object): LoadedDocument {
  return { contextUrl: null, documentUrl: url, document };
}

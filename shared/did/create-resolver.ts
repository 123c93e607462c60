import { Resolver, type DIDResolver, type Resolvable } from 'did-resolver';
import { errorCode } from '../errors.js';
import { didJwkResolver } from './did-jwk.js';
import { didKeyResolver } from './did-key.js';
import { didWebResolver, type FetchDidDocument } from './did-web.js';
import { unresolved } from './resolution.js';

const MAX_DID_LENGTH = 2048;

/**
 * Makes a resolver for did:key, did:jwk and, when a fetcher is given, did:web (DESIGN §4).
 *
 * It never throws: a DID that cannot be resolved gives `didDocument: null` and `didResolutionMetadata.error` with the code of
 * DID Resolution (`invalidDid`, `notFound`, `unsupportedDidMethod`) and our own code as `message`.
 * Only whole DIDs are resolved; a DID URL with path, query or fragment is `invalidDid`.
 * @param options `fetchDidDocument`: gets the bytes of a did:web document
 */
export function createResolver(options: { fetchDidDocument?: FetchDidDocument } = {}): Resolvable {
  const { fetchDidDocument } = options;
  const resolver = new Resolver({
    key: total(didKeyResolver),
    jwk: total(didJwkResolver),
    ...(fetchDidDocument && { web: total(didWebResolver(fetchDidDocument)) }),
  });
  return {
    resolve: (did, resolution) =>
      did.length > MAX_DID_LENGTH || /[/?#]/.test(did)
        ? Promise.resolve(unresolved('invalidDid'))
        : resolver.resolve(did, resolution),
  };
}

function total(driver: DIDResolver): DIDResolver {
  return async (did, ...rest) => {
    try {
      return await driver(did, ...rest);
    } catch (error) {
      const code = errorCode(error, 'DID_NOT_FETCHED');
      return unresolved(code === 'DID_INVALID' || code === 'DID_NOT_WEB' ? 'invalidDid' : 'notFound', code);
    }
  };
}

import { readBundle } from '../../shared/trust/bundle.js';
import { digestMultibase } from '../../shared/trust/digest.js';
import { freshnessSchema, readEnvelope, readPayload, rootSchema } from '../../shared/trust/feed-metadata.js';
import type { BundleFeed } from '../verify/types.js';

/**
 * What a bundle file says it holds, to choose an authority from. Nothing is verified.
 * @throws YizhengError `BUNDLE_INVALID`, `JSON_*`, `FEED_*` for a file that is none
 */
export function bundleFeeds(bytes: Uint8Array): BundleFeed[] {
  return Object.entries(readBundle(bytes).feeds).map(([authority, files]) => {
    const roots = files.roots.map((file) => readPayload(readEnvelope(file), rootSchema));
    return {
      authority,
      name: roots.at(-1)?.value.name ?? authority,
      rootDigests: roots.map(({ text }) => digestMultibase(text)),
      issuedAt: readPayload(readEnvelope(files.freshness), freshnessSchema).value.issuedAt,
    };
  });
}

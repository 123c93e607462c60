import { digestMultibase, sha256Hex } from './digest.js';
import {
  bundleIndexSchema,
  freshnessSchema,
  manifestSchema,
  rootSchema,
  writePayload,
  type BundleIndex,
  type FeedFreshness,
  type FeedManifest,
  type FeedRoot,
} from './feed-metadata.js';
import { signEnvelope, type Envelope, type FeedSigner } from './jws.js';

/** Signed metadata files by their `typ`. */
export interface MetadataTypes {
  root: FeedRoot;
  freshness: FeedFreshness;
  manifest: FeedManifest;
  index: BundleIndex;
}

/** A signed file and the names of what it says. */
export interface SignedMetadata {
  envelope: Envelope;
  /** SHA-256 of the payload, hex: how a freshness file and the next manifest name a manifest. */
  sha256: string;
  /** The same as `digestMultibase`: how a recogniser pins a root. */
  digestMultibase: string;
}

/**
 * Writes and signs a metadata file of a feed or bundle (TRUST §3.1).
 * @param typ what it is; `root` needs the keys of the old **and** the new root when it replaces one
 * @throws YizhengError `FEED_METADATA_INVALID` when a reader would refuse it
 */
export async function signMetadata<K extends keyof MetadataTypes>(
  typ: K,
  value: MetadataTypes[K],
  signers: readonly FeedSigner[],
): Promise<SignedMetadata> {
  const payload = WRITERS[typ](value);
  return {
    envelope: await signEnvelope(typ, payload, signers),
    sha256: sha256Hex(payload),
    digestMultibase: digestMultibase(payload),
  };
}

const WRITERS: { [K in keyof MetadataTypes]: (value: MetadataTypes[K]) => string } = {
  root: (value) => writePayload(rootSchema, value),
  freshness: (value) => writePayload(freshnessSchema, value),
  manifest: (value) => writePayload(manifestSchema, value),
  index: (value) => writePayload(bundleIndexSchema, value),
};

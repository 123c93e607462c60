import { z } from 'zod';
import { schemaError } from '../certificate/record.js';
import { BUNDLE_LIMITS, parseJsonObject } from '../json/parse-json.js';
import type { Envelope } from './jws.js';
import type { FeedFiles } from './verify-feed.js';

/** The bundle file: one download or USB stick with the feeds of an anchor and of those it recognises (TRUST §3.1). */
export interface Bundle {
  type: 'MutualRecognitionBundle';
  v: 1;
  /** Feeds by authority DID. */
  feeds: Record<string, FeedFiles>;
  /** What the packer put in, signed by the packer; shows a partial or mixed packing. */
  index?: unknown;
}

const bundleSchema = z.strictObject({
  type: z.literal('MutualRecognitionBundle'),
  v: z.literal(1),
  feeds: z.record(
    z.string().max(200),
    z.strictObject({
      roots: z.array(z.unknown()).max(256),
      freshness: z.unknown(),
      manifest: z.unknown(),
      parts: z.record(z.string().max(40), z.string()),
    }),
  ),
  index: z.unknown().optional(),
});

/**
 * Writes a bundle file. Feeds in order of authority, so the same feeds give the same text.
 * @param index signed by the packer; without one an import says that a feed may have been left out
 */
export function writeBundle(feeds: Record<string, FeedFiles>, index?: Envelope): string {
  const sorted = Object.fromEntries(Object.entries(feeds).sort(([a], [b]) => (a < b ? -1 : 1)));
  const bundle: Bundle = { type: 'MutualRecognitionBundle', v: 1, feeds: sorted, ...(index && { index }) };
  return JSON.stringify(bundle);
}

/**
 * Reads a bundle's form; nothing in it is believed yet.
 * @param bytes the file
 * @throws YizhengError `BUNDLE_INVALID`, `JSON_*`
 */
export function readBundle(bytes: Uint8Array | string): Bundle {
  const parsed = bundleSchema.safeParse(parseJsonObject(bytes, BUNDLE_LIMITS));
  if (!parsed.success) throw schemaError('BUNDLE_INVALID', parsed.error);
  return parsed.data;
}

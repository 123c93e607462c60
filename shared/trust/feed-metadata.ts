import { z } from 'zod';
import { schemaError, webDid } from '../certificate/record.js';
import { certificateText } from '../certificate/text.js';
import { YizhengError } from '../errors.js';
import { parseJson } from '../json/parse-json.js';
import type { FeedCrypto } from './feed-crypto.js';
import {
  envelopeSchema,
  feedJwkSchema,
  jwkThumbprint,
  payloadOf,
  signersOf,
  type Envelope,
  type FeedJwk,
} from './jws.js';
import { dateTime } from './statement-schema.js';

/** Largest signed metadata file, in bytes (TRUST §3.2). */
export const MAX_METADATA_BYTES = 1024 * 1024;

const METADATA_LIMITS = { maxBytes: MAX_METADATA_BYTES, maxDepth: 8, maxNodes: 5000 };
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const sequence = z
  .int()
  .min(1)
  .max(2 ** 40);

/** Roles of a registry's keys: root (offline, threshold), registry (signs manifests), freshness (online, re-dates), statement (signs single statements). */
export const FEED_ROLES = ['root', 'registry', 'freshness', 'statement'] as const;
/** One of {@link FEED_ROLES}. */
export type FeedRole = (typeof FEED_ROLES)[number];

const role = z
  .strictObject({ threshold: z.int().min(1).max(16), keyids: z.array(z.string()).min(1).max(16) })
  .superRefine((value, context) => {
    if (new Set(value.keyids).size < value.keyids.length)
      context.addIssue({ code: 'custom', path: ['keyids'], message: 'names a key twice' });
    if (value.threshold > value.keyids.length)
      context.addIssue({ code: 'custom', path: ['threshold'], message: 'is higher than the number of keys' });
  });

/** Schema of the root: who may sign what (TRUST §3.1). */
export const rootSchema = z
  .strictObject({
    authority: webDid,
    name: certificateText(60),
    version: z.int().min(1).max(100_000),
    expires: dateTime,
    keys: z.record(z.string(), feedJwkSchema),
    roles: z.strictObject({ root: role, registry: role, freshness: role, statement: role }),
  })
  .superRefine((value, context) => {
    for (const [kid, jwk] of Object.entries(value.keys)) {
      if (jwkThumbprint(jwk) !== kid)
        context.addIssue({ code: 'custom', path: ['keys', kid], message: 'is not named by its thumbprint' });
      if (jwk.kid !== undefined && !jwk.kid.startsWith(`${value.authority}#`))
        context.addIssue({ code: 'custom', path: ['keys', kid, 'kid'], message: 'is not a key of the authority' });
    }
    for (const name of FEED_ROLES)
      for (const kid of value.roles[name].keyids)
        if (!Object.hasOwn(value.keys, kid))
          context.addIssue({ code: 'custom', path: ['roles', name], message: 'names a key that is not listed' });
  });

/** Schema of the freshness file: which manifest is current, until when to ask again. */
export const freshnessSchema = z.strictObject({
  authority: webDid,
  sequence,
  manifestSha256: sha256,
  issuedAt: dateTime,
  nextUpdate: dateTime,
});

/** Schema of the manifest: the parts by hash and length, chained to the manifest before. */
export const manifestSchema = z.strictObject({
  authority: webDid,
  sequence,
  /** SHA-256 of the payload of manifest `sequence − 1`; absent in the first. */
  prev: sha256.optional(),
  issuedAt: dateTime,
  staleAfter: dateTime,
  parts: z
    .array(z.strictObject({ name: z.string().max(40), length: z.int().min(0), sha256, rows: z.int().min(0) }))
    .max(64),
});

/** Schema of a bundle's index: what its packer put in. The packer is not trusted with anything else. */
export const bundleIndexSchema = z.strictObject({
  anchor: webDid,
  packedAt: dateTime,
  feeds: z.array(z.strictObject({ authority: webDid, sequence, manifestSha256: sha256 })).max(1000),
});

/** See {@link rootSchema}. */
export type FeedRoot = z.infer<typeof rootSchema>;
/** See {@link freshnessSchema}. */
export type FeedFreshness = z.infer<typeof freshnessSchema>;
/** See {@link manifestSchema}. */
export type FeedManifest = z.infer<typeof manifestSchema>;
/** See {@link bundleIndexSchema}. */
export type BundleIndex = z.infer<typeof bundleIndexSchema>;

/** Keys of a role, by kid. */
export function roleKeys(root: FeedRoot, name: FeedRole): ReadonlyMap<string, FeedJwk> {
  return new Map(
    root.roles[name].keyids.flatMap((kid) => {
      const jwk = root.keys[kid];
      return jwk ? [[kid, jwk] as const] : [];
    }),
  );
}

/** Looks up a current statement key of the authority (role statement) by its verification method URL. */
export function statementKeyOf(root: FeedRoot): (verificationMethod: string) => FeedJwk | undefined {
  const keys = [...roleKeys(root, 'statement').values()];
  return (method) => keys.find((key) => key.kid === method);
}

/** True when enough different keys of the role signed the envelope. */
export function meetsThreshold(
  envelope: Envelope,
  typ: string,
  root: FeedRoot,
  name: FeedRole,
  crypto?: FeedCrypto,
): boolean {
  return signersOf(envelope, typ, roleKeys(root, name), crypto).size >= root.roles[name].threshold;
}

/** Reads an envelope's form. @throws YizhengError `FEED_ENVELOPE_INVALID` */
export function readEnvelope(value: unknown): Envelope {
  const parsed = envelopeSchema.safeParse(value);
  if (!parsed.success) throw schemaError('FEED_ENVELOPE_INVALID', parsed.error);
  return parsed.data;
}

/** Parses a payload with one of the schemas above. @throws YizhengError `FEED_METADATA_INVALID`, `FEED_ENVELOPE_INVALID`, `JSON_*` */
export function readPayload<T>(envelope: Envelope, schema: z.ZodType<T>): { text: string; value: T } {
  const text = payloadOf(envelope);
  const parsed = schema.safeParse(parseJson(text, METADATA_LIMITS));
  if (!parsed.success) throw schemaError('FEED_METADATA_INVALID', parsed.error);
  return { text, value: parsed.data };
}

/** Writes a payload, members in schema order. @throws YizhengError `FEED_METADATA_INVALID` when it would be refused by a reader */
export function writePayload<T>(schema: z.ZodType<T>, value: T): string {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw schemaError('FEED_METADATA_INVALID', parsed.error);
  return JSON.stringify(parsed.data);
}

/** A typed refusal of a feed. */
export function feedError(code: string, authority: string, message: string, cause?: unknown): YizhengError {
  return new YizhengError(code, message, { at: authority, status: 422, cause });
}

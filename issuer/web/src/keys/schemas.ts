import { z } from 'zod';

const word = z.object({ answer: z.enum(['pass', 'fail', 'unknown']), code: z.string() });

/** A key that signs certificates, as the service shows it. */
export const keySchema = z.object({
  id: z.string(),
  algorithm: z.string(),
  publicKeyMultibase: z.string(),
  fingerprint: z.string(),
  state: z.enum(['next', 'active', 'retired', 'compromised']),
  createdAt: z.string(),
  validFrom: z.string(),
  validUntil: z.string().optional(),
  compromisedSince: z.string().optional(),
  token: z
    .object({ label: z.string(), serial: z.string(), isDestroyed: z.boolean(), problem: z.string().optional() })
    .optional(),
  signed: z.object({ certificates: z.number(), first: z.string().optional(), last: z.string().optional() }),
  authority: z.object({
    state: z.enum(['no-data', 'unknown', 'other-key', 'later', 'listed', 'ended', 'compromised']),
    since: z.string().optional(),
    until: z.string().optional(),
  }),
  toDo: z.enum(['none', 'tell-authority', 'activate', 'replace', 'rotate', 'tell-end', 'tell-compromise']),
});
/** One key. */
export type HeldKey = z.infer<typeof keySchema>;

/** All keys of the institution. */
export const keysSchema = z.object({
  custody: z.enum(['keystore', 'elsewhere']),
  token: z.object({ label: z.string(), serial: z.string() }).nullable(),
  dataAsOf: z.string().nullable(),
  keys: z.array(keySchema),
});

/** What two custodians do to a key. */
export const ceremonySchema = z.object({
  id: z.string(),
  kind: z.enum(['prepare', 'activate', 'retire', 'compromise']),
  state: z.enum(['proposed', 'confirmed', 'done', 'cancelled', 'expired']),
  keyId: z.string().optional(),
  compromisedSince: z.string().optional(),
  reason: z.string(),
  proposedBy: z.string(),
  proposedAt: z.string(),
  expiresAt: z.string(),
  confirmedBy: z.string().optional(),
  confirmedAt: z.string().optional(),
  cancelledBy: z.string().optional(),
  doneAt: z.string().optional(),
  recordSha256: z.string().optional(),
});
/** One ceremony. */
export type Ceremony = z.infer<typeof ceremonySchema>;

/** Ceremonies, newest first. */
export const ceremoniesSchema = z.object({ ceremonies: z.array(ceremonySchema) });

/** What would follow if a key were in other hands. */
export const previewSchema = z.object({
  keyId: z.string(),
  since: z.string(),
  groups: z.array(
    z.object({
      kind: z.string(),
      status: z.enum(['active', 'suspended', 'revoked']),
      isSince: z.boolean(),
      certificates: z.number(),
      now: word,
      then: word,
    }),
  ),
  refused: z.number(),
  refusedSince: z.number(),
  toReissue: z.number(),
  walletForms: z.number(),
  reserved: z.number(),
  hasOtherKey: z.boolean(),
});
/** The consequences of one loss. */
export type CompromisePreview = z.infer<typeof previewSchema>;

/** Name of a key: the part of its id behind `#`. */
export function keyName(id: string): string {
  return id.slice(id.indexOf('#') + 1);
}

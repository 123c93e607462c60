import { z } from 'zod';

const level = z.object({ framework: z.string(), value: z.string() });

/** A found certificate, as far as a list shows it. */
export const foundSchema = z.object({
  id: z.string(),
  certificateNumber: z.string(),
  revision: z.number(),
  status: z.enum(['active', 'suspended', 'revoked']),
  statusReason: z.string().optional(),
  issuedOn: z.string(),
  holder: z.object({ name: z.string(), idType: z.string(), idLastFour: z.string() }),
  occupation: z.object({ code: z.string(), name: z.string(), trade: z.string().optional() }).optional(),
  level: level.optional(),
  assessment: z.string(),
});
/** One found certificate. */
export type Found = z.infer<typeof foundSchema>;

/** A page of a search. */
export const searchSchema = z.object({
  certificates: z.array(foundSchema),
  unreadable: z.number(),
  next: z.string().optional(),
});

/** An issued certificate. */
export const issuedSchema = z.object({
  id: z.string(),
  certificateNumber: z.string(),
  revision: z.number(),
  status: z.enum(['active', 'suspended', 'revoked']),
  statusReason: z.string().optional(),
  issuedAt: z.string(),
  credential: z.looseObject({}),
  qr: z.object({ text: z.string(), version: z.number(), withinBudget: z.boolean() }),
});
/** One issued certificate. */
export type Issued = z.infer<typeof issuedSchema>;

/** What changing a status came to. */
export const changedSchema = z.object({ id: z.string(), status: z.string(), changed: z.boolean() });

/** An offer for a wallet, shown once. */
export const offerSchema = z.object({
  uri: z.string(),
  walletLink: z.string().optional(),
  txCode: z.string().optional(),
  codeWithheld: z.boolean().optional(),
  expiresAt: z.string(),
});

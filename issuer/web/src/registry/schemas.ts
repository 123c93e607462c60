import { z } from 'zod';
import { parseStatement } from '../../../../shared/trust/statement-schema.js';
import type { StatementKind, StatementTypes } from '../../../../shared/trust/types.js';

/** A statement with its kind. */
export type AnyStatement = { [K in StatementKind]: { kind: K; row: StatementTypes[K] } }[StatementKind];

const KIND = /^urn:yizheng:(accreditation|recognition|event|review|supply-chain):/;

/** Reads a statement as strictly as a verifier does; its id tells the kind. */
export const statementSchema = z.looseObject({ id: z.string() }).transform((value, context): AnyStatement => {
  const kind = KIND.exec(value.id)?.[1] as StatementKind | undefined;
  try {
    if (kind) return { kind, row: parseStatement(kind, value) } as AnyStatement;
    context.addIssue({ code: 'custom', message: 'is no statement' });
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is no statement' });
  }
  return z.NEVER;
});

const named = z.object({ id: z.string(), name: z.string() });
const anyObject = z.record(z.string(), z.unknown());

/** The authority whose desk this is. */
export const authoritySchema = z.object({
  slug: z.string(),
  did: z.string(),
  name: z.string(),
  sequence: z.number(),
  dualControl: z.array(z.string()),
  root: z.object({ version: z.number(), digestMultibase: z.string() }),
});
export type Authority = z.infer<typeof authoritySchema>;

const keptSchema = z.object({
  id: z.string(),
  kind: z.string(),
  subject: named,
  statement: statementSchema,
  state: z.enum(['live', 'future', 'ended', 'suspended']),
  begins: z.string(),
  ends: z.string().optional(),
  replacedBy: z.string().optional(),
  revokedBy: z.string().optional(),
  isPublished: z.boolean(),
});
/** A statement as the registry keeps it, with what became of it. */
export type Kept = z.infer<typeof keptSchema>;
export const keptListSchema = z.object({ statements: z.array(keptSchema), next: z.string().optional() });

/** A change that waits, or waited, for a second person. */
export const proposalSchema = z.object({
  id: z.string(),
  kinds: z.array(z.string()),
  operation: z.enum(['accredit', 'signing-keys', 'recognise', 'event', 'root', 'dual-control']),
  input: anyObject,
  urgentReason: z.string().optional(),
  state: z.enum(['open', 'approved', 'rejected', 'stale', 'expired']),
  proposedBy: z.string(),
  proposedAt: z.string(),
  decidedBy: z.string().optional(),
  decidedAt: z.string().optional(),
  reason: z.string().optional(),
  application: z.string().optional(),
  review: z.string().optional(),
});
export type Proposal = z.infer<typeof proposalSchema>;
export const proposalsSchema = z.object({ proposals: z.array(proposalSchema) });

const settingsSchema = z.object({ dualControl: z.array(z.string()) });
const sideSchema = z.union([
  statementSchema.transform((statement) => ({ statement })),
  settingsSchema.transform(({ dualControl }) => ({ dualControl })),
  z.null().transform(() => undefined),
]);
export const proposalDetailSchema = z.object({
  proposal: proposalSchema,
  before: sideSchema,
  after: sideSchema,
  problem: z.object({ code: z.string(), detail: z.string(), at: z.string().optional() }).optional(),
});

/** What a write answers: the statement, or the proposal that waits. */
export const writtenSchema = z.union([
  proposalSchema.transform((proposal) => ({ proposal })),
  z.object({ id: z.string() }).transform(({ id }) => ({ statement: id })),
]);

/** What is published and what waits. */
export const publicationSchema = z.object({
  sequence: z.number(),
  issuedAt: z.string().optional(),
  nextUpdate: z.string().optional(),
  staleAfter: z.string().optional(),
  published: z.record(z.string(), z.number()),
  waiting: z.array(z.object({ kind: z.string(), id: z.string(), about: z.string() })),
  partners: z.array(
    z.object({
      did: z.string(),
      name: z.string(),
      sequence: z.number().optional(),
      asOf: z.string().optional(),
      staleAfter: z.string().optional(),
      problem: z.string().optional(),
    }),
  ),
});
/** What publishing answers. */
export const updateSchema = z.object({ sequence: z.number(), changed: z.boolean(), problems: z.array(anyObject) });

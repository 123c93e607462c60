import { z } from 'zod';
import { webDid } from '../shared/certificate/record.js';
import { certificateText } from '../shared/certificate/text.js';
import { STATEMENT_SCHEMAS, digestMultibaseSchema } from '../shared/trust/statement-schema.js';

const anyObject = z.record(z.string(), z.unknown());
const actions = z.array(anyObject).min(1).max(100);
/** Takes effect without lead time: needs a reason, and a second person. */
const urgency = { urgent: z.literal(true).optional(), urgentReason: certificateText(200).optional() };
const reasoned = (input: { urgent?: unknown; urgentReason?: unknown }, context: z.RefinementCtx): void => {
  if ((input.urgent === undefined) !== (input.urgentReason === undefined))
    context.addIssue({ code: 'custom', path: ['urgentReason'], message: 'goes together with urgent: true' });
};

/**
 * What an authority says to accredit an institution. The rest (id, authority) is the registry's; the statement as a whole is then
 * checked by `parseStatement`.
 */
export const accreditationInputSchema = z
  .strictObject({
    institution: webDid,
    legalName: z.string(),
    institutionKind: z.string(),
    institutionCode: z.string(),
    unifiedSocialCreditCode: z.string().optional(),
    /** The institution's keys; read from its DID document when left out. */
    signingKeys: z.array(anyObject).optional(),
    actions,
    supersedes: z.array(z.string()).optional(),
  })
  .meta({ id: 'AccreditationInput' });

/** What an authority says to recognise another authority, or one institution of it. */
export const recognitionInputSchema = z
  .strictObject({
    subject: webDid,
    legalName: z.string(),
    homeAuthority: webDid.optional(),
    /** Root digest as the other authority told it in person; the root fetched must have it. */
    rootDigest: digestMultibaseSchema.optional(),
    actions,
    memorandum: anyObject.optional(),
    supersedes: z.array(z.string()).optional(),
    ...urgency,
  })
  .superRefine(reasoned)
  .meta({ id: 'RecognitionInput' });

/** Members of an event as it is sent. */
export const eventShape = {
  ...Object.fromEntries(
    Object.entries(STATEMENT_SCHEMAS.event.shape)
      .filter(([name]) => name !== 'id' && name !== 'authority')
      .map(([name, schema]) => [name, name === 'effectiveFrom' ? z.optional(schema) : schema]),
  ),
  ...urgency,
};

/** An event: suspension, withdrawal, revoked key or statement, denial. Without `effectiveFrom` it takes effect now. */
export const eventInputSchema = z.strictObject(eventShape).superRefine(reasoned).meta({ id: 'EventInput' });

/** A cross-review or a supply-chain membership, without id and authority; checked as a statement. */
export const otherStatementInputSchema = anyObject.meta({ id: 'StatementInput' });

/** See {@link accreditationInputSchema}. */
export type AccreditationInput = z.infer<typeof accreditationInputSchema>;
/** See {@link recognitionInputSchema}. */
export type RecognitionInput = z.infer<typeof recognitionInputSchema>;

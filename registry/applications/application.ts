import { z } from 'zod';
import { schemaError } from '../../shared/certificate/record.js';
import { certificateText } from '../../shared/certificate/text.js';
import { digestMultibaseSchema, STATEMENT_SCHEMAS } from '../../shared/trust/statement-schema.js';
import type { Accreditation } from '../../shared/trust/types.js';

const anyObject = z.record(z.string(), z.unknown());
const { institution, legalName, institutionKind, institutionCode, unifiedSocialCreditCode, actions } =
  STATEMENT_SCHEMAS.accreditation.shape;

/** A document an institution hands in; the document itself stays with the authority's files. */
export interface ApplicationDocument {
  name: string;
  /** SHA-256 `digestMultibase` of the file, so that nobody exchanges it later. */
  digestMultibase: string;
}

/** What an institution applies for (备案申请). Holds no personal data. */
export interface ApplicationContent extends Pick<
  Accreditation,
  'institution' | 'legalName' | 'institutionKind' | 'institutionCode' | 'unifiedSocialCreditCode' | 'actions'
> {
  documents: ApplicationDocument[];
  remark?: string;
}

/** What is sent: actions without `validFrom` begin today, as in an accreditation. */
export const applicationInputSchema = z
  .strictObject({
    institution,
    legalName,
    institutionKind,
    institutionCode,
    unifiedSocialCreditCode,
    actions: z.array(anyObject).min(1).max(100),
    documents: z
      .array(z.strictObject({ name: certificateText(120), digestMultibase: digestMultibaseSchema }))
      .min(1)
      .max(50),
    remark: certificateText(500).optional(),
  })
  .meta({ id: 'AccreditationApplicationInput' });

/** See {@link applicationInputSchema}. */
export type ApplicationInput = z.infer<typeof applicationInputSchema>;

/**
 * Reads what is applied for, with the same rules as an accreditation.
 * @param validFrom RFC 3339: where an action says none
 * @throws YizhengError `STATEMENT_INVALID` (422) naming the member
 */
export function readApplication(input: ApplicationInput, validFrom: string): ApplicationContent {
  const begun = input.actions.map((action) => ({ action: 'issue', validFrom, ...action }));
  const parsed = z.object({ actions }).safeParse({ actions: begun });
  if (!parsed.success) throw schemaError('STATEMENT_INVALID', parsed.error);
  return { ...input, actions: parsed.data.actions } as ApplicationContent;
}

/** What is stored; `proposed` becomes `accredited`, or `submitted` again, by what became of the proposal. */
export const APPLICATION_STATES = ['submitted', 'sent-back', 'withdrawn', 'refused', 'proposed', 'accredited'] as const;

/** One of {@link APPLICATION_STATES}. */
export type ApplicationState = (typeof APPLICATION_STATES)[number];

/** An application as it is shown. */
export interface Application extends Omit<ApplicationContent, 'institution' | 'legalName'> {
  /** 20 hexadecimal digits. */
  id: string;
  institution: { id: string; name: string };
  state: ApplicationState;
  /** 1, and one more each time it is handed in again. */
  revision: number;
  /** Id of the account or key. */
  handedInBy: string;
  /** RFC 3339, of this revision. */
  handedInAt: string;
  decidedBy?: string;
  decidedAt?: string;
  reason?: string;
  /** Id of the proposal it was turned into last. */
  proposal?: string;
  /** Id of the accreditation. */
  accreditation?: string;
}

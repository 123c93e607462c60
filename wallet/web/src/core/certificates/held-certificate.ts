import { z } from 'zod';
import type { Verdict } from '../../../../../shared/verdict/types.js';

/** The forms of a certificate the wallet keeps, by the names OpenID4VCI gives them. */
export const HELD_FORMATS = ['ldp_vc', 'dc+sd-jwt', 'vc+jwt', 'jwt_vc_json'] as const;
/** One of {@link HELD_FORMATS}. */
export type HeldFormat = (typeof HELD_FORMATS)[number];

/** Longest form that is kept. */
export const MAX_FORM_CHARACTERS = 256 * 1024;
/** Longest title that is kept, in UTF-16 units. */
export const MAX_TITLE = 200;

const formSchema = z.strictObject({
  format: z.enum(HELD_FORMATS),
  /** As signed: JSON text of an `ldp_vc`, compact text of the others. */
  text: z.string().max(MAX_FORM_CHARACTERS),
  /** DID of the key of this wallet it is bound to. */
  holder: z.string().max(300).optional(),
  configurationId: z.string().max(300).optional(),
});

const heldSchema = z.strictObject({
  id: z.string().min(1).max(64),
  forms: z.array(formSchema).min(1).max(8),
  title: z.strictObject({ zh: z.string().max(MAX_TITLE).optional(), en: z.string().max(MAX_TITLE).optional() }),
  /** Host it was received from. */
  issuerHost: z.string().max(300).optional(),
  source: z.enum(['offer', 'import', 'transfer']),
  receivedAt: z.string(),
  /** When it was last judged, and how. */
  checkedAt: z.string().optional(),
  verdict: z.custom<Verdict>((value) => typeof value === 'object' && value !== null).optional(),
});

/** One form of a certificate. */
export type HeldForm = z.infer<typeof formSchema>;
/** One certificate in every form that was received of it, with the verdict last found. */
export type HeldCertificate = z.infer<typeof heldSchema>;

/** Reads what the vault gave; undefined for what this version does not know. */
export function parseHeld(value: unknown): HeldCertificate | undefined {
  return heldSchema.safeParse(value).data;
}

/** The form in this format. */
export function formOf(certificate: HeldCertificate, format: HeldFormat): HeldForm | undefined {
  return certificate.forms.find((form) => form.format === format);
}

/** The form the five questions are asked about: the signed JSON where there is one, as it says most. */
export function mainForm(certificate: HeldCertificate): HeldForm {
  const found = HELD_FORMATS.map((format) => formOf(certificate, format)).find((form) => form !== undefined);
  if (!found) throw new RangeError('a held certificate has at least one form');
  return found;
}

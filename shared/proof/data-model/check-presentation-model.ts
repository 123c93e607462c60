import { z } from 'zod';
import { schemaError } from '../../certificate/record.js';
import { isJsonObject, type JsonObject } from '../../json/parse-json.js';
import { checkContexts, type ModelVersion } from './contexts-check.js';
import { assertReadable } from './readable.js';
import { absoluteUrl, idOf, named, oneOrMore, typed, types } from './vocabulary.js';

/** Most credentials of one presentation. */
export const MAX_SHOWN = 16;

const shown = z.looseObject({});
const presentationSchema = z.looseObject({
  '@context': z.array(z.unknown()),
  id: absoluteUrl.optional(),
  type: types.refine((names) => [names].flat().includes('VerifiablePresentation'), {
    error: 'must hold VerifiablePresentation',
  }),
  holder: named.optional(),
  verifiableCredential: z.union([shown, z.array(shown).max(MAX_SHOWN)]).optional(),
  termsOfUse: oneOrMore(typed).optional(),
});

/** What the checks read from a presentation. */
export interface PresentationModel {
  version: ModelVersion;
  /** URL of the holder, when it is named. */
  holder?: string;
  /** The credentials in it, each an object; not checked. */
  credentials: readonly JsonObject[];
}

/**
 * Checks that a presentation keeps the VC Data Model (2.0 §4.13, or 1.1): holder and credentials may be absent. The credentials in it
 * are checked one by one elsewhere.
 * @throws YizhengError `CONTEXT_NOT_EXACT`, `PRESENTATION_SCHEMA` (with the place), `CREDENTIAL_SHAPE`, `TERM_UNDEFINED`,
 *   `COMPACTION_DIFFERS` (422)
 */
export async function checkPresentationModel(document: JsonObject): Promise<PresentationModel> {
  const version = checkContexts(document);
  const parsed = presentationSchema.safeParse(document);
  if (!parsed.success) throw schemaError('PRESENTATION_SCHEMA', parsed.error);
  // The credentials inside have contexts and checks of their own.
  const { verifiableCredential: credentials, ...envelope } = document;
  await assertReadable(envelope);
  const { holder } = parsed.data;
  return {
    version,
    ...(holder !== undefined && { holder: idOf(holder) }),
    credentials: [credentials ?? []].flat().filter(isJsonObject),
  };
}

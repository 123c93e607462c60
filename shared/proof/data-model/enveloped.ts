import { z } from 'zod';
import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject } from '../../json/parse-json.js';
import { CREDENTIALS_V2_URL } from '../../certificate/context.js';

/** Media types an envelope may hold (VC-JOSE-COSE §3, §6). */
export const ENVELOPE_MEDIA_TYPES = [
  'application/vc+jwt',
  'application/vp+jwt',
  'application/vc+sd-jwt',
  'application/vp+sd-jwt',
  'application/jwt',
  'application/vc+cose',
  'application/vp+cose',
] as const;

/** One of {@link ENVELOPE_MEDIA_TYPES}. */
export type EnvelopeMediaType = (typeof ENVELOPE_MEDIA_TYPES)[number];

/** A secured credential or presentation inside a `data:` URL; nothing about it is verified. */
export interface Envelope {
  kind: 'credential' | 'presentation';
  mediaType: EnvelopeMediaType;
  /** The secured text as it stands in the URL: a compact JWS or SD-JWT; for COSE base64 when `base64` is true. */
  text: string;
  base64: boolean;
}

const NAMES = { EnvelopedVerifiableCredential: 'credential', EnvelopedVerifiablePresentation: 'presentation' } as const;
const context = z.union([
  z.literal(CREDENTIALS_V2_URL),
  z.array(z.unknown()).refine((list) => list[0] === CREDENTIALS_V2_URL),
]);
const envelope = z.strictObject({ '@context': context, id: z.string().max(100_000), type: z.unknown() });

/** Whether a document calls itself an envelope (VC Data Model 2.0 §4.13.1, §4.13.2), whatever else it says. */
export function claimsToBeEnvelope(document: JsonObject): boolean {
  return [document['type']].flat().some((type) => typeof type === 'string' && Object.hasOwn(NAMES, type));
}

/**
 * Reads an enveloped credential or presentation: base context, one type, as text or list, and the secured thing in a `data:` URL of a
 * media type we know.
 * @throws YizhengError `ENVELOPE_FORMAT` (422)
 */
export function readEnvelope(document: unknown): Envelope {
  const parsed = envelope.safeParse(document);
  const types = isJsonObject(document) ? [document['type']].flat() : [];
  const [type] = types;
  const kind =
    types.length === 1 && typeof type === 'string' && type in NAMES ? NAMES[type as keyof typeof NAMES] : undefined;
  const [, media, encoding, text] = parsed.success ? (DATA_URL.exec(parsed.data.id) ?? []) : [];
  const mediaType = ENVELOPE_MEDIA_TYPES.find((known) => known === media);
  if (kind === undefined || mediaType === undefined || text === undefined)
    throw new YizhengError(
      'ENVELOPE_FORMAT',
      'An envelope has the VC 2.0 context, one Enveloped… type and a data: URL with a secured credential or presentation.',
      { at: '/id', status: 422 },
    );
  return { kind, mediaType, text, base64: encoding !== undefined };
}

const DATA_URL = /^data:(application\/[a-z0-9.+-]+)(;base64)?,([A-Za-z0-9._~+/=-]+)$/;

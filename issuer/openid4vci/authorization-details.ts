import { z } from 'zod';
import { parseJson, type JsonObject, type JsonValue } from '../../shared/json/parse-json.js';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import { configurationId, findConfiguration } from './credential-configurations.js';
import type { OfferRow } from './offer-row.js';
import { ProtocolError } from './protocol-error.js';

const LIMITS = { maxBytes: 8192, maxDepth: 5, maxNodes: 60 };

const detailsSchema = z
  .array(z.object({ type: z.literal('openid_credential'), credential_configuration_id: z.string().max(100) }))
  .min(1)
  .max(20);

/**
 * Which of the offered formats a token is asked for (OpenID4VCI 1.0 §5.1.1, §6.1; RFC 9396).
 * @param text the `authorization_details` parameter
 * @throws ProtocolError `invalid_authorization_details`
 */
export function readAuthorizationDetails(text: string): string[] {
  let value: JsonValue;
  try {
    value = parseJson(text, LIMITS);
  } catch (cause) {
    throw invalid('The authorization_details are not JSON.', cause);
  }
  const parsed = detailsSchema.safeParse(value);
  if (!parsed.success) throw invalid('The authorization_details must be objects of type openid_credential.');
  const ids = parsed.data.map(({ credential_configuration_id }) => credential_configuration_id);
  if (new Set(ids).size !== ids.length) throw invalid('The authorization_details name a configuration twice.');
  return ids;
}

/** Formats of configurations that were offered. @throws ProtocolError `invalid_authorization_details` for one that was not */
export function formatsAskedFor(
  ids: readonly string[],
  offer: Pick<OfferRow, 'kind'>,
  offered: readonly CertificateForm[],
): CertificateForm[] {
  return ids.map((id) => {
    const found = findConfiguration(id);
    if (found?.kind.id !== offer.kind || !offered.includes(found.format))
      throw invalid('The authorization_details name a configuration that was not offered.');
    return found.format;
  });
}

/** The `authorization_details` of a token response: what each configuration's one credential is called (§6.2). */
export function grantedDetails(
  offer: Pick<OfferRow, 'id' | 'kind'>,
  formats: readonly CertificateForm[],
): JsonObject[] {
  return formats.map((format) => ({
    type: 'openid_credential',
    credential_configuration_id: configurationId(offer.kind, format),
    credential_identifiers: [credentialIdentifier(offer, format)],
  }));
}

/** What the credential of an offer in a format is called once a token names it. */
export function credentialIdentifier(offer: Pick<OfferRow, 'id' | 'kind'>, format: CertificateForm): string {
  return `${configurationId(offer.kind, format)}.${offer.id}`;
}

function invalid(message: string, cause?: unknown): ProtocolError {
  return new ProtocolError('invalid_authorization_details', 'AUTHORIZATION_DETAILS', message, { cause });
}

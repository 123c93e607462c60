import type { JsonObject } from '../../shared/json/parse-json.js';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import type { Institution } from '../institutions.js';
import type { AccessToken } from './access-token.js';
import { credentialIssuerAddresses } from './addresses.js';
import { credentialIdentifier } from './authorization-details.js';
import { findConfiguration } from './credential-configurations.js';
import { deferCredential, type DeferredResponse } from './deferred-credential.js';
import { handOver, type CredentialResponse, type HandOverTools } from './hand-over.js';
import { checkKeyProofs } from './key-proofs.js';
import { isFreshNonce } from './nonce.js';
import { readFormats, type OfferRow } from './offer-row.js';
import { offeredCertificate } from './offered-certificate.js';
import { denied, ProtocolError } from './protocol-error.js';

/**
 * Answers a Credential Request (OpenID4VCI 1.0 §8): a credential for each key proved, or a transaction to come back with while the
 * certificate waits for approval.
 * @param body the request; unknown members are ignored
 * @throws ProtocolError `invalid_credential_request`, `unknown_credential_configuration`, `unknown_credential_identifier`,
 *   `insufficient_scope` (403), `invalid_encryption_parameters`, `invalid_proof`, `invalid_nonce`, `credential_request_denied`;
 *   YizhengError as `handOver`
 */
export async function answerCredentialRequest(
  body: JsonObject,
  { institution, token }: { institution: Institution; token: AccessToken },
  tools: HandOverTools,
): Promise<{ issued: CredentialResponse } | { deferred: DeferredResponse }> {
  const { effects } = tools;
  const { knex } = effects.database;
  const offer = await knex<OfferRow>('credential_offers').where({ id: token.row.offer }).first();
  if (!offer) throw denied('OFFER_UNKNOWN', 'The offer is not known here.');
  const format = formatAskedFor(body, offer, token);
  if (body['credential_response_encryption'] !== undefined)
    throw new ProtocolError('invalid_encryption_parameters', 'ENCRYPTION', 'Encrypted responses are not supported.');
  const holders = await checkKeyProofs(body, {
    issuer: credentialIssuerAddresses(institution).issuer,
    now: effects.clock(),
    isFreshNonce: (nonce) => isFreshNonce(effects, institution, nonce),
  });
  const found = await offeredCertificate(knex, offer);
  if (found.state === 'denied') throw denied(found.code, found.message);
  if (found.state === 'pending') return { deferred: await deferCredential(effects, { token, format, holders }) };
  return { issued: await handOver({ institution, token, offer, certificate: found.row, format, holders }, tools) };
}

function formatAskedFor(body: JsonObject, offer: OfferRow, { row }: AccessToken): CertificateForm {
  const { credential_configuration_id: configuration, credential_identifier: identifier } = body;
  if ((configuration === undefined) === (identifier === undefined))
    throw malformed('Name the credential by exactly one of credential_configuration_id and credential_identifier.');
  const granted = readFormats(row.formats);
  if (row.by_identifier === 1) {
    if (identifier === undefined) throw malformed('This token names its credentials by credential_identifier.');
    const format = granted.find((known) => credentialIdentifier(offer, known) === identifier);
    if (format) return format;
    throw new ProtocolError(
      'unknown_credential_identifier',
      'CREDENTIAL_IDENTIFIER',
      'The credential_identifier is not one of this token.',
    );
  }
  if (typeof configuration !== 'string')
    throw malformed('This token names its credentials by credential_configuration_id, a string.');
  const found = findConfiguration(configuration);
  if (!found)
    throw new ProtocolError(
      'unknown_credential_configuration',
      'CREDENTIAL_CONFIGURATION',
      'The credential configuration is not known here.',
    );
  if (found.kind.id !== offer.kind || !granted.includes(found.format))
    throw new ProtocolError('insufficient_scope', 'NOT_OFFERED', 'This credential was not offered.', {
      status: 403,
      challenge: 'Bearer error="insufficient_scope"',
    });
  return found.format;
}

function malformed(message: string): ProtocolError {
  return new ProtocolError('invalid_credential_request', 'CREDENTIAL_REQUEST', message);
}

import type { JsonObject } from '../../shared/json/parse-json.js';
import type { CertificateForm } from '../../shared/proof/forms/certificate-form.js';
import type { Institution } from '../institutions.js';
import { credentialIssuerAddresses } from './addresses.js';
import { PRE_AUTHORIZED_CODE } from './authorization-server-metadata.js';
import { configurationId } from './credential-configurations.js';

/** What stands in a Credential Offer. */
export interface OfferFacts {
  kind: string;
  formats: readonly CertificateForm[];
  preAuthorizedCode: string;
  /** Digits of the transaction code; undefined where none is asked for. */
  txCodeLength?: number | undefined;
}

const SCHEME = 'openid-credential-offer://';

/** A Credential Offer (OpenID4VCI 1.0 §4.1.1) with a pre-authorized code. */
export function credentialOffer(institution: Pick<Institution, 'did'>, offer: OfferFacts): JsonObject {
  const { kind, formats, preAuthorizedCode, txCodeLength } = offer;
  return {
    credential_issuer: credentialIssuerAddresses(institution).issuer,
    credential_configuration_ids: formats.map((format) => configurationId(kind, format)),
    grants: {
      [PRE_AUTHORIZED_CODE]: {
        'pre-authorized_code': preAuthorizedCode,
        ...(txCodeLength === undefined
          ? {}
          : {
              tx_code: {
                input_mode: 'numeric',
                length: txCodeLength,
                description: '机构交给您的数字领取码 · The code your institution gave you',
              },
            }),
      },
    },
  };
}

/** Links that hand an offer to a wallet. */
export interface OfferLinks {
  /** By reference: short, for a QR code. */
  uri: string;
  /** By value: works without asking the issuer first. */
  uriByValue: string;
  /** Opens our own web wallet; the offer stands behind `#`, which no server sees. */
  walletLink?: string;
}

/** Writes the links of an offer. */
export function offerLinks(
  institution: Pick<Institution, 'did'>,
  { handle, offer, walletUrl }: { handle: string; offer: JsonObject; walletUrl: string | undefined },
): OfferLinks {
  const reference = `${credentialIssuerAddresses(institution).credentialOffers}/${handle}`;
  const byReference = `credential_offer_uri=${encodeURIComponent(reference)}`;
  return {
    uri: `${SCHEME}?${byReference}`,
    uriByValue: `${SCHEME}?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`,
    ...(walletUrl === undefined ? {} : { walletLink: `${walletUrl.replace(/\/$/, '')}/#${byReference}` }),
  };
}

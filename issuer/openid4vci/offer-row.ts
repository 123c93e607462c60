import { YizhengError } from '../../shared/errors.js';
import { CERTIFICATE_FORMS, type CertificateForm } from '../../shared/proof/forms/certificate-form.js';

/** Life of an offer. `locked` after five wrong transaction codes, `withdrawn` by the institution. */
export type OfferState = 'open' | 'used' | 'locked' | 'withdrawn';

/** An offer as it is stored; of its secrets only hashes. */
export interface OfferRow {
  id: string;
  institution: string;
  /** Of the unguessable part of `credential_offer_uri`. */
  handle_hash: string;
  code_hash: string;
  /** HMAC in custody; null where no transaction code is asked for. */
  tx_code_hash: string | null;
  tx_code_length: number | null;
  /** 1 where whoever made the offer was not told the code: a second person tells it, having checked who asks. */
  code_withheld: number;
  code_told_by: string | null;
  code_told_at: string | null;
  wrong_codes: number;
  /** Credential id, where the certificate was reserved or issued when it was offered. */
  certificate: string | null;
  /** Idempotency key of the certificate that a batch will issue, otherwise. */
  certificate_key: string | null;
  kind: string;
  /** {@link writeFormats} */
  formats: string;
  /** Facts for this holder only, which nobody can open without the code. */
  sealed: string | null;
  state: OfferState;
  /** API key id of who made it. */
  actor: string;
  created_at: string;
  expires_at: string;
  used_at: string | null;
}

/** An access token as it is stored. */
export interface AccessTokenRow {
  token_hash: string;
  institution: string;
  offer: string;
  formats: string;
  /** 1 where credentials are asked for by `credential_identifier`. */
  by_identifier: number;
  /** Thumbprint (RFC 7638) of the key the token is bound to (RFC 9449). */
  dpop_thumbprint: string | null;
  sealed: string | null;
  /** Credentials handed out for it. */
  forms: number;
  expires_at: string;
}

/** Formats as one column. */
export function writeFormats(formats: readonly CertificateForm[]): string {
  return formats.join(' ');
}

/** @throws YizhengError `STORAGE_FAILED` (503) for a column nobody of us wrote */
export function readFormats(column: string): CertificateForm[] {
  return column.split(' ').map((name) => {
    const known = CERTIFICATE_FORMS.find((form) => form === name);
    if (!known) throw new YizhengError('STORAGE_FAILED', 'A stored offer names an unknown format.', { status: 503 });
    return known;
  });
}

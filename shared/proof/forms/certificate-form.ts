/**
 * The forms one certificate is secured in, by their OpenID4VCI format identifiers (OpenID4VCI 1.0 App. A): Data Integrity;
 * VC-JOSE-COSE (our extension of the list); JWT of the VC Data Model 1.1; SD-JWT VC.
 */
export const CERTIFICATE_FORMS = ['ldp_vc', 'vc+jwt', 'jwt_vc_json', 'dc+sd-jwt'] as const;

/** One of {@link CERTIFICATE_FORMS}. */
export type CertificateForm = (typeof CERTIFICATE_FORMS)[number];

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(?:~|$)/;

/** Whether a text is written like a compact JWS or SD-JWT, and not like JSON. Looks at its beginning only; proves nothing. */
export function looksCompact(text: string): boolean {
  return COMPACT.test(text);
}

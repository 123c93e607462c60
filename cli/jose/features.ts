import type { EnvelopeForm } from '../../shared/proof/jose/secure-document.js';
import type { SecuredKind } from '../../shared/proof/jose/secured-document.js';

/** Name of a way to secure a document, as the public vc-jose-cose test suite writes it. */
export type Feature = `${SecuredKind}_${'jose' | 'sdjwt' | 'cose'}`;

/** What each {@link Feature} means. */
export const FEATURES: Readonly<Record<Feature, { form: EnvelopeForm; kind: SecuredKind }>> = {
  credential_jose: { form: 'jwt', kind: 'credential' },
  credential_sdjwt: { form: 'sd-jwt', kind: 'credential' },
  credential_cose: { form: 'cose', kind: 'credential' },
  presentation_jose: { form: 'jwt', kind: 'presentation' },
  presentation_sdjwt: { form: 'sd-jwt', kind: 'presentation' },
  presentation_cose: { form: 'cose', kind: 'presentation' },
};

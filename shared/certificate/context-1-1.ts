import { CERTIFICATE_CONTEXT } from './context.js';

/** Our certificate context for the VC Data Model 1.1, version 1. Bundled, never fetched. */
export const CERTIFICATE_1_1_CONTEXT_URL = 'https://yizheng.example/ns/certificate/vcdm-1.1/v1';
/** The VC Data Model 1.1 context. */
export const CREDENTIALS_V1_URL = 'https://www.w3.org/2018/credentials/v1';

const STATUS = 'https://www.w3.org/ns/credentials/status#';

/**
 * Our context on top of the one of VC 1.1, which knows neither `name` nor status lists: both mean here what they mean in VC 2.0, so
 * the two writings of one certificate say the same. Never changed once published.
 */
export const CERTIFICATE_1_1_CONTEXT = {
  '@context': {
    '@version': 1.1,
    ...CERTIFICATE_CONTEXT['@context'],
    name: 'https://schema.org/name',
    BitstringStatusListEntry: {
      '@id': `${STATUS}BitstringStatusListEntry`,
      '@context': {
        '@protected': true,
        id: '@id',
        type: '@type',
        statusListCredential: { '@id': `${STATUS}statusListCredential`, '@type': '@id' },
        statusListIndex: `${STATUS}statusListIndex`,
        statusPurpose: `${STATUS}statusPurpose`,
      },
    },
  },
} as const;

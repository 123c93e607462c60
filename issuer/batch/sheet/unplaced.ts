import type { CertificateRecord } from '../../../shared/certificate/record.js';

/** Stands in a record for what is decided when it is issued, so that the rest of it can be checked as a whole. */
export const UNPLACED: Pick<CertificateRecord, 'issuer' | 'authority' | 'accreditation' | 'status'> = {
  issuer: { id: 'did:web:issuer.invalid', name: 'issuer' },
  authority: { id: 'did:web:authority.invalid', name: 'authority' },
  accreditation: { id: 'urn:yizheng:accreditation:none' },
  status: { list: 1, index: 0 },
};

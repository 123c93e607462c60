import type { CertificateRecord } from './record.js';

/** What a certificate says of its holder, as far as it was shown: of a selectively disclosed one, name and last four may stay hidden. */
export type ShownHolder = Pick<CertificateRecord['holder'], 'id' | 'identityDocumentType'> &
  Partial<Pick<CertificateRecord['holder'], 'name' | 'identityDocumentLastFour'>>;

/** A certificate as a reader sees it. Everything a trust decision needs is always there. */
export type ShownCertificate = Omit<CertificateRecord, 'holder'> & { holder: ShownHolder };

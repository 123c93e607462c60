/** The issuing service: exam result → number and status index → signed credential → stored → handed out. */
export { createIssuer, type Issuer } from './create-issuer.js';
export { IssuerService } from './service.js';
export type { IssuerEffects, IssuerKeystore } from './effects.js';
export { issuerMigrations } from './migrations.js';
export { examResultSchema, parseExamResult, type ExamResult } from './exam-result.js';
export type { Institution, NewInstitution } from './institutions.js';
export type { IssuedCertificate } from './certificate-row.js';
export type { StatusChange } from './change-status.js';
export { certificateAnswer, type IssuedCertificateAnswer } from './routes/certificate-routes.js';
export {
  closeInstitution,
  eraseInstitution,
  exportInstitution,
  importInstitution,
  reopenInstitution,
  type Arrival,
  type Manifest,
  type Receipt,
} from './moving/index.js';

/** An institution moves to another service with its whole history; see docs/moving.md. */
export { exportInstitution } from './export-institution.js';
export { importInstitution, type Arrival } from './import-institution.js';
export { closeInstitution, eraseInstitution, reopenInstitution } from './letting-go.js';
export type { Manifest, Receipt } from './manifest.js';

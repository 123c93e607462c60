export { CertificatesView } from './CertificatesView.js';

export { AuditView } from './AuditView.js';

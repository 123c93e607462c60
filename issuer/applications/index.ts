/** Applications with exemptions: certificates are presented, what remains is recorded, and the row of a batch follows (DOMAIN M16, M18). */
export { applicationRoutes } from './application-routes.js';
export { Applications } from './applications.js';
export { applicationMigrations } from './migrations.js';
export { settleApplications } from './settle.js';

export { keyCustodyMigrations } from './migrations.js';
export { KeyCeremonies } from './ceremonies.js';
export { KeyCustody } from './key-custody.js';
export { keyCustodyRoutes } from './routes.js';

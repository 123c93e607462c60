/**
 * The common Node part of the services: HTTP border, storage, API keys, audit, idempotency. Services build on it and on
 * nothing of each other.
 *
 * A service is `createApp` + one `defineRoute` for each operation + `listen`; its data are `openDatabase` + `database.write`.
 */
export { addAppPages, APP_SECURITY_POLICY, builtFolder } from './app-pages.js';
export { addConsolePages, type ConsoleService } from './console-pages.js';
export { createApp, type AppOptions, type ServiceApp } from './service-app.js';
export {
  defineRoute,
  requestError,
  MAX_BODY_BYTES,
  type Call,
  type Reply,
  type ResponseDocument,
  type RouteDefinition,
} from './define-route.js';
export { formBody, readForm } from './read-form.js';
export { vcApiBody } from './vc-api-body.js';
export { listen, type Listener } from './listen.js';
export { createLogger, safeError } from './logger.js';
export { openDatabase, type Database, type Migration } from './database.js';
export { copyRows, type CopiedRows } from './copy-rows.js';
export { insertColumns } from './insert-columns.js';
export type { PackedColumn, PackedKeys, PackedTexts, SqlColumn, SqlValue } from './sql-values.js';
export { insertRows, type InsertRow } from './insert-rows.js';
export { isUniqueViolation, storageError } from './storage-error.js';
export {
  appendAudit,
  appendHistory,
  checkAuditClock,
  isWholeEntry,
  readAudit,
  verifyAuditChain,
  type AuditEntry,
  type AuditRow,
  type ForeignEntry,
} from './audit.js';
export { createAuditedApiKey, revokeAuditedApiKey, type ApiKeyEffects } from './audited-api-keys.js';
export { authenticateApiKey, createApiKey, revokeApiKey, type NewApiKey } from './api-keys.js';
export {
  answerIdempotencyKey,
  bindIdempotencyKey,
  claimIdempotencyKey,
  findIdempotencyKey,
  IDEMPOTENCY_HEADER,
  parseIdempotencyKey,
  type IdempotencyState,
} from './idempotency.js';
export { moveOf, refuseMoved, type TenantMove } from './tenant-moves.js';
export { NODE_CRYPTO } from './node-feed-crypto.js';
export { namesOf, personOf, samePerson } from './same-person.js';
export {
  judgeSecondPerson,
  requireSecondPerson,
  type ActOfTwo,
  type SecondPersonCaution,
  type SecondPersonVerdict,
} from './second-person.js';
export { HOST_TENANT, isHostAdmin, ROLES, type Principal, type Role } from './roles.js';
export { toProblem, type Problem } from './problem.js';
export { openApiDocument, problemSchema } from './openapi.js';

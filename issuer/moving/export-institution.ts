import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { Keystore } from '../../keys/keystore.js';
import { appendAudit, moveOf, verifyAuditChain, type TenantMove } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { settleApplications } from '../applications/index.js';
import type { IssuerEffects } from '../effects.js';
import { Institutions, type Institution } from '../institutions.js';
import { keystoreOf } from '../key-custody/do-ceremony.js';
import { requireAtRest } from './at-rest.js';
import { leavingOf, type Leave, type LeavingTools } from './leaving.js';
import { signStatement, statementDigest, type Manifest } from './manifest.js';
import { migrationsOf } from './schema-level.js';
import { MOVED_TABLES, rowsOf, type MovedTable } from './tables.js';
import { writeTableFile, type MovedRow, type WrittenFile } from './table-file.js';

/** Rows read at once. */
const PAGE = 500;

/** File of the keys in an archive, and of what is signed about it. */
export const KEYSTORE_FILE = 'keystore.json';
export const MANIFEST_FILE = 'manifest.jws';

/** The key that seals the file of a table. */
export function fileKey(transfer: Keystore, archive: string, table: string): Promise<Uint8Array> {
  return transfer.hmac('tenant archive', new TextEncoder().encode(JSON.stringify([archive, table])));
}

/**
 * Writes an institution with its whole history into a folder and lets it stand still from then on: nothing of it is changed or looked up here,
 * while everybody still gets its DID document and status lists. The folder opens with the passphrase only. Called again it writes another
 * archive; the last one counts.
 * @param request `folder`: does not exist yet; `passphrase`: for the way, told to the new host apart from the archive; `actor`: who does it
 * @throws YizhengError `NOT_FOUND` (404), `TENANT_MOVED` (410), `TENANT_NOT_AT_REST`, `CUSTODY_ELSEWHERE`, `KEY_NOT_MOVABLE` (409),
 *   `AUDIT_BROKEN` (503: the log here is not whole), `FILE_EXISTS`, `FILE_UNWRITABLE`, `PASSPHRASE_TOO_SHORT`, `STORAGE_*`
 */
export async function exportInstitution(
  effects: IssuerEffects,
  request: { code: string; folder: string; passphrase: string; actor: string },
): Promise<{ manifest: Manifest; sha256: string }> {
  const { code, folder, passphrase, actor } = request;
  const { database, clock, baseUrl, randomBytes } = effects;
  const { knex } = database;
  const keystore = keystoreOf(effects.keystore);
  const institution = await new Institutions(effects).get(code);
  const kid = await auditKey(keystore, institution, clock());
  await newFolder(folder);
  const transfer = await Keystore.create(join(folder, KEYSTORE_FILE), passphrase, { now: clock() })
    .then(async (made) => {
      await made.adoptKeys(institution.did, keystore);
      await settleApplications(effects, code);
      await standStill(effects, institution, actor);
      return made;
    })
    .catch(async (error: unknown) => {
      await rm(folder, { recursive: true });
      throw error;
    });
  // Once more: a key may have been changed before everything stood still.
  await transfer.adoptKeys(institution.did, keystore);
  const audit = await wholeLog(knex);
  const id = `mv_${Buffer.from(randomBytes(12)).toString('hex')}`;
  const tables: Manifest['tables'] = [];
  const tools = { knex, code, keystore: effects.keystore, transfer, from: baseUrl, randomBytes };
  for (const table of MOVED_TABLES) {
    const written = await writeTable(table, { ...tools, folder, archive: id });
    tables.push({ name: table.name, ...written });
  }
  const { did, name, authority } = institution;
  const manifest: Manifest = {
    type: 'YizhengTenantArchive',
    version: 1,
    id,
    institution: { code, did, name, authority },
    from: baseUrl,
    createdAt: clock().toISOString(),
    migrations: await migrationsOf(knex),
    tables,
    keystore: {
      sha256: createHash('sha256')
        .update(await readFile(join(folder, KEYSTORE_FILE)))
        .digest('hex'),
    },
    audit,
  };
  const jws = await signStatement(keystore, manifest, kid);
  const sha256 = statementDigest(jws);
  await database.write(async (transaction) => {
    const changed = await transaction<TenantMove>('tenant_moves')
      .where({ tenant: code, state: 'moving' })
      .update({ archive: id, manifest_sha256: sha256 });
    if (changed === 0) throw notMoving();
    const detail = { archive: id, manifest: sha256 };
    await appendAudit(transaction, { tenant: code, actor, action: 'tenant.export', subject: did, detail }, clock());
  });
  await writeFile(join(folder, MANIFEST_FILE), `${jws}\n`, { flag: 'wx', mode: 0o600 });
  return { manifest, sha256 };
}

/** An institution that is not, or no longer, being moved. */
export function notMoving(): YizhengError {
  return new YizhengError('TENANT_NOT_MOVING', 'This institution is not being moved.', { status: 409 });
}

async function standStill(effects: IssuerEffects, { code, did }: Institution, actor: string): Promise<void> {
  await effects.database.write(async (transaction) => {
    const now = effects.clock();
    const move = await moveOf(transaction, code);
    if (move?.state === 'moved')
      throw new YizhengError('TENANT_MOVED', 'This institution is not here any more.', { status: 410 });
    if (move) return;
    await requireAtRest(transaction, code, now);
    await appendAudit(transaction, { tenant: code, actor, action: 'tenant.freeze', subject: did }, now);
    await transaction<TenantMove>('tenant_moves').insert({
      tenant: code,
      state: 'moving',
      archive: null,
      manifest_sha256: null,
      address: null,
      since: now.toISOString(),
    });
  });
}

async function wholeLog(knex: Knex): Promise<Manifest['audit']> {
  const { brokenAt, entries } = await verifyAuditChain(knex);
  if (brokenAt !== undefined)
    throw new YizhengError('AUDIT_BROKEN', `The audit log is not whole from entry ${brokenAt} on.`, { status: 503 });
  // Others write on meanwhile: the head named is of an entry that was checked.
  const row = await knex<{ sequence: number; hash: string }>('audit_log').where({ sequence: entries }).first('hash');
  return { entries, sequence: entries, hash: row?.hash ?? '0'.repeat(64) };
}

async function auditKey(keystore: Keystore, { did }: Institution, now: Date): Promise<string> {
  await keystore.refresh();
  const held = keystore.list({ controller: did, purpose: 'audit', state: 'active' })[0];
  return (held ?? (await keystore.createKey({ controller: did, purpose: 'audit', now }))).id;
}

async function newFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new YizhengError('FILE_EXISTS', `${folder} exists and is not overwritten.`, { at: folder, cause });
    throw new YizhengError('FILE_UNWRITABLE', `${folder} cannot be made.`, { at: folder, cause });
  }
}

async function writeTable(
  table: MovedTable,
  { folder, archive, ...tools }: LeavingTools & { folder: string; archive: string },
): Promise<WrittenFile> {
  const leave = await leavingOf(table.name, tools);
  const key = await fileKey(tools.transfer, archive, table.name);
  return writeTableFile(join(folder, `${table.name}.rows`), key, pagesOf(table, tools, leave));
}

async function* pagesOf(table: MovedTable, { knex, code }: LeavingTools, leave: Leave): AsyncGenerator<MovedRow[]> {
  const places = `(${table.key.map(() => '??').join(', ')}) > (${table.key.map(() => '?').join(', ')})`;
  for (let last: MovedRow | undefined; ;) {
    const query = rowsOf(knex, table, code);
    if (last !== undefined) {
      const after = last;
      void query.whereRaw(places, [...table.key, ...table.key.map((column) => after[column] as string | number)]);
    }
    const rows = (await query.orderBy([...table.key]).limit(PAGE)) as MovedRow[];
    yield await leave(rows);
    if (rows.length < PAGE) return;
    last = rows.at(-1);
  }
}

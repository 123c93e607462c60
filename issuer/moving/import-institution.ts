import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { Keystore } from '../../keys/keystore.js';
import { appendAudit, isUniqueViolation, moveOf, type AuditRow } from '../../server/index.js';
import { didWebUrl } from '../../shared/did/did-web-url.js';
import { YizhengError } from '../../shared/errors.js';
import type { IssuerEffects } from '../effects.js';
import { keystoreOf } from '../key-custody/do-ceremony.js';
import { arrive, type ArrivingTools } from './arriving.js';
import { fileKey, KEYSTORE_FILE, MANIFEST_FILE } from './export-institution.js';
import {
  manifestSchema,
  readStatement,
  signStatement,
  statementDigest,
  type Manifest,
  type Receipt,
} from './manifest.js';
import { requireSameSchema } from './schema-level.js';
import { MOVED_TABLES } from './tables.js';
import { checkFile, readTableFile } from './table-file.js';

/** An institution that arrived. */
export interface Arrival {
  manifest: Manifest;
  /** To be given to the old host: compact JWS over {@link Receipt}. */
  receipt: string;
  /** SHA-256 of the signed manifest, hex: what both sides may compare by word of mouth. */
  sha256: string;
  /** It was here before, from this very archive. */
  again: boolean;
  /** Where everybody looks for it: its did:web leads there, wherever it is served. */
  address: string;
}

const LONGEST_MANIFEST = 1024 * 1024;

/**
 * Takes in an institution from an archive, all or nothing: everything is checked first, then stored in one transaction together with the entry
 * that says so. Begun again after a crash it does the same; an archive that was taken in gives its receipt again.
 * Other institutions of this host wait with their writes meanwhile.
 * @throws YizhengError `ARCHIVE_UNREADABLE`, `ARCHIVE_TAMPERED`, `KEYSTORE_PASSPHRASE_WRONG`, `KEYSTORE_TAMPERED`; `ARCHIVE_SCHEMA`,
 *   `ARCHIVE_AUTHORITY`, `TENANT_EXISTS`, `KEY_ID_TAKEN`, `CUSTODY_ELSEWHERE` (409); `ARCHIVE_FOREIGN` (422); `STORAGE_*` (503)
 */
export async function importInstitution(
  effects: IssuerEffects,
  { folder, passphrase, actor }: { folder: string; passphrase: string; actor: string },
): Promise<Arrival> {
  const { database, baseUrl } = effects;
  const keystore = keystoreOf(effects.keystore);
  const jws = await readManifest(folder);
  const transfer = await Keystore.open(join(folder, KEYSTORE_FILE), passphrase);
  const manifest = await readStatement(transfer, jws, manifestSchema);
  const manifestSha256 = statementDigest(jws);
  const { code, did } = manifest.institution;
  const address = didWebUrl(did);
  if (!address.endsWith(`/institutions/${code}`)) throw notIts();
  await requireSameSchema(database.knex, manifest.migrations);
  await checkFiles(folder, manifest);
  const { entry, again } = await database.write(async (transaction) => {
    const before = await arrivedBefore(transaction, manifest, manifestSha256);
    if (before) return { entry: before, again: true };
    await requireAbsent(transaction, manifest);
    await takeIn(transaction, { effects, folder, manifest, transfer });
    const entry = await appendAudit(
      transaction,
      {
        tenant: code,
        actor,
        action: 'tenant.import',
        subject: did,
        detail: {
          archive: manifest.id,
          manifest: manifestSha256,
          from: manifest.from,
          to: baseUrl,
          log: manifest.audit,
        },
      },
      effects.clock(),
    );
    // Last, and before the commit: keys without rows are found again and replaced, rows without keys would be of no use.
    await keystore.adoptKeys(did, transfer);
    return { entry, again: false };
  });
  const statement: Receipt = {
    type: 'YizhengTenantReceipt',
    archive: manifest.id,
    manifestSha256,
    institution: manifest.institution,
    at: baseUrl,
    importedAt: entry.at,
    certificates: manifest.tables.find(({ name }) => name === 'certificates')?.rows ?? 0,
    audit: { sequence: entry.sequence, hash: entry.hash },
  };
  const kid = keystore.activeKey(did, 'audit').id;
  return { manifest, receipt: await signStatement(keystore, statement, kid), again, address, sha256: manifestSha256 };
}

async function readManifest(folder: string): Promise<string> {
  const file = join(folder, MANIFEST_FILE);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new YizhengError('ARCHIVE_UNREADABLE', `${file} cannot be read; was the archive written to its end?`, {
      at: file,
      cause,
    });
  });
  if (text.length > LONGEST_MANIFEST) throw notIts();
  return text;
}

async function checkFiles(folder: string, { tables, keystore }: Manifest): Promise<void> {
  const names = tables.map(({ name }) => name);
  if (names.join() !== MOVED_TABLES.map(({ name }) => name).join()) throw notIts();
  await checkFile(join(folder, KEYSTORE_FILE), keystore);
  for (const { name, ...expected } of tables) await checkFile(join(folder, `${name}.rows`), expected);
}

async function arrivedBefore(
  knex: Knex,
  { id, institution: { code } }: Manifest,
  manifest: string,
): Promise<Pick<AuditRow, 'at' | 'sequence' | 'hash'> | undefined> {
  const rows: { at: string; sequence: number; hash: string; detail: string }[] = await knex('audit_log')
    .where({ tenant: code, action: 'tenant.import' })
    .orderBy('sequence', 'desc')
    .limit(1)
    .select('at', 'sequence', 'hash', 'detail');
  const [row] = rows;
  if (!row || (await moveOf(knex, code))) return undefined;
  const detail = JSON.parse(row.detail) as { archive?: string; manifest?: string };
  return detail.archive === id && detail.manifest === manifest ? row : undefined;
}

/** One that was here before and moved away may come back once nothing of it lies here any more. */
async function requireAbsent(transaction: Knex.Transaction, { institution: { code, did } }: Manifest): Promise<void> {
  const known: unknown = await transaction('institutions').where({ code }).orWhere({ did }).first('code');
  if (known !== undefined)
    throw new YizhengError('TENANT_EXISTS', 'An institution with this code is here already.', {
      status: 409,
      at: code,
    });
  await transaction('tenant_moves').where({ tenant: code, state: 'moved' }).delete();
}

async function takeIn(
  transaction: Knex.Transaction,
  {
    effects,
    folder,
    manifest,
    transfer,
  }: {
    effects: IssuerEffects;
    folder: string;
    manifest: Manifest;
    transfer: Keystore;
  },
): Promise<void> {
  const { code, did, authority } = manifest.institution;
  const { keystore, randomBytes } = effects;
  const tools: ArrivingTools = {
    transaction,
    code,
    did,
    authority,
    keystore,
    transfer,
    randomBytes,
    cells: new Map(),
    credentials: new Set(),
  };
  try {
    for (const table of MOVED_TABLES) {
      const { rows = 0, bytes = 0 } = manifest.tables.find(({ name }) => name === table.name) ?? {};
      const key = await fileKey(transfer, manifest.id, table.name);
      let seen = 0;
      for await (const page of readTableFile(join(folder, `${table.name}.rows`), key, { bytes })) {
        seen += page.length;
        await arrive(table, page, tools);
      }
      if (seen !== rows) throw notIts();
    }
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new YizhengError('ARCHIVE_FOREIGN', 'Something in the archive has an id that is taken here.', {
      status: 422,
      cause: error,
    });
  }
  const row = await transaction('institutions')
    .where({ code })
    .first<{ did: string; authority: string } | undefined>('did', 'authority');
  if (row?.did !== did || row.authority !== authority) throw notIts();
}

function notIts(): YizhengError {
  return new YizhengError('ARCHIVE_TAMPERED', 'What the archive says about itself does not fit together.');
}

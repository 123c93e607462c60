import type { Knex } from 'knex';
import type { Keystore } from '../../keys/keystore.js';
import { appendHistory, insertRows, isWholeEntry, type ForeignEntry, type InsertRow } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import { openEvidence, sealEvidence } from '../applications/sealed-evidence.js';
import { NumberSeal } from '../assessment-sessions/number-seal.js';
import { recordOfRow } from '../certificate-row.js';
import type { IssuerKeystore } from '../effects.js';
import type { CertificateDraft } from '../exam-result.js';
import { holderKeyOf, resultKeys } from '../result-keys.js';
import { idsOfCells, type NewCell } from '../supervision/certificate-cells.js';
import { COUNTS } from '../supervision/keep-counts.js';
import { arriveAccounts, arriveMakers } from './arriving-people.js';
import { MADE_ANEW } from './leaving.js';
import type { MovedTable } from './tables.js';
import { textOf, type MovedRow } from './table-file.js';

/** What rows are taken in with, for one institution. */
export interface ArrivingTools {
  transaction: Knex.Transaction;
  code: string;
  did: string;
  authority: string;
  keystore: IssuerKeystore;
  transfer: Keystore;
  randomBytes: (length: number) => Uint8Array;
  /** Cells by the id they had. */
  cells: Map<number, number>;
  /** API keys of this archive and accounts nobody knew here: whose makers it may name. */
  credentials: Set<string>;
}

/** Rows inserted at once where values are bytes. */
const BYTES_PAGE = 50;

/**
 * Takes in one page of a table. Nothing of it is believed: columns are those of the table, and every row is of this institution.
 * @throws YizhengError `ARCHIVE_FOREIGN` (422), `ARCHIVE_TAMPERED`, `TENANT_EXISTS` (409)
 */
export async function arrive(table: MovedTable, rows: readonly MovedRow[], tools: ArrivingTools): Promise<void> {
  if (rows.length === 0) return;
  const { transaction } = tools;
  await requireOwn(table, rows, tools);
  switch (table.name) {
    case 'authorities':
      return arriveAuthority(rows, tools);
    case 'certificate_cells':
      return arriveCells(rows, tools);
    case 'accounts':
      return arriveAccounts(rows, tools);
    case 'credential_makers':
      return arriveMakers(rows, tools);
    case 'audit_log':
      return arriveHistory(rows, tools);
    case 'status_lists':
      await requireColumns(transaction, table.name, rows);
      for (let start = 0; start < rows.length; start += BYTES_PAGE)
        await transaction(table.name).insert(rows.slice(start, start + BYTES_PAGE));
      return;
    default: {
      await requireColumns(transaction, table.name, rows);
      if (table.name === 'api_keys') for (const row of rows) tools.credentials.add(textOf(row, 'id'));
      await insertRows(transaction, table.name, (await madeAnew(table.name, rows, tools)) as InsertRow[]);
    }
  }
}

async function madeAnew(table: string, rows: readonly MovedRow[], tools: ArrivingTools): Promise<readonly MovedRow[]> {
  if (table === 'certificates') {
    // Texts come whole: a skeleton it names would be of this host.
    const whole = rows.map((row) => ({ ...row, own_texts: null, skeleton: null }));
    const keys = await keysOf(whole, tools, (row) =>
      recordOfRow({ ...row, skeleton_text: null } as unknown as Parameters<typeof recordOfRow>[0]),
    );
    return whole.map((row, i) => ({ ...row, cell: cellOf(row, tools), result_key: keys[i] ?? null }));
  }
  if (table === 'batch_rows') {
    const keys = await keysOf(rows, tools, (row) => JSON.parse(textOf(row, 'draft')) as CertificateDraft);
    return rows.map((row, i) => ({ ...row, result_key: keys[i] ?? null }));
  }
  if (table === 'assessment_candidates') return each(rows, (row) => arriveCandidate(row, tools));
  if (table === 'application_evidence') return each(rows, (row) => arriveEvidence(row, tools));
  return rows;
}

async function each(rows: readonly MovedRow[], make: (row: MovedRow) => Promise<MovedRow>): Promise<MovedRow[]> {
  const made: MovedRow[] = [];
  for (const row of rows) made.push(await make(row));
  return made;
}

/** HMACs of results, made with the secret of this host, where the old one had them. */
async function keysOf(
  rows: readonly MovedRow[],
  { keystore }: ArrivingTools,
  draftOf: (row: MovedRow) => CertificateDraft,
): Promise<(string | null)[]> {
  const known = rows.filter((row) => row['result_key'] === MADE_ANEW);
  const keys = await resultKeys(
    keystore,
    known.map((row) => ({ draft: draftOf(row) })),
  );
  let next = 0;
  return rows.map((row) => (row['result_key'] === MADE_ANEW ? (keys[next++]?.resultKey ?? null) : null));
}

function cellOf({ cell }: MovedRow, { cells }: ArrivingTools): number | null {
  return typeof cell === 'number' ? (cells.get(cell) ?? null) : null;
}

async function arriveCells(rows: readonly MovedRow[], { transaction, cells, code }: ArrivingTools): Promise<void> {
  const counts = new Set<string>(COUNTS);
  const fresh = rows.map(
    ({ id: _, ...row }) =>
      // The database counts by itself when the certificates come.
      Object.fromEntries(Object.entries(row).filter(([column]) => !counts.has(column))) as unknown as NewCell,
  );
  await requireColumns(transaction, 'certificate_cells', rows);
  const keys = rows.map((row) => textOf(row, 'key'));
  const others: unknown = await transaction('certificate_cells')
    .whereIn('key', keys)
    .whereNot({ institution: code })
    .first('id');
  if (others !== undefined)
    throw new YizhengError('ARCHIVE_FOREIGN', 'The archive would count in the cells of another institution.', {
      status: 422,
    });
  const ids = await idsOfCells(transaction, fresh);
  for (const row of rows) cells.set(Number(row['id']), ids.get(textOf(row, 'key')) ?? 0);
}

async function arriveCandidate(row: MovedRow, tools: ArrivingTools): Promise<MovedRow> {
  const { keystore, transfer, randomBytes, code } = tools;
  const { sealed_number: sealed } = row;
  const candidate = textOf(row, 'candidate');
  // Nobody is found by it any more, and no two candidates of a session may share it.
  if (typeof sealed !== 'string') return { ...row, holder_key: `moved ${candidate}` };
  const place = { institution: code, id: textOf(row, 'session') };
  const idNumber = (await NumberSeal.of({ keystore: transfer, randomBytes }, place)).open(sealed, candidate);
  const holderKey = await holderKeyOf(keystore, { idNumber, idType: textOf(row, 'id_type') });
  const seal = await NumberSeal.of({ keystore, randomBytes }, place);
  return { ...row, holder_key: holderKey, sealed_number: seal.seal(idNumber, holderKey) };
}

async function arriveEvidence(row: MovedRow, { keystore, transfer, randomBytes }: ArrivingTools): Promise<MovedRow> {
  const { sealed } = row;
  const id = textOf(row, 'id');
  if (typeof sealed !== 'string') return row;
  const text = await openEvidence(sealed, id, { keystore: transfer });
  return { ...row, sealed: await sealEvidence(text, id, { keystore, randomBytes }) };
}

/** What this host holds of an authority stays as it is; of one it does not know, what the old host held is taken over. */
async function arriveAuthority(rows: readonly MovedRow[], { transaction, authority }: ArrivingTools): Promise<void> {
  await requireColumns(transaction, 'authorities', rows);
  const [row] = rows;
  const known = await transaction<{ did: string; root_pin: string | null }>('authorities')
    .where({ did: authority })
    .first('root_pin');
  if (known && row && known.root_pin !== row['root_pin'])
    throw new YizhengError(
      'ARCHIVE_AUTHORITY',
      'This host relies on another root of the authority; settle that first.',
      {
        status: 409,
        at: authority,
      },
    );
  if (!known) await transaction('authorities').insert(rows);
}

async function arriveHistory(rows: readonly MovedRow[], { transaction }: ArrivingTools): Promise<void> {
  const read = rows.map(readEntry);
  const sequences = read.flatMap(({ origins }) => origins.map(({ origin_sequence }) => origin_sequence));
  const stored: { hash: string }[] = await transaction('audit_log').whereIn('sequence', sequences).select('hash');
  const held = new Set(stored.map(({ hash }) => hash));
  // Of an institution that comes back, the log holds what was done before it left.
  const entries = read.filter(({ origins }) => !origins.some(({ origin_hash }) => held.has(origin_hash)));
  const here = await appendHistory(
    transaction,
    entries.map(({ entry }) => entry),
  );
  const origins = here.flatMap(({ sequence }, i) =>
    (entries[i]?.origins ?? []).map((origin): InsertRow => ({ sequence, ...origin })),
  );
  await insertRows(transaction, 'audit_origins', origins);
}

interface Origin {
  origin: string;
  origin_sequence: number;
  origin_previous_hash: string;
  origin_hash: string;
}

/** @throws YizhengError `ARCHIVE_TAMPERED` when an entry has another hash than it had in a log it stood in */
function readEntry(row: MovedRow): { entry: ForeignEntry; origins: Origin[] } {
  const { at, tenant, actor, action, subject, detail } = row as Record<string, string>;
  const entry = {
    at,
    tenant,
    actor,
    action,
    subject,
    detail: JSON.parse(detail ?? '{}') as JsonObject,
  } as ForeignEntry;
  const origins = (Array.isArray(row['origins']) ? row['origins'] : []) as Origin[];
  if (origins.length === 0)
    throw new YizhengError('ARCHIVE_TAMPERED', 'An entry of the audit log does not say where it stood.');
  for (const { origin_sequence: sequence, origin_previous_hash: previousHash, origin_hash: hash } of origins)
    if (!isWholeEntry({ ...entry, sequence, previousHash, hash }))
      throw new YizhengError('ARCHIVE_TAMPERED', `Entry ${sequence} of the audit log was changed.`);
  return { entry, origins };
}

async function requireColumns(knex: Knex, table: string, rows: readonly MovedRow[]): Promise<void> {
  const columns = Object.keys(await knex(table).columnInfo());
  for (const row of rows)
    if (Object.keys(row).length !== columns.length || !columns.every((column) => column in row))
      throw new YizhengError('ARCHIVE_FOREIGN', `Rows of ${table} have other columns than the table.`, { status: 422 });
}

/** Everything in an archive is of its institution, or whoever writes one could write into another tenant. */
async function requireOwn(
  { name, column, parent }: MovedTable,
  rows: readonly MovedRow[],
  { transaction, code, authority }: ArrivingTools,
): Promise<void> {
  const foreign = (): YizhengError =>
    new YizhengError('ARCHIVE_FOREIGN', `The archive holds rows of ${name} that are not this institution's.`, {
      status: 422,
    });
  if (parent !== undefined) {
    const ids = [...new Set(rows.map((row) => textOf(row, column)))];
    const own: { id: string }[] = await transaction(parent)
      .where({ institution: code })
      .whereIn('id', ids)
      .select('id');
    if (own.length !== ids.length) throw foreign();
  } else if (name !== 'accounts' && name !== 'credential_makers') {
    const expected = name === 'authorities' ? authority : code;
    if (!rows.every((row) => row[column] === expected)) throw foreign();
  }
}

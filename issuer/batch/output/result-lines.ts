import type { Knex } from 'knex';
import { CREDENTIAL_COLUMNS, withSkeletons, type CertificateRow, type CredentialTexts } from '../../certificate-row.js';
import type { Batches } from '../batches.js';
import type { StoredBatch, StoredChunk, StoredRow } from '../batch-tables.js';
import type { ChangeOperation, ResultRow } from '../sheet/index.js';
import { holderName } from '../result-rows.js';
import type { BatchResultRow, CellProblem } from '../types.js';
import type { RowRange } from './batch-certificates.js';

const PAGE = 500;

/** What the lines are made from. */
export interface ResultSource extends RowRange {
  batches: Pick<Batches, 'rows' | 'problems'>;
  knex: Knex;
  institution: string;
  batch: string;
}

/** Lines of the result sheet: each row with its certificate or what was wrong with it; memory holds some hundred. */
export async function* resultLines(source: ResultSource): AsyncGenerator<ResultRow> {
  const { from = 0, to = Infinity } = source;
  const problems = allProblems(source);
  let next = await problems.next();
  const operation = await statusOperation(source);
  for await (const page of rowPages(source, from)) {
    const texts = operation === undefined ? await qrTexts(source.knex, page) : new Map<string, string>();
    const changes = operation === undefined ? undefined : await changesOf(source, operation, page);
    for (const row of page) {
      if (row.row > to) return;
      const own: CellProblem[] = [];
      for (; next.done !== true && next.value.row <= row.row; next = await problems.next())
        if (next.value.row === row.row) own.push(next.value);
      yield { ...lineOf(row, own, texts), ...changes?.get(row.row) };
    }
  }
}

/** Every wrong cell of a batch, in the order of its rows. */
export async function* allProblems({
  batches,
  institution,
  batch,
}: Pick<ResultSource, 'batches' | 'institution' | 'batch'>): AsyncGenerator<CellProblem> {
  for (let after = 0; ;) {
    const page = await batches.problems(institution, batch, { after, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.sequence;
  }
}

async function* rowPages(
  { batches, institution, batch }: ResultSource,
  from: number,
): AsyncGenerator<BatchResultRow[]> {
  for (let after = Math.max(0, from - 1); ;) {
    const page = await batches.rows(institution, batch, { after, limit: PAGE });
    const last = page.at(-1);
    if (!last) return;
    yield page;
    if (page.length < PAGE) return;
    after = last.row;
  }
}

/** What a batch does to certificates that exist; undefined where it issues them. */
async function statusOperation({ knex, batch }: ResultSource): Promise<ChangeOperation | undefined> {
  const found = await knex<StoredBatch>('batches').where({ id: batch }).first('operation');
  return found === undefined || found.operation === 'issue' || found.operation === 'correct'
    ? undefined
    : found.operation;
}

type Changed = Required<Pick<ResultRow, 'change'>> & Pick<ResultRow, 'name' | 'certificateNumber'>;

/** Certificate, reason and time of each row of a page, by its number. */
async function changesOf(
  { knex, batch }: ResultSource,
  operation: ChangeOperation,
  page: readonly BatchResultRow[],
): Promise<ReadonlyMap<number, Changed>> {
  const between: [number, number] = [page[0]?.row ?? 0, page.at(-1)?.row ?? 0];
  const rows = await withSkeletons(knex('batch_rows').join('certificates', 'certificates.id', 'batch_rows.certificate'))
    .where({ 'batch_rows.batch': batch })
    .whereBetween('batch_rows.row', between)
    .select<(Pick<StoredRow, 'row' | 'reason'> & Pick<CertificateRow, 'number'> & CredentialTexts)[]>(
      'batch_rows.row',
      'batch_rows.reason',
      'certificates.number',
      ...CREDENTIAL_COLUMNS,
    );
  const chunks = await knex<StoredChunk>('batch_chunks')
    .where({ batch, state: 'done' })
    .where('last_row', '>=', between[0])
    .where('first_row', '<=', between[1])
    .select('first_row', 'last_row', 'done_at');
  const known = new Map(
    rows.map(({ row, reason, number, ...text }) => {
      const at = chunks.find(({ first_row, last_row }) => first_row <= row && row <= last_row)?.done_at;
      const change = { operation, ...(reason === null ? {} : { reason }), ...(at == null ? {} : { at }) };
      return [row, { change, certificateNumber: number, name: holderName(text) }] as const;
    }),
  );
  return new Map(page.map(({ row }) => [row, known.get(row) ?? { change: { operation } }]));
}

async function qrTexts(knex: Knex, page: readonly BatchResultRow[]): Promise<ReadonlyMap<string, string>> {
  const ids = page.flatMap(({ certificate }) => certificate?.id ?? []);
  const rows = await knex<CertificateRow>('certificates').whereIn('id', ids).select('id', 'qr');
  return new Map(rows.flatMap(({ id, qr }) => (qr === null ? [] : [[id, qr] as const])));
}

function lineOf(
  { row, state, certificate, code }: BatchResultRow,
  wrong: readonly CellProblem[],
  texts: ReadonlyMap<string, string>,
): ResultRow {
  const problems = code === undefined ? wrong : [...wrong, { row, code, parameters: {} }];
  const qrText = certificate && texts.get(certificate.id);
  return {
    row,
    state,
    ...(certificate && { name: certificate.name, certificateNumber: certificate.number }),
    ...(problems.length === 0 ? {} : { problems }),
    ...(qrText === undefined ? {} : { qrText }),
  };
}

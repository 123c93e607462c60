import type { Knex } from 'knex';
import type { CertificateRow } from '../../certificate-row.js';
import type { Batches } from '../batches.js';
import type { ResultRow } from '../sheet/index.js';
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
  for await (const page of rowPages(source, from)) {
    const texts = await qrTexts(source.knex, page);
    for (const row of page) {
      if (row.row > to) return;
      const own: CellProblem[] = [];
      for (; next.done !== true && next.value.row <= row.row; next = await problems.next())
        if (next.value.row === row.row) own.push(next.value);
      yield lineOf(row, own, texts);
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

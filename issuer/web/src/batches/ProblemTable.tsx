import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { usePages } from '../api/use-pages.js';
import { useText } from '../i18n/index.js';
import { DataTable } from '../parts/index.js';
import { problemsSchema } from './schemas.js';

/** Wrong cells: where, what stands there, what to write instead. */
export function ProblemTable({ path, wrong }: { path: string; wrong: number }) {
  const { say, tag } = useText();
  const pages = usePages(
    async (after, signal) => {
      const query = `limit=100&lang=${tag}${after === undefined ? '' : `&after=${after}`}`;
      const { problems, next } = await call(`${path}/problems?${query}`, problemsSchema, { signal });
      return { rows: problems, next };
    },
    [path, tag],
  );
  return (
    <div class="stack">
      <h2>{say('problems.title', { wrong })}</h2>
      <p>
        {say('problems.sheet')}{' '}
        {(['xlsx', 'csv'] as const).map((format) => (
          <a key={format} class="format-link" href={`.${path}/problems.${format}?lang=${tag}`} download>
            {format.toUpperCase()}
          </a>
        ))}
      </p>
      <Problem error={pages.error} />
      <DataTable
        label={say('problems.title', { wrong })}
        rows={pages.rows}
        rowKey={({ row, letter, text }) => `${row} ${letter ?? ''} ${text}`}
        pages={pages}
        columns={[
          {
            key: 'cell',
            header: say('problems.cell'),
            isRowHeader: true,
            cell: ({ row, letter }) => (row === 0 ? say('problems.whole') : `${letter ?? ''}${row}`),
          },
          { key: 'column', header: say('problems.column'), cell: ({ header }) => header },
          {
            key: 'value',
            header: say('problems.value'),
            cell: ({ value }) => <span class="cell-value">{value}</span>,
          },
          { key: 'what', header: say('problems.what'), cell: ({ text }) => text },
        ]}
      />
    </div>
  );
}

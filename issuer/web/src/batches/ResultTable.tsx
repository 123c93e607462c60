import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { usePages } from '../api/use-pages.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { DataTable } from '../parts/index.js';
import { resultsSchema } from './schemas.js';

/** What became of each row. */
export function ResultTable({ path }: { path: string }) {
  const { say } = useText();
  const pages = usePages(
    (after, signal) =>
      call(`${path}/rows?limit=100${after === undefined ? '' : `&after=${after}`}`, resultsSchema, { signal }),
    [path],
  );
  return (
    <div class="stack">
      <h2>{say('results.title')}</h2>
      <Problem error={pages.error} />
      <DataTable
        label={say('results.title')}
        rows={pages.rows}
        rowKey={({ row, certificate }) => `${row} ${certificate?.id ?? ''}`}
        pages={pages}
        columns={[
          { key: 'row', header: say('ready.row'), isRowHeader: true, cell: ({ row }) => (row === 0 ? '—' : row) },
          {
            key: 'state',
            header: say('batches.state'),
            cell: ({ state, code }) => (
              <>
                {say(`row.${state}`)} <span class="soft">{code}</span>
              </>
            ),
          },
          {
            key: 'certificate',
            header: say('results.certificate'),
            cell: ({ certificate }) =>
              certificate && <a href={routeHref('certificates', certificate.number)}>{certificate.number}</a>,
          },
          { key: 'name', header: say('people.name'), cell: ({ certificate }) => certificate?.name },
        ]}
      />
    </div>
  );
}

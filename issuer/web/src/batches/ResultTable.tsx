import { call } from '../api/call.js';
import { MoreButton } from '../api/MoreButton.js';
import { Problem } from '../api/Problem.js';
import { usePages } from '../api/use-pages.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
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
      <div class="table-scroll" tabIndex={0} role="region" aria-label={say('results.title')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('ready.row')}</th>
              <th scope="col">{say('batches.state')}</th>
              <th scope="col">{say('results.certificate')}</th>
              <th scope="col">{say('people.name')}</th>
            </tr>
          </thead>
          <tbody>
            {pages.rows.map(({ row, state, certificate, code }) => (
              <tr key={row}>
                <th scope="row">{row === 0 ? '—' : row}</th>
                <td>
                  {say(`row.${state}`)} <span class="soft">{code}</span>
                </td>
                <td>
                  {certificate && <a href={routeHref('certificates', certificate.number)}>{certificate.number}</a>}
                </td>
                <td>{certificate?.name}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <MoreButton pages={pages} />
    </div>
  );
}

import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { usePages } from '../api/use-pages.js';
import { MoreButton } from '../api/MoreButton.js';
import { useText } from '../i18n/index.js';
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
      <div class="table-scroll" tabIndex={0} role="region" aria-label={say('problems.title', { wrong })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('problems.cell')}</th>
              <th scope="col">{say('problems.column')}</th>
              <th scope="col">{say('problems.value')}</th>
              <th scope="col">{say('problems.what')}</th>
            </tr>
          </thead>
          <tbody>
            {pages.rows.map(({ row, letter, header, value, text }, at) => (
              <tr key={at}>
                <th scope="row">{row === 0 ? say('problems.whole') : `${letter ?? ''}${row}`}</th>
                <td>{header}</td>
                <td class="cell-value">{value}</td>
                <td>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <MoreButton pages={pages} />
    </div>
  );
}

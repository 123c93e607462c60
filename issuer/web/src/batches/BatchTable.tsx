import { timeText } from '../../../../ui/i18n/format.js';
import { routeHref } from '../app/routes.js';
import { useNames } from '../api/use-names.js';
import { useText } from '../i18n/index.js';
import type { Batch } from './schemas.js';

/** Batches as a table; each leads to its page. */
export function BatchTable({ batches, path, label }: { batches: readonly Batch[]; path: string; label: string }) {
  const { say } = useText();
  const nameOf = useNames(
    path,
    batches.map(({ uploadedBy }) => uploadedBy),
  );
  if (batches.length === 0) return <p class="soft">{say('batches.none')}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('batches.when')}</th>
            <th scope="col">{say('batches.what')}</th>
            <th scope="col">{say('batches.who')}</th>
            <th scope="col">{say('batches.state')}</th>
            <th scope="col">{say('batches.rows')}</th>
          </tr>
        </thead>
        <tbody>
          {batches.map((batch) => (
            <tr key={batch.id}>
              <th scope="row">
                <a href={routeHref('batches', batch.id)}>{timeText(batch.uploadedAt)}</a>
              </th>
              <td>
                {say(`operation.${batch.operation}`)}
                <span class="soft"> {batch.fileName ?? batch.assessmentId}</span>
              </td>
              <td>{nameOf(batch.uploadedBy)}</td>
              <td>{say(`state.${batch.state}`)}</td>
              <td>{say('batches.counts', { done: batch.done, rows: batch.rows, bad: batch.wrong + batch.failed })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

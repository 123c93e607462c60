import { timeText } from '../../../../ui/i18n/format.js';
import { routeHref } from '../app/routes.js';
import { useNames } from '../api/use-names.js';
import { useText } from '../i18n/index.js';
import { DataTable } from '../parts/index.js';
import type { Batch } from './schemas.js';

/** Batches as a table; each leads to its page. */
export function BatchTable({ batches, path, label }: { batches: readonly Batch[]; path: string; label: string }) {
  const { say } = useText();
  const nameOf = useNames(
    path,
    batches.map(({ uploadedBy }) => uploadedBy),
  );
  return (
    <DataTable
      label={label}
      empty={say('batches.none')}
      rows={batches}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'when',
          header: say('batches.when'),
          isRowHeader: true,
          cell: ({ id, uploadedAt }) => <a href={routeHref('batches', id)}>{timeText(uploadedAt)}</a>,
        },
        {
          key: 'what',
          header: say('batches.what'),
          cell: ({ operation, fileName, assessmentId }) => (
            <>
              {say(`operation.${operation}`)}
              <span class="soft"> {fileName ?? assessmentId}</span>
            </>
          ),
        },
        { key: 'who', header: say('batches.who'), cell: ({ uploadedBy }) => nameOf(uploadedBy) },
        { key: 'state', header: say('batches.state'), cell: ({ state }) => say(`state.${state}`) },
        {
          key: 'rows',
          header: say('batches.rows'),
          cell: ({ done, rows, wrong, failed }) => say('batches.counts', { done, rows, bad: wrong + failed }),
        },
      ]}
    />
  );
}

import { timeText } from '../../../../ui/i18n/format.js';
import { useNames } from '../api/use-names.js';
import { useText } from '../i18n/index.js';
import { DataTable } from '../parts/index.js';
import type { Run } from './schemas.js';

/** Print runs with their files. @param props `canOpen`: whether this person may print */
export function RunTable({ runs, path, canOpen }: { runs: readonly Run[]; path: string; canOpen: boolean }) {
  const { say } = useText();
  const nameOf = useNames(
    path,
    runs.map(({ madeBy }) => madeBy),
  );
  return (
    <DataTable<Run>
      label={say('printing.runs')}
      empty={say('printing.none')}
      rows={runs}
      rowKey={({ id }) => id}
      columns={[
        { key: 'when', header: say('printing.when'), isRowHeader: true, cell: ({ madeAt }) => timeText(madeAt) },
        { key: 'who', header: say('printing.who'), cell: ({ madeBy }) => nameOf(madeBy) },
        {
          key: 'count',
          header: say('printing.certificates'),
          cell: ({ certificates, perSheet }) =>
            `${certificates} · ${say(perSheet === 2 ? 'printing.per-sheet-2' : 'printing.per-sheet-1')}`,
        },
        {
          key: 'serials',
          header: say('printing.serials'),
          cell: ({ serials }) => (serials ? `${serials.first} – ${serials.last}` : say('printing.unnumbered')),
        },
        {
          key: 'files',
          header: say('printing.files'),
          cell: ({ id, files }) =>
            canOpen
              ? Array.from({ length: files }, (_, i) => (
                  <a
                    key={i}
                    class="run-file"
                    href={`.${path}/print-runs/${id}/${i + 1}.pdf`}
                    target="_blank"
                    rel="noopener"
                  >
                    {say('printing.file', { file: i + 1, files })}
                  </a>
                ))
              : files,
        },
      ]}
    />
  );
}

import type { z } from 'zod';
import { useText } from '../i18n/index.js';
import type { cellSchema } from './schemas.js';

/** The sessions behind a number, with what their records say; what nobody recorded is unknown. */
export function SessionTable({ sessions }: { sessions: z.infer<typeof cellSchema>['sessions'] }) {
  const { say } = useText();
  return (
    <>
      <h2>{say('sessions-of.title', { count: sessions.length })}</h2>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label={say('sessions-of.title', { count: sessions.length })}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">{say('sessions-of.id')}</th>
              <th scope="col">{say('sessions-of.held')}</th>
              {(['issued', 'total', 'seats', 'candidates', 'passed', 'failed'] as const).map((name) => (
                <th key={name} scope="col" class="cell-end">
                  {say(`sessions-of.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sessions.map(({ assessment, issued, total, record }) => {
              const known = (value: number | undefined): string | number => value ?? say('board.unknown');
              const result = record?.hasResults === true ? record : undefined;
              return (
                <tr key={assessment}>
                  <th scope="row">{assessment}</th>
                  <td>{record?.heldOn ?? say('board.unknown')}</td>
                  <td class="cell-end">{issued}</td>
                  <td class="cell-end">{total}</td>
                  <td class="cell-end">{known(record?.seats)}</td>
                  <td class="cell-end">{known(record?.candidates)}</td>
                  <td class="cell-end">{known(result?.passed)}</td>
                  <td class="cell-end">{known(result?.failed)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

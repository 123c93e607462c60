import { timeText } from '../../../../ui/i18n/format.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { usePages } from '../api/use-pages.js';
import { useText, type WordKey } from '../i18n/index.js';
import { DataTable } from '../parts/index.js';
import { certificatesSchema } from './schemas.js';

/** The certificates behind a number, without their holders. */
export function CertificateList({ path }: { path: string }) {
  const { say } = useText();
  const pages = usePages(
    async (after, signal) => {
      const query = new URLSearchParams({ limit: '100', ...(after !== undefined && { after }) }).toString();
      const { certificates, next } = await call(`${path}/certificates?${query}`, certificatesSchema, { signal });
      return { rows: certificates, next };
    },
    [path],
  );
  return (
    <>
      <Problem error={pages.error} />
      <DataTable
        label={say('board.certificates')}
        rows={pages.rows}
        rowKey={({ certificateNumber }) => certificateNumber}
        pages={pages}
        columns={[
          {
            key: 'number',
            header: say('search.number'),
            isRowHeader: true,
            cell: ({ certificateNumber, revision }) =>
              revision > 1 ? `${certificateNumber} ${say('certificate.revision', { revision })}` : certificateNumber,
          },
          { key: 'issued', header: say('certificate.issued'), cell: ({ issuedOn }) => issuedOn },
          { key: 'signed', header: say('board.signed'), cell: ({ signedAt }) => timeText(signedAt) },
          { key: 'session', header: say('sessions-of.id'), cell: ({ assessment }) => assessment },
          {
            key: 'status',
            header: say('search.status'),
            cell: ({ status, statusReason }) =>
              statusReason === undefined
                ? say(`status.${status}`)
                : `${say(`status.${status}`)} · ${say(`reason.${statusReason}` as WordKey)}`,
          },
        ]}
      />
    </>
  );
}

import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { usePages } from '../api/use-pages.js';
import { LevelText } from '../certificates/LevelText.js';
import { useText } from '../i18n/index.js';
import { DataTable, Dialog } from '../parts/index.js';
import { PagePicture } from '../printing/PagePicture.js';
import { readySchema, type Operation, type ReadyRow } from './schemas.js';

/** Rows that wait: who would get what, and what a correction changes. */
export function ReadyTable({ path, operation }: { path: string; operation: Operation }) {
  const { say } = useText();
  const pages = usePages(
    (after, signal) =>
      call(`${path}/ready?limit=100${after === undefined ? '' : `&after=${after}`}`, readySchema, { signal }),
    [path],
  );
  const [shown, setShown] = useState<ReadyRow>();
  const isIssue = operation === 'issue' || operation === 'correct';
  const [only] = pages.rows.length === 1 && !pages.hasMore && isIssue ? pages.rows : [];
  const picture = ({ row, name }: ReadyRow) => (
    <PagePicture path={`${path}/rows/${row}/preview.png`} label={say('ready.preview-of', { name })} />
  );
  return (
    <div class="stack">
      <h2>{say('ready.title')}</h2>
      <Problem error={pages.error} />
      <DataTable
        label={say('ready.title')}
        rows={pages.rows}
        rowKey={({ row, certificate }) => `${row} ${certificate?.id ?? ''}`}
        pages={pages}
        columns={[
          { key: 'row', header: say('ready.row'), isRowHeader: true, cell: ({ row }) => (row === 0 ? '—' : row) },
          { key: 'name', header: say('people.name'), cell: ({ name }) => <span class="keep">{name}</span> },
          { key: 'document', header: say('ready.document'), cell: ({ identityDocument }) => identityDocument.lastFour },
          {
            key: 'occupation',
            header: say('ready.occupation'),
            cell: ({ occupation, level }) => (
              <>
                {occupation?.name} {occupation?.trade} {level && <LevelText {...level} />}
              </>
            ),
          },
          { key: 'assessment', header: say('ready.assessment'), cell: (row) => <AssessmentCell row={row} /> },
          ...(operation === 'issue'
            ? []
            : [{ key: 'change', header: say('ready.change'), cell: (row: ReadyRow) => <ChangeCell row={row} /> }]),
          ...(isIssue && !only
            ? [
                {
                  key: 'preview',
                  header: say('ready.paper'),
                  cell: (row: ReadyRow) => (
                    <Button onClick={() => setShown(row)}>
                      {say('ready.preview')}
                      <span class="visually-hidden"> {row.name}</span>
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      {only && (
        <>
          <h2>{say('ready.preview-title')}</h2>
          <p class="soft">{say('ready.preview-help')}</p>
          {picture(only)}
        </>
      )}
      {shown && (
        <Dialog title={say('ready.preview-title')} onClose={() => setShown(undefined)}>
          <p class="soft">{say('ready.preview-help')}</p>
          {picture(shown)}
        </Dialog>
      )}
    </div>
  );
}

function AssessmentCell({ row: { assessment, issuedOn, number, facts } }: { row: ReadyRow }) {
  const { say } = useText();
  return (
    <>
      {assessment}
      {issuedOn !== undefined && (
        <div>
          {say('certificate.issued')}: {issuedOn}
        </div>
      )}
      {number !== undefined && (
        <div>
          {say('search.number')}: {number}
        </div>
      )}
      {facts && (
        <details>
          <summary>{say('ready.facts')}</summary>
          {facts.map(({ at, to }) => (
            <div key={at}>
              <span class="soft">{at}</span>: {to}
            </div>
          ))}
        </details>
      )}
    </>
  );
}

function ChangeCell({ row: { certificate, reason, changes } }: { row: ReadyRow }) {
  const { say } = useText();
  return (
    <>
      {certificate?.number}
      {reason !== undefined && <div>{say(`reason.${reason}` as 'reason.error')}</div>}
      {changes?.map(({ at, from, to }) => (
        <div key={at}>
          <span class="soft">{at}</span>: <del>{from}</del> → <ins>{to}</ins>
        </div>
      ))}
    </>
  );
}

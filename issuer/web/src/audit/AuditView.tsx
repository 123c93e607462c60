import { useState } from 'preact/hooks';
import { z } from 'zod';
import { csvText } from '../../../../shared/sheet/csv-text.js';
import { useStore } from '../../../../ui/app/store.js';
import { saveFile } from '../../../../ui/app/save-file.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { tenantPath } from '../api/service.js';
import { sessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import { useNames } from '../api/use-names.js';
import { usePages } from '../api/use-pages.js';
import { useText } from '../i18n/index.js';
import { DataTable, TextField } from '../parts/index.js';

const entrySchema = z.object({
  sequence: z.number(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
const entriesSchema = z.object({ entries: z.array(entrySchema) });
const checkSchema = z.object({ entries: z.number(), brokenAt: z.number().optional() });
const PAGE = 200;

/** The audit log: everything that was done, in order; filter, check the chain, take it away. Changes nothing. */
export function AuditView() {
  const { say } = useText();
  const { tenant } = useStore(sessionState);
  const path = tenantPath(tenant);
  const [filter, setFilter] = useState('');
  const [checked, setChecked] = useState<z.infer<typeof checkSchema>>();
  const pages = usePages(
    async (after, signal) => {
      const { entries } = await call(`${path}/audit?limit=${PAGE}&after=${after ?? 0}`, entriesSchema, { signal });
      const last = entries.length === PAGE ? entries.at(-1) : undefined;
      return { rows: entries, next: last && String(last.sequence) };
    },
    [path],
  );
  const check = useAction(async () => setChecked(await call(`${path}/audit/check`, checkSchema)));
  const nameOf = useNames(
    path,
    pages.rows.map(({ actor }) => actor),
  );
  const wanted = filter.trim().toLowerCase();
  const shown = pages.rows.filter(({ action, subject, actor }) =>
    [action, subject, actor, nameOf(actor)].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <section class="stack">
      <h1>{say('nav.audit')}</h1>
      <div class="card search-form">
        <TextField label={say('audit.filter')} type="search" value={filter} onInput={setFilter} />
        <div class="actions">
          <Button busy={check.busy} onClick={() => check.run()}>
            {say('audit.check')}
          </Button>
          <Button
            icon="download"
            onClick={() =>
              saveFile(
                'audit.csv',
                csvText([
                  ['sequence', 'at', 'actor', 'name', 'action', 'subject', 'detail', 'hash'],
                  ...shown.map(({ sequence, at, actor, action, subject, detail, hash }) => [
                    String(sequence),
                    at,
                    actor,
                    nameOf(actor),
                    action,
                    subject,
                    JSON.stringify(detail),
                    hash,
                  ]),
                ]),
                'text/csv',
              )
            }
          >
            {say('audit.export')}
          </Button>
        </div>
        <Problem error={pages.error ?? check.error} />
        {checked && (
          <Notice kind={checked.brokenAt === undefined ? 'good' : 'bad'} live>
            {checked.brokenAt === undefined
              ? say('audit.whole', { entries: checked.entries })
              : say('audit.broken', { at: checked.brokenAt })}
          </Notice>
        )}
      </div>
      <DataTable
        label={say('nav.audit')}
        rows={shown}
        rowKey={({ sequence }) => String(sequence)}
        pages={pages}
        columns={[
          { key: 'number', header: say('audit.number'), isRowHeader: true, cell: ({ sequence }) => sequence },
          { key: 'when', header: say('batches.when'), cell: ({ at }) => timeText(at) },
          { key: 'who', header: say('batches.who'), cell: ({ actor }) => nameOf(actor) },
          { key: 'what', header: say('batches.what'), cell: ({ action }) => <code>{action}</code> },
          {
            key: 'subject',
            header: say('audit.subject'),
            cell: ({ subject, detail }) => (
              <>
                {subject} <span class="soft mono">{Object.keys(detail).length > 0 ? JSON.stringify(detail) : ''}</span>
              </>
            ),
          },
        ]}
      />
    </section>
  );
}

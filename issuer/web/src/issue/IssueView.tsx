import { useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { Problem } from '../api/Problem.js';
import { tenantPath } from '../api/service.js';
import { sessionState } from '../api/session-state.js';
import { PastedSheet } from '../batches/PastedSheet.js';
import { pastedRows } from '../batches/pasted-rows.js';
import { useText } from '../i18n/index.js';
import { useDraft } from '../parts/index.js';
import { ID_NUMBER, ISSUE_FIELDS } from './fields.js';
import { RowFields } from './RowFields.js';
import { useRowCheck } from './use-row-check.js';

const START = Object.fromEntries(ISSUE_FIELDS.map(({ header, initial = '' }) => [header, initial]));

/** One certificate by form: checked as a sheet of one row, then confirmed on the batch's page. */
export function IssueView() {
  const { say } = useText();
  const { tenant } = useStore(sessionState);
  const path = tenantPath(tenant);
  const draft = useDraft('issue', START, [ID_NUMBER]);
  const [pasted, setPasted] = useState<string[][]>();
  const check = useRowCheck(path, 'issue', say('issue.file'), draft.clear);
  return (
    <section class="stack">
      <h1>{say('issue.title')}</h1>
      <p class="soft">{say('issue.help')}</p>
      {draft.isFound && <Notice>{say('draft.found')}</Notice>}
      {pasted && <PastedSheet path={path} rows={pasted} operation="issue" onClose={() => setPasted(undefined)} />}
      <form
        class="card issue-form"
        autocomplete="off"
        onPaste={(event) => {
          const rows = pastedRows(event.clipboardData);
          if (!rows) return;
          event.preventDefault();
          setPasted(rows);
        }}
        onSubmit={(event) => {
          event.preventDefault();
          check.run(draft.values);
        }}
      >
        <RowFields
          fields={ISSUE_FIELDS}
          row={draft.values}
          wrong={check.wrong}
          onChange={(row, header) => {
            draft.set(row);
            check.forget(header);
          }}
        />
        <Problem error={check.error} />
        <div class="actions">
          <Button type="submit" kind="primary" busy={check.busy}>
            {say('issue.check')}
          </Button>
          <Button
            onClick={() => {
              draft.clear();
              check.forget();
            }}
          >
            {say('issue.clear')}
          </Button>
        </div>
        <p class="soft">{say('draft.kept')}</p>
      </form>
    </section>
  );
}

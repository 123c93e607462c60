import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { SelectField, TextField } from '../parts/index.js';
import { applicationSchema, type Application } from './schemas.js';

/** Refused, or withdrawn by the applicant: said with a reason, behind a fold so that nobody does it by mistake. */
export function EndForm({ path, onChanged }: { path: string; onChanged: (application: Application) => void }) {
  const { say } = useText();
  const [outcome, setOutcome] = useState<'refused' | 'withdrawn' | ''>('');
  const [reason, setReason] = useState('');
  const end = useAction(async () => {
    const body = { outcome, reason: reason.trim() };
    onChanged(await call(`${path}/close`, applicationSchema, { method: 'POST', body }));
  });
  return (
    <details class="card">
      <summary>{say('exempt.end')}</summary>
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          end.run();
        }}
      >
        <p class="soft">{say('exempt.end-help')}</p>
        <SelectField
          label={say('exempt.outcome')}
          value={outcome}
          empty={say('change.choose')}
          required
          choices={(['withdrawn', 'refused'] as const).map((value) => ({
            value,
            label: say(`exempt.outcome.${value}`),
          }))}
          onChange={setOutcome}
        />
        <TextField label={say('exempt.reason')} value={reason} maxLength={300} required onInput={setReason} />
        <Problem error={end.error} />
        <div class="actions">
          <Button type="submit" busy={end.busy}>
            {say('exempt.end-submit')}
          </Button>
        </div>
      </form>
    </details>
  );
}

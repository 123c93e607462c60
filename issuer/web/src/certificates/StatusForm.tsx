import { useState } from 'preact/hooks';
import { STATUS_REASONS_OF, type StatusAction } from '../../../../shared/certificate/status-reasons.js';
import { errorCode } from '../../../../shared/errors.js';
import { REASON_WORDS, wordFor } from '../../../../shared/sheet/words.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { handInRow } from '../batches/hand-in-row.js';
import { batchSchema } from '../batches/schemas.js';
import { useText } from '../i18n/index.js';
import { SelectField } from '../parts/index.js';
import { changedSchema } from './schemas.js';

/** Suspend, reinstate or revoke one certificate, with a reason; where a second person must agree, it goes the way of a batch. */
export function StatusForm({
  institution,
  number,
  path,
  status,
  onChanged,
}: {
  institution: string;
  number: string;
  path: string;
  status: 'active' | 'suspended';
  onChanged: () => void;
}) {
  const { say } = useText();
  const actions: readonly StatusAction[] = status === 'active' ? ['suspend', 'revoke'] : ['reinstate', 'revoke'];
  const [action, setAction] = useState<StatusAction>();
  const [reason, setReason] = useState('');
  const change = useAction(async () => {
    try {
      await call(`${path}/status`, changedSchema, { method: 'POST', body: { action, reason } });
      setAction(undefined);
      onChanged();
    } catch (error) {
      if (errorCode(error, '') !== 'APPROVAL_REQUIRED' || action === undefined) throw error;
      const row = { 证书编号: number, 原因: wordFor(REASON_WORDS, reason) };
      const batch = await handInRow(institution, action, row, crypto.randomUUID(), `${action}-${number}`);
      await call(`${institution}/batches/${batch.id}/confirm`, batchSchema, { method: 'POST', body: { rows: 'all' } });
      navigate('batches', batch.id);
    }
  });
  return (
    <div class="card">
      <h2>{say('change.title')}</h2>
      <p class="soft">{say('change.can-lift')}</p>
      <div class="actions">
        {actions.map((one) => (
          <Button
            key={one}
            kind={one === 'revoke' ? 'danger' : 'plain'}
            onClick={() => {
              setAction(one);
              setReason('');
              change.clear();
            }}
          >
            {say(`operation.${one}`)}
          </Button>
        ))}
      </div>
      {action && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            change.run();
          }}
        >
          {action === 'revoke' && <Notice kind="care">{say('change.final')}</Notice>}
          <SelectField
            label={say('change.reason')}
            required
            empty={say('change.choose')}
            value={reason}
            onChange={setReason}
            choices={STATUS_REASONS_OF[action].map((value) => ({ value, label: say(`reason.${value}`) }))}
          />
          <Problem error={change.error} />
          <div class="actions">
            <Button type="submit" kind="primary" busy={change.busy} disabled={reason === ''}>
              {say('change.do', { action: say(`operation.${action}`) })}
            </Button>
            <Button onClick={() => setAction(undefined)}>{say('app.back')}</Button>
          </div>
        </form>
      )}
    </div>
  );
}

import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { ceremonySchema } from './schemas.js';

/** Propose the next key: it is made once a second custodian confirms, and signs nothing yet. */
export function PrepareForm({ path }: { path: string }) {
  const { say } = useText();
  const [reason, setReason] = useState('');
  const propose = useAction(async () => {
    const body = { kind: 'prepare', reason: reason.trim() };
    navigate('keys', (await call(`${path}/key-ceremonies`, ceremonySchema, { method: 'POST', body })).id);
  });
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        propose.run();
      }}
    >
      <h2>{say('keys.prepare')}</h2>
      <p>{say('keys.explain.prepare')}</p>
      <TextField
        label={say('keys.reason')}
        help={say('keys.reason-help')}
        required
        maxLength={300}
        value={reason}
        onInput={setReason}
      />
      <Problem error={propose.error} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={propose.busy}>
          {say('keys.propose-submit')}
        </Button>
      </div>
    </form>
  );
}

import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { batchSchema } from './schemas.js';

/** Withdraw every certificate of one assessment; nothing happens before it is confirmed. */
export function VoidSession({ path }: { path: string }) {
  const { say } = useText();
  const [assessmentId, setAssessmentId] = useState('');
  const list = useAction(async () => {
    const body = { assessmentId: assessmentId.trim() };
    const { id } = await call(`${path}/batches/void-session`, batchSchema, { method: 'POST', body });
    navigate('batches', id);
  });
  return (
    <details class="card">
      <summary>{say('void.title')}</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          list.run();
        }}
      >
        <p>{say('void.help')}</p>
        <TextField
          label={say('void.assessment')}
          required
          maxLength={40}
          plain
          value={assessmentId}
          onInput={setAssessmentId}
        />
        <Problem error={list.error} />
        <Button type="submit" busy={list.busy}>
          {say('void.list')}
        </Button>
      </form>
    </details>
  );
}

import { useState } from 'preact/hooks';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { ceremonySchema } from './schemas.js';

/** Propose to activate or retire a key: a button, then why; a second custodian confirms. */
export function ProposeForm({
  path,
  kind,
  name,
  isMain = false,
}: {
  path: string;
  kind: 'activate' | 'retire';
  name: string;
  isMain?: boolean;
}) {
  const { say } = useText();
  const [reason, setReason] = useState<string>();
  const propose = useAction(async () => {
    const body = { kind, key: name, reason: reason?.trim() };
    navigate('keys', (await call(`${path}/key-ceremonies`, ceremonySchema, { method: 'POST', body })).id);
  });
  if (reason === undefined)
    return (
      <div class="actions">
        <Button kind={isMain ? 'primary' : 'plain'} onClick={() => setReason('')}>
          {say(`keys.propose.${kind}`)}
        </Button>
      </div>
    );
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        propose.run();
      }}
    >
      <Notice kind={kind === 'retire' ? 'care' : 'info'}>{say(`keys.explain.${kind}`)}</Notice>
      <TextField
        label={say('keys.reason')}
        help={say('keys.reason-help')}
        required
        isFocused
        maxLength={300}
        value={reason}
        onInput={setReason}
      />
      <Problem error={propose.error} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={propose.busy}>
          {say('keys.propose-submit')}
        </Button>
        <Button onClick={() => setReason(undefined)}>{say('app.back')}</Button>
      </div>
    </form>
  );
}

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { ceremonySchema } from './schemas.js';

/** Why something is to be done with a key; it is proposed, and a second custodian confirms it. */
export function CeremonyForm({
  path,
  about,
  submit,
  isDangerous = false,
  onBack,
  children,
}: {
  path: string;
  /** What is proposed, as the service takes it, without the reason. */
  about: { kind: 'prepare' | 'activate' | 'retire' | 'compromise'; key?: string; since?: string };
  /** Words of the button. */
  submit: string;
  isDangerous?: boolean;
  /** Given where the form was opened by a button: it can be closed again, and takes the focus. */
  onBack?: () => void;
  /** What it means, above the reason. */
  children: ComponentChildren;
}) {
  const { say } = useText();
  const [reason, setReason] = useState('');
  const propose = useAction(async () => {
    const body = { ...about, reason: reason.trim() };
    navigate('keys', (await call(`${path}/key-ceremonies`, ceremonySchema, { method: 'POST', body })).id);
  });
  return (
    <form
      class={onBack ? 'stack' : 'card stack'}
      onSubmit={(event) => {
        event.preventDefault();
        propose.run();
      }}
    >
      {children}
      <TextField
        label={say('keys.reason')}
        help={say('keys.reason-help')}
        required
        isFocused={onBack !== undefined}
        maxLength={300}
        value={reason}
        onInput={setReason}
      />
      <Problem error={propose.error} />
      <div class="actions">
        <Button type="submit" kind={isDangerous ? 'danger' : 'primary'} busy={propose.busy}>
          {submit}
        </Button>
        {onBack && <Button onClick={onBack}>{say('app.back')}</Button>}
      </div>
    </form>
  );
}

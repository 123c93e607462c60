import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';

/** Why something is sent back, refused or taken back, before it is. */
export function ReasonForm({
  help,
  submit,
  busy,
  onReason,
  onBack,
}: {
  help: string;
  /** Words of the button. */
  submit: string;
  busy: boolean;
  onReason: (reason: string) => void;
  onBack: () => void;
}) {
  const { say } = useText();
  const [reason, setReason] = useState('');
  return (
    <form
      class="stack narrow"
      onSubmit={(event) => {
        event.preventDefault();
        onReason(reason.trim());
      }}
    >
      <TextField
        label={say('officer.reason')}
        help={help}
        rows={3}
        required
        isFocused
        value={reason}
        onInput={setReason}
      />
      <div class="actions">
        <Button type="submit" kind="primary" busy={busy}>
          {submit}
        </Button>
        <Button onClick={onBack}>{say('app.back')}</Button>
      </div>
    </form>
  );
}

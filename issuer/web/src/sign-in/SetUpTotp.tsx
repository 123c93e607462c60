import { useState } from 'preact/hooks';
import { z } from 'zod';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { QrPicture } from '../../../../ui/parts/QrPicture.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';

const newSchema = z.object({ secret: z.string(), uri: z.string() });
const doneSchema = z.object({ recoveryCodes: z.array(z.string()) });

/** Sets up an authenticator app: picture, code, and the recovery codes to be written down. */
export function SetUpTotp({ onDone }: { onDone: () => void }) {
  const { say } = useText();
  const made = useCall((signal) => call('/account/totp', newSchema, { method: 'POST', signal }), []);
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<string[]>();
  const confirm = useAction(async () => {
    const body = { code: code.trim() };
    setCodes((await call('/account/totp/confirm', doneSchema, { method: 'POST', body })).recoveryCodes);
  });
  if (codes)
    return (
      <div class="stack">
        <Notice kind="care" live title={say('totp.codes-title')}>
          {say('totp.codes-help')}
        </Notice>
        <ul class="recovery-codes mono">
          {codes.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <div class="actions">
          <Button icon="print" onClick={() => window.print()}>
            {say('totp.print')}
          </Button>
          <Button kind="primary" onClick={onDone}>
            {say('totp.kept')}
          </Button>
        </div>
      </div>
    );
  if (made.error !== undefined) return <Problem error={made.error} />;
  if (!made.value) return <p class="soft">{say('app.loading')}</p>;
  const { secret, uri } = made.value;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.run();
      }}
    >
      <p>{say('totp.scan')}</p>
      <QrPicture segments={[{ mode: 'byte', data: uri }]} label={say('totp.picture')} text={uri} />
      <p class="soft">
        {say('totp.type')} <span class="mono">{secret.match(/.{1,4}/g)?.join(' ')}</span>
      </p>
      <TextField
        label={say('sign-in.totp')}
        inputMode="numeric"
        autocomplete="one-time-code"
        required
        value={code}
        onInput={setCode}
      />
      <Problem error={confirm.error} />
      <Button type="submit" kind="primary" busy={confirm.busy}>
        {say('totp.confirm')}
      </Button>
    </form>
  );
}

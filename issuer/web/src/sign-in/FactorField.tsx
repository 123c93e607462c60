import { Button } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';

/** What a second factor is proven with by typing. */
export type TypedFactor = 'totp' | 'recovery';

/** The code of the authenticator app, or a recovery code. */
export function FactorField({
  factor,
  code,
  onInput,
}: {
  factor: TypedFactor;
  code: string;
  onInput: (code: string) => void;
}) {
  const { say } = useText();
  return (
    <TextField
      key={factor}
      label={say(factor === 'totp' ? 'sign-in.totp' : 'sign-in.recovery')}
      help={say(factor === 'totp' ? 'sign-in.totp-help' : 'sign-in.recovery-help')}
      autocomplete="one-time-code"
      inputMode={factor === 'totp' ? 'numeric' : 'text'}
      required
      isFocused
      value={code}
      onInput={onInput}
    />
  );
}

/** The way on for who has the authenticator app no more. */
export function LostFactor({ onRecovery }: { onRecovery: () => void }) {
  const { say } = useText();
  return (
    <Button kind="link" onClick={onRecovery}>
      {say('sign-in.lost')}
    </Button>
  );
}

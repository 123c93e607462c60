import { useState } from 'preact/hooks';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import { CeremonyForm } from './CeremonyForm.js';

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
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <div class="actions">
        <Button kind={isMain ? 'primary' : 'plain'} onClick={() => setOpen(true)}>
          {say(`keys.propose.${kind}`)}
        </Button>
      </div>
    );
  return (
    <CeremonyForm
      path={path}
      about={{ kind, key: name }}
      submit={say('keys.propose-submit')}
      onBack={() => setOpen(false)}
    >
      <Notice kind={kind === 'retire' ? 'care' : 'info'}>{say(`keys.explain.${kind}`)}</Notice>
    </CeremonyForm>
  );
}

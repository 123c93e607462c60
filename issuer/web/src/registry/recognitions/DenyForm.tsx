import { useState } from 'preact/hooks';
import { navigate } from '../../app/routes.js';
import { useText } from '../../i18n/index.js';
import { TextField } from '../../parts/index.js';
import { EventForm } from '../EventForm.js';
import type { Desk } from '../use-desk.js';

const DID = /^did:web:\S+$/;

/** Says that an authority or an institution is not recognised, whatever others say. */
export function DenyForm({ desk }: { desk: Desk }) {
  const { say } = useText();
  const [did, setDid] = useState('');
  const id = did.trim();
  const close = (): void => navigate('recognitions');
  return (
    <>
      <div class="card">
        <TextField
          label={say('recognise.did')}
          help={say('recognise.did-help')}
          value={did}
          onInput={setDid}
          maxLength={300}
          plain
          required
          isFocused
        />
      </div>
      {DID.test(id) && (
        <EventForm
          key={id}
          desk={desk}
          about={{ id, name: desk.names.get(id) ?? id }}
          event="deny"
          onDone={close}
          onClose={close}
        />
      )}
    </>
  );
}

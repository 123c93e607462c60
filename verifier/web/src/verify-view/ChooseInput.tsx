import { useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { Button, Field, FileButton } from '../../../../ui/parts/index.js';

const FILE_TYPES = 'image/*,application/pdf,application/json,.json,.txt,.yz';

/** Scan, choose or drop a file, or paste. */
export function ChooseInput({
  working,
  onScan,
  onFiles,
  onText,
}: {
  working: boolean;
  onScan: () => void;
  onFiles: (files: File[]) => void;
  onText: (text: string) => void;
}) {
  const { say } = useText();
  const [over, setOver] = useState(false);
  const [text, setText] = useState('');
  const [empty, setEmpty] = useState(false);
  return (
    <form
      class="card no-print"
      aria-busy={working}
      onSubmit={(event) => {
        event.preventDefault();
        setEmpty(text.trim() === '');
        if (text.trim() !== '') onText(text.trim());
      }}
    >
      <Button kind="primary" icon="scan" onClick={onScan}>
        {say('verify.scan')}
      </Button>
      <div
        class={over ? 'drop drop-over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const files = [...(event.dataTransfer?.files ?? [])];
          if (files.length > 0) onFiles(files);
        }}
      >
        <FileButton label={say('verify.file')} accept={FILE_TYPES} multiple onFiles={onFiles} />
        <p class="soft">{say('verify.file-help')}</p>
      </div>
      <Field label={say('verify.text')} error={empty ? say('verify.empty') : undefined}>
        {(control) => (
          <textarea
            {...control}
            rows={3}
            spellcheck={false}
            autocomplete="off"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setEmpty(false);
            }}
          />
        )}
      </Field>
      <div class="actions">
        <Button type="submit" busy={working}>
          {say(working ? 'verify.working' : 'verify.submit')}
        </Button>
      </div>
    </form>
  );
}

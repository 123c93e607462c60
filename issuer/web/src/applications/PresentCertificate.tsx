import { useState } from 'preact/hooks';
import { openInput } from '../../../../ui/carrier/open-input.js';
import { Button, FileButton } from '../../../../ui/parts/index.js';
import { ScanView } from '../../../../ui/scan/ScanView.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { carrierText } from './carrier-text.js';
import { applicationSchema, type Application } from './schemas.js';

/** A certificate comes before the camera, also live from a wallet, as a file, from a hand scanner, or pasted. */
export function PresentCertificate({
  path,
  onChanged,
}: {
  path: string;
  onChanged: (application: Application) => void;
}) {
  const { say } = useText();
  const [text, setText] = useState('');
  const [isOver, setOver] = useState(false);
  const [isScanning, setScanning] = useState(false);
  const [cameraError, setCameraError] = useState<unknown>();
  const present = useAction(async (given: string) => {
    const body = { text: given.trim() };
    onChanged(await call(`${path}/certificates`, applicationSchema, { method: 'POST', body }));
    setText('');
  });
  const open = useAction(async (files: readonly File[]) => {
    for (const file of files) {
      const body = { text: (await carrierText(new Uint8Array(await file.arrayBuffer()))).trim() };
      onChanged(await call(`${path}/certificates`, applicationSchema, { method: 'POST', body }));
    }
  });
  const isBusy = present.busy || open.busy;
  return (
    <section
      class={isOver ? 'card drop-card drop-card-over' : 'card drop-card'}
      aria-labelledby="present-title"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        open.run([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <h2 id="present-title">{say('exempt.present')}</h2>
      <p class="soft">{say('exempt.present-help')}</p>
      {isScanning ? (
        <ScanView
          title={say('exempt.scan')}
          read={async (seen) => {
            await openInput({ text: seen });
            return seen;
          }}
          onResult={(seen) => {
            setScanning(false);
            present.run(seen);
          }}
          onFiles={(files) => {
            setScanning(false);
            open.run(files);
          }}
          onError={(error) => {
            setScanning(false);
            setCameraError(error);
          }}
          onClose={() => setScanning(false)}
        />
      ) : (
        <div class="actions">
          <Button
            icon="scan"
            onClick={() => {
              setCameraError(undefined);
              setScanning(true);
            }}
          >
            {say('exempt.scan')}
          </Button>
          <FileButton
            label={say('exempt.file')}
            accept="image/*,.pdf,.json,.jwt,.txt"
            multiple
            onFiles={(files) => open.run(files)}
          />
        </div>
      )}
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          present.run(text);
        }}
        onKeyDown={(event) => {
          // A hand scanner ends what it types with Enter; a pasted JSON has its line breaks already.
          if (event.key !== 'Enter' || event.shiftKey || text.trim() === '') return;
          event.preventDefault();
          present.run(text);
        }}
      >
        <TextField
          label={say('exempt.text')}
          help={say('exempt.text-help')}
          value={text}
          rows={3}
          maxLength={131_072}
          plain
          onInput={setText}
        />
        <div class="actions">
          <Button type="submit" kind="primary" busy={isBusy}>
            {say('exempt.verify')}
          </Button>
          {isBusy && (
            <span class="soft" role="status">
              {say('exempt.reading')}
            </span>
          )}
        </div>
      </form>
      <Problem error={present.error ?? open.error ?? cameraError} />
    </section>
  );
}

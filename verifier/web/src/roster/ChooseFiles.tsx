import { useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { FileButton } from '../../../../ui/parts/index.js';
import { filesOfDrop } from './entries-of-files.js';

const TYPES = 'image/*,application/pdf,application/json,.json,.txt,.csv,.tsv,.xlsx';

/** Files, a folder or a sheet to check. */
export function ChooseFiles({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { say } = useText();
  const [over, setOver] = useState(false);
  return (
    <div class="card">
      <p>{say('roster.what')}</p>
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
          const items = [...(event.dataTransfer?.items ?? [])];
          void filesOfDrop(items).then((files) => files.length > 0 && onFiles(files));
        }}
      >
        <div class="actions">
          <FileButton
            kind="primary"
            icon="file"
            multiple
            accept={TYPES}
            label={say('roster.files')}
            onFiles={onFiles}
          />
          <FileButton icon="folder" folder multiple label={say('roster.folder')} onFiles={onFiles} />
        </div>
        <p class="soft">{say('roster.files-help')}</p>
      </div>
      <p class="soft">{say('roster.sheet-help')}</p>
    </div>
  );
}

import { useRef, useState } from 'preact/hooks';
import { Button, FileButton, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import type { Role } from '../api/schemas.js';
import { useAction } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { SelectField } from '../parts/index.js';
import { batchSchema, OPERATIONS, type Operation } from './schemas.js';

const CHANGES: readonly Operation[] = ['revoke', 'suspend', 'reinstate'];

/** Template, sheet, dry run. Nothing is issued here. */
export function Upload({ path, roles }: { path: string; roles: readonly Role[] }) {
  const { say, tag } = useText();
  const [operation, setOperation] = useState<Operation>('issue');
  const [over, setOver] = useState(false);
  /** The same key for the same file, so that a broken connection does not make two batches. */
  const key = useRef<{ file: File; value: string } | undefined>(undefined);
  const allowed = OPERATIONS.filter(
    (one) => one !== 'void-session' && (!CHANGES.includes(one) || roles.includes('approver')),
  );
  const upload = useAction(async (file: File) => {
    if (key.current?.file !== file) key.current = { file, value: crypto.randomUUID() };
    const body = new FormData();
    body.set('operation', operation);
    body.set('file', file, file.name);
    const options = { method: 'POST', body, idempotencyKey: key.current.value } as const;
    const { id } = await call(`${path}/batches?lang=${tag}`, batchSchema, options);
    navigate('batches', id);
  });
  return (
    <div
      class={over ? 'card drop-over' : 'card'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer?.files[0];
        if (file) upload.run(file);
      }}
    >
      <h2>{say('upload.title')}</h2>
      <SelectField
        label={say('upload.operation')}
        value={operation}
        onChange={setOperation}
        choices={allowed.map((value) => ({ value, label: say(`operation.${value}`) }))}
      />
      <p>
        {say('upload.template')}{' '}
        {(['xlsx', 'csv'] as const).map((format) => (
          <a
            key={format}
            class="format-link"
            href={`.${path}/batch-templates/${operation}.${format}?lang=${tag}`}
            download
          >
            {format.toUpperCase()}
          </a>
        ))}
      </p>
      <div class="actions">
        <FileButton
          label={say('upload.choose')}
          accept=".xlsx,.csv"
          icon="upload"
          kind="primary"
          onFiles={([file]) => file && upload.run(file)}
        />
      </div>
      <p class="soft">{say('upload.help')}</p>
      {upload.busy && <Notice live>{say('upload.checking')}</Notice>}
      <Problem error={upload.error} />
      {upload.error !== undefined && key.current && (
        <Button onClick={() => key.current && upload.run(key.current.file)}>{say('app.retry')}</Button>
      )}
    </div>
  );
}

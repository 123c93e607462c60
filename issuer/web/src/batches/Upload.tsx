import { useEffect, useState } from 'preact/hooks';
import { Button, FileButton, Notice } from '../../../../ui/parts/index.js';
import { Problem } from '../api/Problem.js';
import type { Role } from '../api/schemas.js';
import { useText } from '../i18n/index.js';
import { SelectField } from '../parts/index.js';
import { pastedRows } from './pasted-rows.js';
import { PastedSheet } from './PastedSheet.js';
import { OPERATIONS, type Operation } from './schemas.js';
import { useUpload } from './use-upload.js';

const CHANGES: readonly Operation[] = ['revoke', 'suspend', 'reinstate'];

/** Template, sheet, dry run. Nothing is issued here. */
export function Upload({ path, roles }: { path: string; roles: readonly Role[] }) {
  const { say, tag } = useText();
  const [operation, setOperation] = useState<Operation>('issue');
  const [over, setOver] = useState(false);
  const [pasted, setPasted] = useState<string[][]>();
  const allowed = OPERATIONS.filter(
    (one) => one !== 'void-session' && (!CHANGES.includes(one) || roles.includes('approver')),
  );
  const upload = useUpload(path);
  useEffect(() => {
    const take = (event: ClipboardEvent): void => {
      const rows = pastedRows(event.clipboardData);
      if (!rows) return;
      event.preventDefault();
      setPasted(rows);
    };
    document.addEventListener('paste', take);
    return () => document.removeEventListener('paste', take);
  }, []);
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
        if (file) upload.run(file, operation);
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
          onFiles={([file]) => file && upload.run(file, operation)}
        />
      </div>
      <p class="soft">{say('upload.help')}</p>
      {upload.busy && <Notice live>{say('upload.checking')}</Notice>}
      <Problem error={upload.error} />
      {upload.retry && <Button onClick={upload.retry}>{say('app.retry')}</Button>}
      {pasted && <PastedSheet path={path} rows={pasted} operation={operation} onClose={() => setPasted(undefined)} />}
    </div>
  );
}

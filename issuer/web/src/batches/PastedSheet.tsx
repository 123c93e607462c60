import { useMemo } from 'preact/hooks';
import { csvText } from '../../../../shared/sheet/csv-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { Problem } from '../api/Problem.js';
import { useText } from '../i18n/index.js';
import type { Operation } from './schemas.js';
import { useUpload } from './use-upload.js';

/** Somebody pasted cells of a sheet where one value belongs: the offer to check them as the sheet they are. */
export function PastedSheet({
  path,
  rows,
  operation,
  onClose,
}: {
  path: string;
  rows: readonly (readonly string[])[];
  operation: Operation;
  onClose: () => void;
}) {
  const { say } = useText();
  const upload = useUpload(path);
  const file = useMemo(() => new File([csvText(rows)], `${say('paste.file')}.csv`, { type: 'text/csv' }), [rows]);
  const columns = Math.max(...rows.map(({ length }) => length));
  return (
    <Notice
      kind="care"
      live
      title={say('paste.title', { rows: rows.length, columns })}
      actions={
        <>
          <Button kind="primary" busy={upload.busy} onClick={() => upload.run(file, operation)}>
            {say('paste.check', { operation: say(`operation.${operation}`) })}
          </Button>
          <Button onClick={onClose}>{say('paste.leave')}</Button>
        </>
      }
    >
      <p>{say('paste.help')}</p>
      <p class="soft">{rows[0]?.slice(0, 6).join(' · ')}</p>
      <Problem error={upload.error} />
    </Notice>
  );
}

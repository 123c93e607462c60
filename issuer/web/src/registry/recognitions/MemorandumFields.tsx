import { digestMultibase } from '../../../../../shared/trust/digest.js';
import { FileButton } from '../../../../../ui/parts/index.js';
import { YizhengError } from '../../../../../shared/errors.js';
import { Problem } from '../../api/Problem.js';
import { useAction } from '../../api/use-action.js';
import { useText } from '../../i18n/index.js';
import { TextField } from '../../parts/index.js';
import type { RecognitionDraft } from './draft.js';

const MOST_BYTES = 100 * 1024 * 1024;

/** The memorandum a recognition rests on. Of its file only the digest is computed, here; the file stays where it is. */
export function MemorandumFields({
  draft,
  onChange,
}: {
  draft: Pick<RecognitionDraft, 'memorandumName' | 'memorandumId' | 'memorandumDigest'>;
  onChange: (change: Partial<RecognitionDraft>) => void;
}) {
  const { say } = useText();
  const take = useAction(async (file: File) => {
    if (file.size > MOST_BYTES)
      throw new YizhengError('FILE_TOO_LARGE', 'The file is larger than 100 MB.', { status: 413 });
    onChange({ memorandumDigest: digestMultibase(new Uint8Array(await file.arrayBuffer())) });
  });
  return (
    <div class="card issue-form">
      <h2>{say('fact.memorandum')}</h2>
      <TextField
        label={say('memorandum.name')}
        help={say('memorandum.name-help')}
        value={draft.memorandumName}
        onInput={(memorandumName) => onChange({ memorandumName })}
        maxLength={120}
      />
      <TextField
        label={say('memorandum.id')}
        help={say('memorandum.id-help')}
        value={draft.memorandumId}
        onInput={(memorandumId) => onChange({ memorandumId })}
        required={draft.memorandumName !== ''}
        maxLength={200}
        plain
      />
      <div class="field">
        <strong>{say('memorandum.file')}</strong>
        <p class="field-help">{say('memorandum.file-help')}</p>
        <div class="actions">
          <FileButton label={say('memorandum.choose')} onFiles={([file]) => file && take.run(file)} />
        </div>
        <p class="mono" role="status">
          {take.busy ? say('memorandum.computing') : draft.memorandumDigest}
        </p>
        <Problem error={take.error} />
      </div>
    </div>
  );
}

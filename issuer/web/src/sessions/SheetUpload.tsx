import { useState } from 'preact/hooks';
import { FileButton, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { takenSchema, type Taken } from './schemas.js';

/** Takes a list of candidates or results in: all rows, or none and what is wrong. */
export function SheetUpload({
  path,
  what,
  onTaken,
}: {
  path: string;
  what: 'candidates' | 'results';
  onTaken: () => void;
}) {
  const { say, tag } = useText();
  const [taken, setTaken] = useState<Taken>();
  const upload = useAction(async (file: File) => {
    setTaken(undefined);
    const body = new FormData();
    body.set('file', file, file.name);
    const done = await call(`${path}/${what}/sheet?lang=${tag}`, takenSchema, { method: 'POST', body });
    setTaken(done);
    if (done.problems.length === 0) onTaken();
  });
  return (
    <div class="stack">
      <FileButton
        label={say(what === 'candidates' ? 'exam.add-sheet' : 'exam.results-upload')}
        accept=".xlsx,.csv"
        icon="upload"
        onFiles={([file]) => file && upload.run(file)}
      />
      <Problem error={upload.error} />
      {taken?.problems.length === 0 && (
        <Notice kind="good" live>
          {say(what === 'candidates' ? 'exam.added' : 'exam.entered', { rows: taken.rows })}
        </Notice>
      )}
      {taken && taken.problems.length > 0 && (
        <Notice kind="bad" live title={say('exam.sheet-wrong', { wrong: taken.wrong })}>
          <ul>
            {taken.problems.map(({ row, letter = '', text }) => (
              <li key={`${row}${letter}${text}`}>
                {say('exam.sheet-row', { row })}: {text}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}

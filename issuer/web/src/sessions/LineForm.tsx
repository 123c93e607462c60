import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { lineDraftOf, lineInput } from './draft.js';
import { LineFields } from './LineFields.js';
import { detailSchema, type Detail } from './schemas.js';
import { useFormProblem } from './use-form-problem.js';

const FIELDS = [
  '/occupation/code',
  '/occupation/name',
  '/occupation/trade',
  '/level',
  '/standard',
  '/filing',
  '/region',
];

/** What a partner of a joint examination certifies, to be changed. */
export function LineForm({
  path,
  session,
  onSaved,
  onCancel,
}: {
  /** Of the session. */
  path: string;
  session: Detail;
  onSaved: (session: Detail) => void;
  onCancel: () => void;
}) {
  const { say, tag } = useText();
  const [draft, setDraft] = useState(lineDraftOf(session));
  const save = useAction(async () => {
    const body = { line: lineInput(draft), version: session.version };
    onSaved(await call(`${path}/line?lang=${tag}`, detailSchema, { method: 'PUT', body }));
  });
  const { errorAt, rest } = useFormProblem(save.error, FIELDS, '/line');
  return (
    <form
      class="card issue-form"
      autocomplete="off"
      aria-label={say('exam.line-edit')}
      onSubmit={(event) => {
        event.preventDefault();
        save.run();
      }}
    >
      <h2>{say('exam.line-edit')}</h2>
      <LineFields draft={draft} onChange={setDraft} errorAt={errorAt} />
      <Problem error={rest} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={save.busy}>
          {say('exam.save')}
        </Button>
        <Button onClick={onCancel}>{say('exam.cancel')}</Button>
      </div>
    </form>
  );
}

import { useState } from 'preact/hooks';
import { timeText } from '../../../../ui/i18n/format.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useCall } from '../api/use-call.js';
import { routeHref } from '../app/routes.js';
import { batchesSchema } from '../batches/schemas.js';
import { useText } from '../i18n/index.js';
import { SelectField } from '../parts/index.js';
import { RunForm } from './RunForm.js';

/** Plans a print run of a batch. */
export function NewRun({ path, onMade }: { path: string; onMade: () => void }) {
  const { say } = useText();
  const [batch, setBatch] = useState('');
  const known = useCall((signal) => call(`${path}/batches`, batchesSchema, { signal }), [path]);
  const printable = known.value?.batches.filter(
    ({ operation, done }) => (operation === 'issue' || operation === 'correct') && done > 0,
  );
  return (
    <RunForm
      path={path}
      source={{ batch }}
      submit={say('printing.make')}
      onMade={() => {
        setBatch('');
        onMade();
      }}
    >
      <h2>{say('printing.new')}</h2>
      <p class="soft">{say('printing.new-help')}</p>
      <p>
        <a href={routeHref('certificates')}>{say('printing.new-chosen')}</a>
      </p>
      <SelectField
        label={say('printing.batch')}
        value={batch}
        empty={say('change.choose')}
        required
        onChange={setBatch}
        choices={(printable ?? []).map(({ id, fileName, assessmentId, uploadedAt, done }) => ({
          value: id,
          label: `${fileName ?? assessmentId ?? ''} · ${timeText(uploadedAt)} · ${say('printing.count', { count: done })}`,
        }))}
      />
      <Problem error={known.error} />
    </RunForm>
  );
}

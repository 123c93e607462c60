import { useState } from 'preact/hooks';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { batchesSchema } from '../batches/schemas.js';
import { useText } from '../i18n/index.js';
import { CheckField, SelectField } from '../parts/index.js';
import { runSchema } from './schemas.js';

/** Plans a print run of a batch. */
export function NewRun({ path, onMade }: { path: string; onMade: () => void }) {
  const { say } = useText();
  const [batch, setBatch] = useState('');
  const [perSheet, setPerSheet] = useState<'1' | '2'>('1');
  const [numbered, setNumbered] = useState(true);
  const known = useCall((signal) => call(`${path}/batches`, batchesSchema, { signal }), [path]);
  const make = useAction(async () => {
    await call(`${path}/print-runs`, runSchema, {
      method: 'POST',
      body: { batch, perSheet: Number(perSheet), numbered },
    });
    setBatch('');
    onMade();
  });
  const printable = known.value?.batches.filter(
    ({ operation, done }) => (operation === 'issue' || operation === 'correct') && done > 0,
  );
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        make.run();
      }}
    >
      <h2>{say('printing.new')}</h2>
      <p class="soft">{say('printing.new-help')}</p>
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
      <SelectField
        label={say('printing.per-sheet')}
        value={perSheet}
        onChange={setPerSheet}
        choices={[
          { value: '1', label: say('printing.per-sheet-1') },
          { value: '2', label: say('printing.per-sheet-2') },
        ]}
      />
      <CheckField
        label={say('printing.numbered')}
        help={say('printing.numbered-help')}
        checked={numbered}
        onChange={setNumbered}
      />
      <Problem error={known.error ?? make.error} />
      <div class="actions">
        <Button type="submit" kind="primary" icon="print" busy={make.busy}>
          {say('printing.make')}
        </Button>
      </div>
    </form>
  );
}

import { useState } from 'preact/hooks';
import { saveFile } from '../../../../ui/app/save-file.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { callForFile } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import type { Batch } from './schemas.js';

/** Slips with which the holders of a batch take their certificates into wallets. `path`: of the batch. */
export function BatchSlips({ batch, path }: { batch: Batch; path: string }) {
  const { say } = useText();
  const [rows, setRows] = useState({ from: '', to: '' });
  const [made, setMade] = useState(false);
  const make = useAction(async () => {
    setMade(false);
    const query = new URLSearchParams(Object.entries(rows).filter(([, value]) => value !== ''));
    const file = await callForFile(`${path}/offer-slips.pdf?${query.toString()}`, { method: 'POST', body: {} });
    saveFile(`slips-${batch.id}.pdf`, new Uint8Array(await file.arrayBuffer()), 'application/pdf');
    setMade(true);
  });
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        make.run();
      }}
    >
      <h2>{say('slips.title')}</h2>
      <p>{say('slips.help')}</p>
      <p class="soft">{say(batch.needsApproval ? 'slips.code-second' : 'slips.code-list')}</p>
      <div class="slips-rows">
        {(['from', 'to'] as const).map((end) => (
          <TextField
            key={end}
            label={say(`slips.${end}`)}
            type="number"
            min={1}
            max={9_999_999}
            value={rows[end]}
            onInput={(value) => {
              setRows({ ...rows, [end]: value });
              setMade(false);
            }}
          />
        ))}
      </div>
      <p class="soft">{say('slips.rows-help')}</p>
      <Problem error={make.error} />
      {made && (
        <Notice kind="good" live>
          {say('slips.made')}
        </Notice>
      )}
      <div class="actions">
        <Button type="submit" icon="download" busy={make.busy}>
          {say('slips.make')}
        </Button>
      </div>
    </form>
  );
}

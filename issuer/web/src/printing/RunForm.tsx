import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { CheckField, SelectField } from '../parts/index.js';
import { runSchema } from './schemas.js';

/** How certificates are laid out for printing, whatever they are; `children` say which. `source`: what the service is asked for. */
export function RunForm({
  path,
  source,
  onMade,
  submit,
  actions,
  children,
}: {
  path: string;
  source: { batch: string } | { certificates: readonly string[] };
  onMade: () => void;
  /** Words of the button that makes the run. */
  submit: string;
  /** More buttons. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { say } = useText();
  const [perSheet, setPerSheet] = useState<'1' | '2'>('1');
  const [numbered, setNumbered] = useState(true);
  const make = useAction(async () => {
    const body = { ...source, perSheet: Number(perSheet), numbered };
    await call(`${path}/print-runs`, runSchema, { method: 'POST', body });
    onMade();
  });
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        make.run();
      }}
    >
      {children}
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
      <Problem error={make.error} />
      <div class="actions">
        <Button type="submit" kind="primary" icon="print" busy={make.busy}>
          {submit}
        </Button>
        {actions}
      </div>
    </form>
  );
}

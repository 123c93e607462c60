import { Button, Notice } from '../../../../ui/parts/index.js';
import { navigate } from '../app/routes.js';
import type { Found } from '../certificates/schemas.js';
import { useText } from '../i18n/index.js';
import { RunForm } from './RunForm.js';

/** Lays out certificates that were chosen in a list, in the order they were chosen; those not in force are named and left out. */
export function ChosenRun({ path, chosen, onClear }: { path: string; chosen: readonly Found[]; onClear: () => void }) {
  const { say } = useText();
  const printable = chosen.filter(({ status }) => status === 'active');
  const others = chosen.filter(({ status }) => status !== 'active');
  const numbers = others.map(({ certificateNumber }) => certificateNumber).join(say('list.and'));
  const clear = <Button onClick={onClear}>{say('printing.unchoose')}</Button>;
  const left = others.length > 0 && <Notice kind="care">{say('printing.left-out', { numbers })}</Notice>;
  if (printable.length === 0)
    return (
      <div class="card stack">
        {left}
        <div class="actions">{clear}</div>
      </div>
    );
  return (
    <RunForm
      path={path}
      source={{ certificates: printable.map(({ id }) => id) }}
      submit={say('printing.make-chosen', { count: printable.length })}
      actions={clear}
      onMade={() => navigate('printing')}
    >
      <h2>{say('printing.chosen', { count: printable.length })}</h2>
      {left}
    </RunForm>
  );
}

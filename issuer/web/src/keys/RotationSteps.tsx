import { useText } from '../i18n/index.js';
import type { HeldKey } from './schemas.js';

const STEPS = ['prepare', 'tell', 'activate', 'tell-end'] as const;

/** Where the change of keys is: one new key made, the authority told, the key activated, the end of the old one told. */
export function RotationSteps({ next, active }: { next: HeldKey | undefined; active: HeldKey | undefined }) {
  const { say } = useText();
  const now = next === undefined ? 0 : next.toDo === 'activate' ? 2 : 1;
  return (
    <div class="card stack">
      <h2>{say('keys.steps')}</h2>
      <p>{say(active ? 'keys.steps-why' : 'keys.steps-stopped')}</p>
      <ol class="steps">
        {STEPS.map((step, place) => (
          <li key={step} {...(place === now && { 'aria-current': 'step' as const })}>
            <strong>{say(`keys.step.${step}`)}</strong>
            {place < now && <> · {say('keys.step-done')}</>}
            {place === now && <> · {say('keys.step-now')}</>}
            <br />
            <span class="soft">{say(`keys.step.${step}.help`)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

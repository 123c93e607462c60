import { useState } from 'preact/hooks';
import type { z } from 'zod';
import {
  DEFAULT_SUPERVISION,
  supervisionSettingsSchema,
  type SupervisionSettings,
} from '../../../../shared/supervision/rules.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText, type WordKey } from '../i18n/index.js';
import { CheckField, TextField } from '../parts/index.js';
import { heldSettingsSchema } from './schemas.js';

/** A number of a rule: its name there, its bounds and steps. */
type Bound = readonly [name: string, words: WordKey, min: number, max: number, step: number];
type Held = z.infer<typeof heldSettingsSchema>;

const SHARE: readonly Bound[] = [
  ['most', 'rules.most-percent', 0, 100, 0.1],
  ['atLeast', 'rules.at-least', 1, 1_000_000, 1],
];
const RULES: readonly (readonly [rule: keyof SupervisionSettings, words: WordKey, bounds: readonly Bound[]])[] = [
  ['quota', 'rules.quota', []],
  ['seats', 'rules.seats', []],
  [
    'history',
    'rules.history',
    [
      ['factor', 'rules.factor', 1, 20, 0.1],
      ['months', 'rules.months', 3, 60, 1],
      ['atLeastMonths', 'rules.at-least-months', 3, 60, 1],
      ['atLeast', 'rules.at-least', 1, 1_000_000, 1],
    ],
  ],
  ['passRate', 'rules.pass-rate', SHARE],
  ['topLevelShare', 'rules.top-level-share', SHARE],
  ['outsideRegionShare', 'rules.outside-region-share', SHARE],
  ['dayPeak', 'rules.day-peak', [['most', 'rules.most', 1, 1_000_000, 1]]],
];

/** Switches rules on and off and sets their limits, for the whole host. A limit nobody gave a number for has none to begin with. */
export function RulesForm({ held, onSaved }: { held: Held; onSaved: (held: Held) => void }) {
  const { say } = useText();
  const [on, setOn] = useState<Record<string, boolean>>(() =>
    Object.fromEntries(Object.entries(held.settings).map(([rule, value]) => [rule, value !== null && value !== false])),
  );
  const [numbers, setNumbers] = useState(() => numbersOf(held.settings));
  const [isSaved, setSaved] = useState(false);
  const save = useAction(async () => {
    const body = supervisionSettingsSchema.parse(
      Object.fromEntries(RULES.map(([rule, , bounds]) => [rule, valueOf(rule, bounds)])),
    );
    onSaved(await call('/supervision/rules', heldSettingsSchema, { method: 'PUT', body }));
    setSaved(true);
  });
  const valueOf = (rule: string, bounds: readonly Bound[]): unknown => {
    if (bounds.length === 0) return on[rule];
    if (on[rule] !== true) return null;
    return Object.fromEntries(bounds.map(([name]) => [name, Number(numbers[`${rule}.${name}`])]));
  };
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.run();
      }}
    >
      {RULES.map(([rule, words, bounds]) => (
        <fieldset key={rule} class="part stack">
          <legend class="visually-hidden">{say(words)}</legend>
          <CheckField
            label={say(words)}
            help={bounds.length === 0 ? say(rule === 'quota' ? 'rules.quota.on' : 'rules.seats.on') : undefined}
            checked={on[rule] === true}
            onChange={(isOn) => {
              setSaved(false);
              setOn({ ...on, [rule]: isOn });
            }}
          />
          {on[rule] === true && bounds.length > 0 && (
            <div class="form-grid">
              {bounds.map(([name, label, min, max, step]) => (
                <TextField
                  key={name}
                  label={say(label)}
                  type="number"
                  inputMode="decimal"
                  required
                  min={min}
                  max={max}
                  step={step}
                  value={numbers[`${rule}.${name}`] ?? ''}
                  onInput={(value) => {
                    setSaved(false);
                    setNumbers({ ...numbers, [`${rule}.${name}`]: value });
                  }}
                />
              ))}
            </div>
          )}
        </fieldset>
      ))}
      <p class="soft">{say('rules.set-help')}</p>
      <Problem error={save.error} />
      {isSaved && (
        <Notice kind="good" live>
          {say('rules.saved')}
        </Notice>
      )}
      <div class="actions">
        <Button type="submit" kind="primary" busy={save.busy}>
          {say('rules.save')}
        </Button>
      </div>
    </form>
  );
}

/** Every number as it is typed; those of the statistical rule as they are by default where it is off. */
function numbersOf(settings: SupervisionSettings): Record<string, string> {
  const all = { ...settings, history: settings.history ?? DEFAULT_SUPERVISION.history };
  return Object.fromEntries(
    Object.entries(all).flatMap(([rule, value]) =>
      value === null || typeof value === 'boolean'
        ? []
        : Object.entries(value).map(([name, number]) => [`${rule}.${name}`, String(number)]),
    ),
  );
}

import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { SelectField, TextField } from '../parts/index.js';
import { applicationSchema, type Application, type Part } from './schemas.js';

/** Parts that are done, not examined. */
const NO_EXAM: readonly Part[] = ['safety-training', 'hot-work-safety-exam'];
const SCORES = ['theoryScore', 'practicalScore', 'comprehensiveScore'] as const;
type Score = (typeof SCORES)[number];
const SCORE_WORDS = {
  theoryScore: 'exempt.theory',
  practicalScore: 'exempt.practice',
  comprehensiveScore: 'exempt.comprehensive',
} as const;
type PartForm = { result: 'passed' | 'failed' | '' } & Record<Score, string>;
const NEW_PART: PartForm = { result: '', theoryScore: '', practicalScore: '', comprehensiveScore: '' };

/** Scores that belong to a part. */
function scoresOf(part: Part): readonly Score[] {
  if (NO_EXAM.includes(part)) return [];
  if (part === 'theory-exam') return ['theoryScore'];
  if (part === 'practical-exam') return ['practicalScore'];
  return SCORES;
}

/** What remained to be done, and how it went: exactly the parts the answer names. */
export function RemainingForm({
  application,
  path,
  onChanged,
}: {
  application: Application;
  path: string;
  onChanged: (application: Application) => void;
}) {
  const { say, sentences } = useText();
  const { stillRequired, admission } = application.answer;
  const [facts, setFacts] = useState({ id: '', standard: '', standardType: 'national', date: '', region: '' });
  const [passMark, setPassMark] = useState('60');
  const [parts, setParts] = useState<Partial<Record<Part, PartForm>>>({});
  const [admittedBy, setAdmittedBy] = useState('');
  const set = (change: Partial<typeof facts>): void => setFacts({ ...facts, ...change });
  const record = useAction(async () => {
    const { region, ...assessment } = facts;
    const [edition = '', condition = ''] = admittedBy.split(' ');
    const body = {
      assessment: { ...assessment, ...(region !== '' && { region }) },
      passMark: Number(passMark),
      results: stillRequired.map((part) => {
        const form = parts[part] ?? NEW_PART;
        const scores = scoresOf(part).flatMap((score) => (form[score] === '' ? [] : [[score, form[score]] as const]));
        return { part, passed: form.result === 'passed', ...Object.fromEntries(scores) };
      }),
      ...(admittedBy !== '' && { admittedBy: { edition, condition: Number(condition) } }),
    };
    onChanged(await call(`${path}/remaining`, applicationSchema, { method: 'PUT', body }));
  });
  const form = (
    <>
      <p class="soft">{say('exempt.remaining-help', { mark: passMark })}</p>
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          record.run();
        }}
      >
        {admission.length > 0 && (
          <SelectField
            label={say('exempt.admission')}
            help={say('exempt.admission-help')}
            value={admittedBy}
            empty={say('change.choose')}
            required
            choices={admission.flatMap(({ edition, editionZh, editionEn, conditions }) =>
              conditions.map(({ zh, en, met, earliest }, place) => ({
                value: `${edition} ${place}`,
                label: [
                  sentences === 'zh-CN' ? `${editionZh}：${zh}` : `${editionEn}: ${en}`,
                  ...(met === 'fail' ? [`(${say('exempt.not-yet', { date: earliest ?? '' })})`] : []),
                ].join(' '),
              })),
            )}
            onChange={setAdmittedBy}
          />
        )}
        <div class="form-grid">
          <TextField
            label={say('exempt.assessment')}
            value={facts.id}
            maxLength={40}
            required
            onInput={(id) => set({ id })}
          />
          <TextField
            label={say('exempt.standard')}
            value={facts.standard}
            maxLength={60}
            required
            onInput={(standard) => set({ standard })}
          />
          <SelectField
            label={say('exempt.standard-type')}
            value={facts.standardType}
            choices={(['national', 'industry', 'enterprise'] as const).map((value) => ({
              value: value,
              label: say(`exempt.standard-type.${value}`),
            }))}
            onChange={(standardType) => set({ standardType })}
          />
          <TextField
            label={say('exempt.date')}
            type="date"
            value={facts.date}
            required
            onInput={(date) => set({ date })}
          />
          <TextField
            label={say('exempt.place')}
            value={facts.region}
            maxLength={6}
            inputMode="numeric"
            onInput={(region) => set({ region })}
          />
          <TextField
            label={say('exempt.pass-mark')}
            inputMode="numeric"
            maxLength={3}
            value={passMark}
            required
            onInput={setPassMark}
          />
        </div>
        {stillRequired.map((part) => {
          const own = parts[part] ?? NEW_PART;
          const change = (values: Partial<PartForm>): void => setParts({ ...parts, [part]: { ...own, ...values } });
          return (
            <fieldset key={part} class="part">
              <legend>{say(`exempt.part.${part}`)}</legend>
              <div class="form-grid">
                <SelectField
                  label={say('exempt.result')}
                  value={own.result}
                  empty={say('change.choose')}
                  required
                  choices={(['passed', 'failed'] as const).map((value) => ({
                    value,
                    label: say(`exempt.result.${value}`),
                  }))}
                  onChange={(result) => change({ result })}
                />
                {scoresOf(part).map((score) => (
                  <TextField
                    key={score}
                    label={say(SCORE_WORDS[score])}
                    value={own[score]}
                    maxLength={5}
                    inputMode="decimal"
                    onInput={(value) => change({ [score]: value })}
                  />
                ))}
              </div>
            </fieldset>
          );
        })}
        <Problem error={record.error} />
        <div class="actions">
          <Button type="submit" kind="primary" busy={record.busy}>
            {say('exempt.record')}
          </Button>
        </div>
      </form>
    </>
  );
  if (application.state === 'remaining-recorded')
    return (
      <details class="card">
        <summary>{say('exempt.remaining-again')}</summary>
        {form}
      </details>
    );
  return (
    <section class="card stack" aria-labelledby="remaining-title">
      <h2 id="remaining-title">{say('exempt.remaining')}</h2>
      {form}
    </section>
  );
}

import { OCCUPATIONS } from '../../../../shared/certificate/occupation-data.js';
import { CERTIFICATE_KINDS } from '../../../../shared/certificate/kind.js';
import { useText } from '../i18n/index.js';
import { CheckField, SelectField, TextField } from '../parts/index.js';
import { levelsOf, type LineDraft } from './draft.js';
import { KINDS, PARTS, type Part } from './schemas.js';

/** Below it no part is passed (DOMAIN §4). */
const LEAST_MARK = 60;

/** What an institution certifies: kind, occupation, level, standard, and what each part must reach. */
export function LineFields<D extends LineDraft>({
  draft,
  onChange,
  held = PARTS,
  errorAt,
}: {
  draft: D;
  onChange: (draft: D) => void;
  /** Parts to choose from: those a leading institution holds. */
  held?: readonly Part[];
  errorAt: (pointer: string) => string | undefined;
}) {
  const { say, sentences } = useText();
  const isZh = sentences === 'zh-CN';
  const set = (changes: Partial<LineDraft>): void => onChange({ ...draft, ...changes });
  const known = OCCUPATIONS.find(({ code, edition }) => code === draft.occupation.trim() && edition === '2022');
  return (
    <>
      <SelectField
        label={say('exam.kind')}
        value={draft.kind}
        onChange={(kind) => set({ kind, level: '' })}
        choices={KINDS.map((value) => {
          const kind = CERTIFICATE_KINDS.find(({ id }) => id === value);
          return { value, label: (isZh ? kind?.nameZh : kind?.nameEn) ?? value };
        })}
      />
      <TextField
        label={say('exam.occupation')}
        help={known?.name}
        error={errorAt('/occupation/code')}
        required
        markRequired
        plain
        maxLength={20}
        list="exam-occupations"
        value={draft.occupation}
        onInput={(occupation) => set({ occupation })}
      />
      <datalist id="exam-occupations">
        {OCCUPATIONS.filter(({ edition }) => edition === '2022').map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </datalist>
      {draft.occupation.trim().length >= 10 && known === undefined && (
        <TextField
          label={say('exam.occupation-name')}
          help={say('exam.occupation-name-help')}
          error={errorAt('/occupation/name')}
          maxLength={40}
          value={draft.occupationName}
          onInput={(occupationName) => set({ occupationName })}
        />
      )}
      <TextField
        label={say('exam.trade')}
        error={errorAt('/occupation/trade')}
        maxLength={40}
        value={draft.trade}
        onInput={(trade) => set({ trade })}
      />
      <SelectField
        label={say('exam.level')}
        error={errorAt('/level')}
        required
        markRequired
        empty={say('change.choose')}
        value={draft.level}
        onChange={(level) => set({ level })}
        choices={levelsOf(draft.kind).map(({ value, nameZh, nameEn }) => ({ value, label: isZh ? nameZh : nameEn }))}
      />
      <SelectField
        label={say('exam.method')}
        value={draft.method}
        onChange={(method) => set({ method })}
        choices={(['examination', 'theory', 'practice', 'competition'] as const).map((value) => ({
          value,
          label: say(`exam.method.${value}`),
        }))}
      />
      <TextField
        label={say('exam.standard')}
        help={say('exam.standard-help')}
        error={errorAt('/standard')}
        required
        markRequired
        maxLength={60}
        value={draft.standard}
        onInput={(standard) => set({ standard })}
      />
      <SelectField
        label={say('exam.standard-type')}
        value={draft.standardType}
        onChange={(standardType) => set({ standardType })}
        choices={(['national', 'industry', 'enterprise'] as const).map((value) => ({
          value,
          label: say(`exam.standard-type.${value}`),
        }))}
      />
      <TextField
        label={say('exam.filing')}
        error={errorAt('/filing')}
        plain
        maxLength={40}
        value={draft.filing}
        onInput={(filing) => set({ filing })}
      />
      <TextField
        label={say('exam.region')}
        help={say('exam.region-help')}
        error={errorAt('/region')}
        inputMode="numeric"
        maxLength={6}
        value={draft.region}
        onInput={(region) => set({ region })}
      />
      <fieldset class="role-choice exam-parts">
        <legend>{say('exam.parts')}</legend>
        <p class="field-help">{say('exam.parts-help')}</p>
        {held.map((part) => {
          const mark = draft.marks[part];
          return (
            <div class="exam-part" key={part}>
              <CheckField
                label={say(`exam.part.${part}`)}
                checked={mark !== undefined}
                onChange={(isHeld) =>
                  set({ marks: { ...draft.marks, [part]: isHeld ? String(LEAST_MARK) : undefined } })
                }
              />
              {mark !== undefined && (
                <TextField
                  label={say('exam.mark-of', { part: say(`exam.part.${part}`) })}
                  type="number"
                  inputMode="decimal"
                  min={LEAST_MARK}
                  max={100}
                  step={0.1}
                  required
                  value={mark}
                  onInput={(value) => set({ marks: { ...draft.marks, [part]: value } })}
                />
              )}
            </div>
          );
        })}
      </fieldset>
    </>
  );
}

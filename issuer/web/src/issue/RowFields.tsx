import { OCCUPATIONS } from '../../../../shared/certificate/occupation-data.js';
import { Notice } from '../../../../ui/parts/index.js';
import type { DraftValues } from '../api/drafts.js';
import { useText } from '../i18n/index.js';
import { SelectField, TextField } from '../parts/index.js';
import type { IssueField } from './fields.js';

/** Longer than anything a certificate may hold, so that what is too long is seen and said, not cut off silently. */
const LONGEST = 10_000;

/** The fields of one row of a sheet, each with what is wrong in it and, for corrections, what stands there now. */
export function RowFields({
  fields,
  row,
  onChange,
  wrong,
  held,
}: {
  fields: readonly IssueField[];
  /** By header of the column. */
  row: DraftValues;
  onChange: (row: DraftValues, header: string) => void;
  /** By header; what belongs to no field is said below. */
  wrong: ReadonlyMap<string, string>;
  /** What the certificate holds now, by header. */
  held?: DraftValues;
}) {
  const { say, sentences } = useText();
  const headers = new Set(fields.map(({ header }) => header));
  const others = [...wrong].filter(([header]) => !headers.has(header));
  return (
    <>
      {fields.map((field) => {
        const { header, key, required, choices, initial } = field;
        const value = row[header] ?? '';
        const before = held?.[header] ?? '';
        const isChanged = held !== undefined && before !== value && key !== 'id-number';
        const common = {
          key,
          label: say(`issue.${key}`),
          help: isChanged ? (
            <>
              {say('correction.was')} <del>{before === '' ? say('correction.nothing') : before}</del>
            </>
          ) : (
            helpOf(field, row, say)
          ),
          error: wrong.get(header),
          required,
          markRequired: required,
          value,
        };
        return choices ? (
          <SelectField
            {...common}
            {...(initial === undefined && { empty: say('change.choose') })}
            onChange={(next) => onChange({ ...row, [header]: next }, header)}
            choices={withHeld(choices, before).map((one) => ({
              value: one.value,
              label: sentences === 'zh-CN' ? one.value : one.en,
            }))}
          />
        ) : (
          <TextField
            {...common}
            type={field.type ?? 'text'}
            {...(field.inputMode && { inputMode: field.inputMode })}
            maxLength={LONGEST}
            {...(key === 'occupation' && { list: 'occupations' })}
            onInput={(next) => onChange({ ...row, [header]: next }, header)}
          />
        );
      })}
      <datalist id="occupations">
        {OCCUPATIONS.filter(({ edition }) => edition === '2022').map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </datalist>
      {others.map(([header, text]) => (
        <Notice key={header} kind="bad" live>
          {text}
        </Notice>
      ))}
    </>
  );
}

/** What a certificate holds can always be chosen again. */
function withHeld(choices: NonNullable<IssueField['choices']>, held: string): NonNullable<IssueField['choices']> {
  return held === '' || choices.some(({ value }) => value === held) ? choices : [...choices, { value: held, en: held }];
}

/** The name of the occupation, as soon as its code is known. */
function helpOf(
  { key, header }: IssueField,
  row: DraftValues,
  say: ReturnType<typeof useText>['say'],
): string | undefined {
  if (key === 'id-number') return say('issue.id-number-help');
  if (key !== 'occupation') return undefined;
  return (
    OCCUPATIONS.find(({ code, edition }) => code === row[header] && edition === '2022')?.name ??
    say('issue.occupation-help')
  );
}

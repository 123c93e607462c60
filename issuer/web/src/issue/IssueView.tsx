import { useRef, useState } from 'preact/hooks';
import { OCCUPATIONS } from '../../../../shared/certificate/occupation-data.js';
import { useStore } from '../../../../ui/app/store.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { tenantPath } from '../api/service.js';
import { sessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import { navigate } from '../app/routes.js';
import { handInRow } from '../batches/hand-in-row.js';
import { batchSchema, problemsSchema } from '../batches/schemas.js';
import { useText } from '../i18n/index.js';
import { SelectField, TextField } from '../parts/index.js';
import { ISSUE_FIELDS, type IssueField } from './fields.js';

const START = Object.fromEntries(ISSUE_FIELDS.map(({ header, initial = '' }) => [header, initial]));

/** One certificate by form: checked as a sheet of one row, then confirmed on the batch's page. */
export function IssueView() {
  const { say, tag, sentences } = useText();
  const { tenant } = useStore(sessionState);
  const path = tenantPath(tenant);
  const [row, setRow] = useState<Record<string, string>>(START);
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  const form = useRef<HTMLFormElement>(null);
  /** The same key for the same content, so that a broken connection makes no second batch. */
  const key = useRef({ content: '', value: '' });
  const check = useAction(async () => {
    const content = JSON.stringify(row);
    if (key.current.content !== content) key.current = { content, value: crypto.randomUUID() };
    const batch = await handInRow(path, 'issue', row, key.current.value, say('issue.file'));
    if (batch.wrong === 0) {
      navigate('batches', batch.id);
      return;
    }
    const { problems } = await call(`${path}/batches/${batch.id}/problems?limit=100&lang=${tag}`, problemsSchema);
    await call(`${path}/batches/${batch.id}/cancel`, batchSchema, { method: 'POST' });
    key.current = { content: '', value: '' };
    setWrong(new Map(problems.map(({ header, text }) => [header ?? '', text])));
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus());
  });
  const set = (header: string, value: string): void => {
    setRow({ ...row, [header]: value });
    if (wrong.has(header)) setWrong(new Map([...wrong].filter(([one]) => one !== header)));
  };
  const named = new Set(ISSUE_FIELDS.map(({ header }) => header));
  const others = [...wrong].filter(([header]) => !named.has(header));
  return (
    <section class="stack">
      <h1>{say('issue.title')}</h1>
      <p class="soft">{say('issue.help')}</p>
      <form
        ref={form}
        class="card issue-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          check.run();
        }}
      >
        {ISSUE_FIELDS.map((field) => {
          const common = {
            key: field.key,
            label: say(`issue.${field.key}`),
            help: helpOf(field, row, say),
            error: wrong.get(field.header),
            required: field.required,
            markRequired: field.required,
            value: row[field.header] ?? '',
          };
          return field.choices ? (
            <SelectField
              {...common}
              {...(field.initial === undefined && { empty: say('change.choose') })}
              onChange={(value) => set(field.header, value)}
              choices={field.choices.map(({ value, en }) => ({ value, label: sentences === 'zh-CN' ? value : en }))}
            />
          ) : (
            <TextField
              {...common}
              type={field.type ?? 'text'}
              {...(field.inputMode && { inputMode: field.inputMode })}
              maxLength={100}
              {...(field.key === 'occupation' && { list: 'occupations' })}
              onInput={(value) => set(field.header, value)}
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
        <Problem error={check.error} />
        <div class="actions">
          <Button type="submit" kind="primary" busy={check.busy}>
            {say('issue.check')}
          </Button>
          <Button
            onClick={() => {
              setRow(START);
              setWrong(new Map());
            }}
          >
            {say('issue.clear')}
          </Button>
        </div>
      </form>
    </section>
  );
}

/** The name of the occupation, as soon as its code is known. */
function helpOf(
  { key, header }: IssueField,
  row: Record<string, string>,
  say: ReturnType<typeof useText>['say'],
): string | undefined {
  if (key === 'id-number') return say('issue.id-number-help');
  if (key !== 'occupation') return undefined;
  return (
    OCCUPATIONS.find(({ code, edition }) => code === row[header] && edition === '2022')?.name ??
    say('issue.occupation-help')
  );
}

import { useRef, useState } from 'preact/hooks';
import { CERTIFICATE_KINDS, certificateKind } from '../../../../shared/certificate/kind.js';
import { IDENTITY_DOCUMENT_TYPES } from '../../../../shared/certificate/identity-document.js';
import { LEVEL_FRAMEWORKS } from '../../../../shared/certificate/level.js';
import { OCCUPATIONS } from '../../../../shared/certificate/occupation-data.js';
import { PUBLISHED_RULES } from '../../../../shared/trust/application/published-rules.js';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { navigate, routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { SelectField, TextField } from '../parts/index.js';
import { applicationSchema, grantsSchema } from './schemas.js';

/** Kinds an assessment is held for. */
const APPLICABLE = [
  'skill-level',
  'occ-qualification',
  'mo-skill',
  'special-operation',
  'construction-special',
  'special-equipment',
];
const ITEMS = [...new Set(PUBLISHED_RULES.flatMap(({ from, to }) => [from.item, to.item]))].filter(
  (item) => item !== undefined,
);
const EMPTY = {
  name: '',
  idType: 'resident-identity-card',
  idNumber: '',
  kind: '',
  item: '',
  occupation: '',
  level: '',
  region: '',
};

/** Who applies, for which qualification, where. */
export function NewApplication({ path }: { path: string }) {
  const { say, sentences } = useText();
  const zh = sentences === 'zh-CN';
  const grants = useCall((signal) => call(`${path}/accreditations`, grantsSchema, { signal }), [path]);
  const [form, setForm] = useState(EMPTY);
  const key = useRef(crypto.randomUUID());
  const set = (change: Partial<typeof EMPTY>): void => setForm({ ...form, ...change });
  const granted = new Set(grants.value?.accreditations.flatMap(({ kind }) => kind ?? []));
  const kinds = CERTIFICATE_KINDS.filter(({ id }) => APPLICABLE.includes(id) && granted.has(id));
  const kind = form.kind === '' ? undefined : certificateKind(form.kind);
  const levels = grants.value?.accreditations.flatMap((scope) => scope.level ?? []) ?? [];
  const choices = LEVEL_FRAMEWORKS.filter(({ id }) => kind?.frameworks.includes(id)).flatMap(({ id, values }) =>
    values
      .filter(({ value }) => levels.some((one) => one.framework === id && one.value === value))
      .map(({ value, nameZh, nameEn }) => ({ value: `${id} ${value}`, label: zh ? nameZh : nameEn })),
  );
  const begin = useAction(async () => {
    const [framework = '', value = ''] = form.level.split(' ');
    const body = {
      applicant: { name: form.name.trim(), idType: form.idType, idNumber: form.idNumber.trim().toUpperCase() },
      wanted: {
        kind: form.kind,
        ...(kind?.hasOccupation ? { occupation: form.occupation.trim() } : { item: form.item.trim() }),
        ...(kind && kind.frameworks.length > 0 && { level: { framework, value } }),
      },
      ...(form.region.trim() !== '' && { region: form.region.trim() }),
    };
    const made = await call(`${path}/applications`, applicationSchema, {
      method: 'POST',
      body,
      idempotencyKey: key.current,
    });
    navigate('exemptions', made.id);
  });
  return (
    <section class="stack">
      <p>
        <a href={routeHref('exemptions')}>{say('exempt.back')}</a>
      </p>
      <h1>{say('exempt.new')}</h1>
      <Problem error={grants.error} />
      <form
        class="card issue-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          begin.run();
        }}
        onInput={() => (key.current = crypto.randomUUID())}
      >
        <TextField
          label={say('exempt.name')}
          value={form.name}
          maxLength={60}
          required
          onInput={(name) => set({ name })}
        />
        <SelectField
          label={say('exempt.id-type')}
          value={form.idType}
          required
          choices={IDENTITY_DOCUMENT_TYPES.map((value) => ({ value, label: say(`exempt.document.${value}`) }))}
          onChange={(idType) => set({ idType })}
        />
        <TextField
          label={say('exempt.id-number')}
          help={say('exempt.id-help')}
          value={form.idNumber}
          maxLength={20}
          plain
          required
          onInput={(idNumber) => set({ idNumber })}
        />
        <SelectField
          label={say('exempt.kind')}
          help={say('exempt.kind-help')}
          value={form.kind}
          empty={say('change.choose')}
          required
          choices={kinds.map(({ id, nameZh, nameEn }) => ({ value: id, label: zh ? nameZh : nameEn }))}
          onChange={(value) => set({ kind: value, level: '' })}
        />
        {kind && !kind.hasOccupation && (
          <TextField
            label={say('exempt.item')}
            value={form.item}
            maxLength={60}
            list="permit-items"
            required
            onInput={(item) => set({ item })}
          />
        )}
        {kind?.hasOccupation && (
          <TextField
            label={say('exempt.occupation')}
            help={OCCUPATIONS.find(({ code, edition }) => code === form.occupation && edition === '2022')?.name}
            value={form.occupation}
            maxLength={12}
            list="occupation-codes"
            plain
            required
            onInput={(occupation) => set({ occupation })}
          />
        )}
        {kind && kind.frameworks.length > 0 && (
          <SelectField
            label={say('exempt.level')}
            value={form.level}
            empty={say('change.choose')}
            required
            choices={choices}
            onChange={(level) => set({ level })}
          />
        )}
        <TextField
          label={say('exempt.region')}
          help={say('exempt.region-help')}
          value={form.region}
          maxLength={6}
          inputMode="numeric"
          onInput={(region) => set({ region })}
        />
        <datalist id="permit-items">
          {ITEMS.map((item) => (
            <option key={item} value={item} />
          ))}
        </datalist>
        <datalist id="occupation-codes">
          {OCCUPATIONS.filter(({ edition }) => edition === '2022').map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </datalist>
        <Problem error={begin.error} />
        <div class="actions">
          <Button type="submit" kind="primary" busy={begin.busy}>
            {say('exempt.begin')}
          </Button>
        </div>
      </form>
    </section>
  );
}

import { useState } from 'preact/hooks';
import { certificateKind } from '../../../../shared/certificate/kind.js';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { sessionState } from '../api/session-state.js';
import { useAction } from '../api/use-action.js';
import { useText, type WordKey } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { applicationSchema, type Application } from './schemas.js';

const FIELDS = [
  'employerName',
  'employerCode',
  'trade',
  'category',
  'firstIssuedOn',
  'reviewBy',
  'expiresOn',
  'certificateNumber',
] as const;
type FieldName = (typeof FIELDS)[number];
const WORDS: Record<FieldName, WordKey> = {
  employerName: 'exempt.employer',
  employerCode: 'exempt.employer-code',
  trade: 'exempt.trade',
  category: 'exempt.permit-category',
  firstIssuedOn: 'exempt.first-issued',
  reviewBy: 'exempt.review-by',
  expiresOn: 'exempt.expires',
  certificateNumber: 'exempt.number',
};
const DATES: readonly FieldName[] = ['firstIssuedOn', 'reviewBy', 'expiresOn'];
const REQUIRED: readonly FieldName[] = [
  'employerName',
  'employerCode',
  'category',
  'firstIssuedOn',
  'certificateNumber',
];

/** What stands on the certificate beyond what is known, and the document number once more. */
export function HandInForm({
  application,
  path,
  onChanged,
  onFailed,
}: {
  application: Application;
  path: string;
  onChanged: (application: Application) => void;
  /** What is shown may have been judged anew. */
  onFailed: () => void;
}) {
  const { say, tag } = useText();
  const kind = certificateKind(application.wanted.kind);
  const isPermit = !kind.hasOccupation;
  // Employers assess their own people and those of their supply chain, and the certificate says whose they are.
  const isEmployer = sessionState.get().tenant?.startsWith('Y') === true;
  const [idNumber, setIdNumber] = useState('');
  const [form, setForm] = useState<Partial<Record<FieldName, string>>>({});
  const shown = FIELDS.filter((name) => {
    if (name === 'employerName' || name === 'employerCode') return isEmployer;
    if (name === 'trade') return kind.hasOccupation;
    if (name === 'certificateNumber') return !kind.numbered;
    return name === 'expiresOn' || isPermit;
  });
  const handIn = useAction(async () => {
    const value = (name: FieldName): Record<string, string> => {
      const text = form[name]?.trim() ?? '';
      return text === '' ? {} : { [name]: text };
    };
    const body = {
      idNumber: idNumber.trim().toUpperCase(),
      ...(isEmployer && { employer: { uscc: form.employerCode?.trim() ?? '', name: form.employerName?.trim() ?? '' } }),
      ...value('trade'),
      ...value('expiresOn'),
      ...value('certificateNumber'),
      ...(isPermit && { permit: { ...value('category'), ...value('firstIssuedOn'), ...value('reviewBy') } }),
    };
    try {
      onChanged(await call(`${path}/hand-in?lang=${tag}`, applicationSchema, { method: 'POST', body }));
    } catch (error) {
      onFailed();
      throw error;
    }
  });
  return (
    <section class="card stack" aria-labelledby="hand-in-title">
      <h2 id="hand-in-title">{say('exempt.hand-in')}</h2>
      <p class="soft">{say('exempt.hand-in-help')}</p>
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          handIn.run();
        }}
      >
        <div class="form-grid">
          <TextField
            label={say('exempt.id-number')}
            value={idNumber}
            maxLength={20}
            plain
            required
            onInput={setIdNumber}
          />
          {shown.map((name) => (
            <TextField
              key={name}
              label={say(WORDS[name])}
              help={name === 'certificateNumber' ? say('exempt.number-help') : undefined}
              type={DATES.includes(name) ? 'date' : 'text'}
              maxLength={40}
              value={form[name] ?? ''}
              required={REQUIRED.includes(name)}
              onInput={(value) => setForm({ ...form, [name]: value })}
            />
          ))}
        </div>
        <Problem error={handIn.error} />
        <div class="actions">
          <Button type="submit" kind="primary" busy={handIn.busy}>
            {say('exempt.submit')}
          </Button>
        </div>
      </form>
    </section>
  );
}

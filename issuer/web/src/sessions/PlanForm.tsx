import { useState } from 'preact/hooks';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { NEW_PLAN, planDraftOf, planInput, type PlanDraft } from './draft.js';
import { FitNotice } from './FitNotice.js';
import { LineFields } from './LineFields.js';
import { detailSchema, fitSchema, type Detail, type Fit } from './schemas.js';
import { StaffFields } from './StaffFields.js';
import { useFormProblem } from './use-form-problem.js';

const FIELDS = [
  '/id',
  '/occupation/code',
  '/occupation/name',
  '/occupation/trade',
  '/level',
  '/standard',
  '/filing',
  '/region',
  '/heldOn',
  '/endsOn',
  '/registerBy',
  '/place',
  '/seats',
  '/publication',
];

/** A new plan, or one to be changed; checked against the accreditation before and when it is saved. */
export function PlanForm({
  path,
  session,
  onSaved,
  onCancel,
}: {
  /** Of the institution's sessions. */
  path: string;
  /** Plan to be changed; absent for a new one. */
  session?: Detail;
  onSaved: (session: Detail) => void;
  onCancel: () => void;
}) {
  const { say, tag } = useText();
  const [draft, setDraft] = useState<PlanDraft>(session ? planDraftOf(session) : NEW_PLAN);
  const [fit, setFit] = useState<Fit>();
  const set = (changes: Partial<PlanDraft>): void => {
    setDraft({ ...draft, ...changes });
    setFit(undefined);
  };
  const check = useAction(async () => {
    setFit(await call(`${path}/check?lang=${tag}`, fitSchema, { method: 'POST', body: planInput(draft) }));
  });
  const save = useAction(async () => {
    const plan = planInput(draft);
    onSaved(
      session
        ? await call(`${path}/${encodeURIComponent(session.id)}?lang=${tag}`, detailSchema, {
            method: 'PUT',
            body: { plan, version: session.version },
          })
        : await call(`${path}?lang=${tag}`, detailSchema, { method: 'POST', body: plan }),
    );
  });
  const problem = useFormProblem(save.error ?? check.error, FIELDS, session && save.error ? '/plan' : '');
  const { errorAt } = problem;
  return (
    <form
      class="card issue-form"
      autocomplete="off"
      aria-label={say(session ? 'exam.edit' : 'exam.new')}
      onSubmit={(event) => {
        event.preventDefault();
        const pressed = (event as SubmitEvent).submitter;
        if (pressed instanceof HTMLButtonElement && pressed.value === 'check') check.run();
        else save.run();
      }}
    >
      <h2>{say(session ? 'exam.edit' : 'exam.new')}</h2>
      {!session && (
        <TextField
          label={say('exam.id')}
          help={say('exam.id-help')}
          error={errorAt('/id')}
          required
          markRequired
          plain
          maxLength={40}
          isFocused
          value={draft.id}
          onInput={(id) => set({ id })}
        />
      )}
      <h3>{say('exam.sections.subject')}</h3>
      <LineFields draft={draft} onChange={(changed) => set(changed)} errorAt={errorAt} />
      <h3>{say('exam.sections.when')}</h3>
      <TextField
        label={say('exam.held-on')}
        error={errorAt('/heldOn')}
        type="date"
        required
        markRequired
        value={draft.heldOn}
        onInput={(heldOn) => set({ heldOn })}
      />
      <TextField
        label={say('exam.ends-on')}
        error={errorAt('/endsOn')}
        type="date"
        value={draft.endsOn}
        onInput={(endsOn) => set({ endsOn })}
      />
      <TextField
        label={say('exam.register-by')}
        error={errorAt('/registerBy')}
        type="date"
        value={draft.registerBy}
        onInput={(registerBy) => set({ registerBy })}
      />
      <TextField
        label={say('exam.place')}
        error={errorAt('/place')}
        required
        markRequired
        maxLength={60}
        value={draft.place}
        onInput={(place) => set({ place })}
      />
      <TextField
        label={say('exam.seats')}
        error={errorAt('/seats')}
        type="number"
        inputMode="numeric"
        min={1}
        max={5000}
        required
        markRequired
        value={draft.seats}
        onInput={(seats) => set({ seats })}
      />
      <TextField
        label={say('exam.publication-from')}
        error={errorAt('/publication')}
        help={say('exam.publication-help')}
        type="date"
        required={draft.publicationUntil !== ''}
        value={draft.publicationFrom}
        onInput={(publicationFrom) => set({ publicationFrom })}
      />
      <TextField
        label={say('exam.publication-until')}
        type="date"
        required={draft.publicationFrom !== ''}
        value={draft.publicationUntil}
        onInput={(publicationUntil) => set({ publicationUntil })}
      />
      <StaffFields staff={draft.staff} onChange={(staff) => set({ staff })} />
      {fit && <FitNotice fit={fit} />}
      <Problem error={problem.rest} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={save.busy}>
          {say('exam.save')}
        </Button>
        <button type="submit" class="button button-plain" value="check" disabled={check.busy}>
          <span>{say('exam.check')}</span>
        </button>
        <Button onClick={onCancel}>{say('exam.cancel')}</Button>
      </div>
    </form>
  );
}

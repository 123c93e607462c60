import { useRef, useState } from 'preact/hooks';
import { z } from 'zod';
import {
  IDENTITY_DOCUMENT_TYPES,
  type IdentityDocumentType,
} from '../../../../shared/certificate/identity-document.js';
import { Button } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { CheckField, SelectField, TextField } from '../parts/index.js';
import { useFormProblem } from './use-form-problem.js';

const addedSchema = z.object({ candidate: z.number() });
const FIELDS = ['/name', '/idNumber', '/holder/idNumber', '/ticket', '/seat'];
const EMPTY = { name: '', idNumber: '', ticket: '', seat: '' };

/** One candidate by form; it stays open for the next one. */
export function AddCandidate({ path, isJoint, onAdded }: { path: string; isJoint: boolean; onAdded: () => void }) {
  const { say } = useText();
  const [draft, setDraft] = useState(EMPTY);
  const [idType, setIdType] = useState<IdentityDocumentType>('resident-identity-card');
  const [shares, setShares] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const add = useAction(async () => {
    const { name, idNumber, ticket, seat } = draft;
    const body = {
      name: name.trim(),
      idType,
      idNumber: idNumber.trim().toUpperCase(),
      ...(ticket.trim() !== '' && { ticket: ticket.trim() }),
      ...(seat.trim() !== '' && { seat: seat.trim() }),
      shares: isJoint && shares,
    };
    await call(`${path}/candidates`, addedSchema, { method: 'POST', body });
    setDraft(EMPTY);
    setShares(false);
    onAdded();
    form.current?.querySelector('input')?.focus();
  });
  const { errorAt, rest } = useFormProblem(add.error, FIELDS);
  const set = (changes: Partial<typeof EMPTY>): void => {
    setDraft({ ...draft, ...changes });
    if (add.error !== undefined) add.clear();
  };
  return (
    <form
      ref={form}
      class="issue-form exam-inner"
      autocomplete="off"
      aria-label={say('exam.add')}
      onSubmit={(event) => {
        event.preventDefault();
        add.run();
      }}
    >
      <TextField
        label={say('exam.candidate-name')}
        error={errorAt('/name')}
        required
        maxLength={60}
        value={draft.name}
        onInput={(name) => set({ name })}
      />
      <SelectField
        label={say('exam.candidate-id-type')}
        value={idType}
        onChange={setIdType}
        choices={IDENTITY_DOCUMENT_TYPES.map((value) => ({ value, label: say(`exempt.document.${value}`) }))}
      />
      <TextField
        label={say('exam.candidate-id-number')}
        help={say('exam.candidate-id-number-help')}
        error={errorAt('/idNumber') ?? errorAt('/holder/idNumber')}
        required
        plain
        maxLength={20}
        value={draft.idNumber}
        onInput={(idNumber) => set({ idNumber })}
      />
      <TextField
        label={say('exam.candidate-ticket')}
        error={errorAt('/ticket')}
        plain
        maxLength={40}
        value={draft.ticket}
        onInput={(ticket) => set({ ticket })}
      />
      <TextField
        label={say('exam.candidate-seat')}
        error={errorAt('/seat')}
        plain
        maxLength={40}
        value={draft.seat}
        onInput={(seat) => set({ seat })}
      />
      {isJoint && (
        <CheckField
          label={say('exam.candidate-shares')}
          help={say('exam.candidate-shares-help')}
          checked={shares}
          onChange={setShares}
        />
      )}
      <Problem error={rest} />
      <div class="actions">
        <Button type="submit" busy={add.busy}>
          {say('exam.add')}
        </Button>
      </div>
    </form>
  );
}

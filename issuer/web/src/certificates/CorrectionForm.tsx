import { useState } from 'preact/hooks';
import type { CertificateRecord } from '../../../../shared/certificate/record.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { Problem } from '../api/Problem.js';
import { useText } from '../i18n/index.js';
import { fitsForm, ID_NUMBER, ISSUE_FIELDS } from '../issue/fields.js';
import { RowFields } from '../issue/RowFields.js';
import { useRowCheck } from '../issue/use-row-check.js';
import { useDraft } from '../parts/index.js';
import { rowOfRecord } from './row-of-record.js';

/** A certificate keeps its kind and occupation; for others a new one is issued (DOMAIN §0.5). */
const FIELDS = ISSUE_FIELDS.filter(({ key }) => key !== 'kind' && key !== 'occupation');

/** Corrects one certificate: the form holds what it says now, shows each change, and is handed in as a batch of one row. */
export function CorrectionForm({ institution, record }: { institution: string; record: CertificateRecord }) {
  const { say } = useText();
  const [isOpen, setOpen] = useState(false);
  if (!fitsForm(record.kind)) return <p class="soft">{say('correction.by-sheet')}</p>;
  return (
    <div class="card">
      <h2>{say('correction.title')}</h2>
      {isOpen ? (
        <Opened institution={institution} record={record} onClose={() => setOpen(false)} />
      ) : (
        <div class="actions">
          <Button onClick={() => setOpen(true)}>{say('correction.open')}</Button>
        </div>
      )}
    </div>
  );
}

function Opened({
  institution,
  record,
  onClose,
}: {
  institution: string;
  record: CertificateRecord;
  onClose: () => void;
}) {
  const { say } = useText();
  const number = record.certificateNumber;
  const held = rowOfRecord(record);
  const draft = useDraft(`correct.${number}.${record.revision}`, held, [ID_NUMBER]);
  const check = useRowCheck(institution, 'correct', `${say('operation.correct')}-${number}`, draft.clear);
  const changes = FIELDS.filter(({ header }) => header !== ID_NUMBER && draft.values[header] !== held[header]);
  const isOtherDocument = !(draft.values[ID_NUMBER] ?? '')
    .toUpperCase()
    .endsWith(record.holder.identityDocumentLastFour);
  const orNothing = (value = ''): string => (value === '' ? say('correction.nothing') : value);
  return (
    <form
      class="issue-form stack"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        check.run({ 原证书编号: number, ...draft.values });
      }}
    >
      <p class="soft issue-wide">
        {say('correction.help', { lastFour: record.holder.identityDocumentLastFour })} {say('draft.kept')}
      </p>
      <RowFields
        fields={FIELDS}
        row={draft.values}
        held={held}
        wrong={check.wrong}
        onChange={(row, header) => {
          draft.set(row);
          check.forget(header);
        }}
      />
      {changes.length > 0 && (
        <Notice title={say('correction.changes', { count: changes.length })}>
          {changes.map(({ header, key }) => (
            <div key={header}>
              {say(`issue.${key}`)}: <del>{orNothing(held[header])}</del> → <ins>{orNothing(draft.values[header])}</ins>
            </div>
          ))}
        </Notice>
      )}
      {(draft.values[ID_NUMBER] ?? '') !== '' && isOtherDocument && (
        <Notice kind="care">{say('correction.other-document')}</Notice>
      )}
      <Problem error={check.error} />
      <div class="actions">
        <Button
          type="submit"
          kind="primary"
          busy={check.busy}
          disabled={changes.length === 0 && ((draft.values[ID_NUMBER] ?? '') === '' || !isOtherDocument)}
        >
          {say('correction.check')}
        </Button>
        <Button
          onClick={() => {
            draft.clear();
            onClose();
          }}
        >
          {say('correction.drop')}
        </Button>
      </div>
    </form>
  );
}

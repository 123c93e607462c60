import { Button } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import { SelectField, TextField } from '../parts/index.js';
import type { Detail } from './schemas.js';

type Staff = Detail['staff'];

const MOST = 30;

/** Who assesses and invigilates. */
export function StaffFields({ staff, onChange }: { staff: Staff; onChange: (staff: Staff) => void }) {
  const { say } = useText();
  const set = (index: number, changes: Partial<Staff[number]>): void =>
    onChange(staff.map((one, i) => (i === index ? { ...one, ...changes } : one)));
  return (
    <fieldset class="role-choice exam-parts">
      <legend>{say('exam.staff')}</legend>
      {staff.map((one, index) => (
        <div class="exam-staff" key={index}>
          <SelectField
            label={say('exam.staff-role')}
            value={one.role}
            onChange={(role) => set(index, { role })}
            choices={(['assessor', 'invigilator', 'supervisor'] as const).map((value) => ({
              value,
              label: say(`exam.staff.${value}`),
            }))}
          />
          <TextField
            label={say('exam.staff-name')}
            required
            maxLength={60}
            value={one.name}
            onInput={(name) => set(index, { name })}
          />
          <TextField
            label={say('exam.staff-number')}
            plain
            maxLength={40}
            value={one.number ?? ''}
            onInput={(number) => set(index, { number })}
          />
          <Button icon="delete" onClick={() => onChange(staff.filter((_, i) => i !== index))}>
            {say('exam.staff-remove', { name: one.name })}
          </Button>
        </div>
      ))}
      {staff.length < MOST && (
        <div class="actions">
          <Button onClick={() => onChange([...staff, { role: 'assessor', name: '' }])}>{say('exam.staff-add')}</Button>
        </div>
      )}
    </fieldset>
  );
}

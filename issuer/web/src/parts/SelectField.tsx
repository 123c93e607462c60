import type { ComponentChildren } from 'preact';
import { Field } from '../../../../ui/parts/index.js';
import { FieldLabel } from './FieldLabel.js';

/** One of several things to choose. */
export interface Choice<V extends string> {
  value: V;
  label: string;
}

/** A labelled choice of one among several. */
export function SelectField<V extends string>({
  label,
  help,
  error,
  value,
  onChange,
  choices,
  empty,
  required = false,
  markRequired = false,
  disabled = false,
}: {
  label: ComponentChildren;
  help?: ComponentChildren;
  /** What is wrong and what to do; said at once. */
  error?: string | undefined;
  /** `''` while nothing is chosen. */
  value: V | '';
  onChange: (value: V) => void;
  choices: readonly Choice<V>[];
  /** Words of a first choice that stands for none, with the value `''`. */
  empty?: string | undefined;
  required?: boolean | undefined;
  /** Says beside the label that it must be chosen, where other fields of the form may stay empty. */
  markRequired?: boolean | undefined;
  disabled?: boolean;
}) {
  return (
    <Field label={<FieldLabel label={label} isMarked={markRequired} />} help={help} error={error}>
      {(control) => (
        <select
          {...control}
          required={required}
          disabled={disabled}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value as V)}
        >
          {empty !== undefined && <option value="">{empty}</option>}
          {choices.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

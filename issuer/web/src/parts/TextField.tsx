import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Field } from '../../../../ui/parts/index.js';
import { FieldLabel } from './FieldLabel.js';

/** What a person types, with its label, help and error. */
export interface TextFieldProps {
  label: ComponentChildren;
  help?: ComponentChildren;
  /** What is wrong and what to do; said at once. */
  error?: string | undefined;
  value: string;
  onInput: (value: string) => void;
  required?: boolean | undefined;
  /** Says beside the label that it must be filled in, where other fields of the form may stay empty. */
  markRequired?: boolean | undefined;
  type?: 'text' | 'password' | 'search' | 'date' | 'time' | 'datetime-local' | 'email' | 'number' | 'url';
  autocomplete?: InputHTMLAttributes['autocomplete'];
  inputMode?: 'text' | 'numeric' | 'decimal' | 'search' | 'email' | 'url';
  /** In characters; 200 unless given. */
  maxLength?: number;
  /** Id of a `<datalist>`. */
  list?: string | undefined;
  /** Lines, where there may be several. */
  rows?: number;
  placeholder?: string;
  /** No capitals and no spelling: login names, identifiers. */
  plain?: boolean;
  /** Takes the focus when it appears. */
  isFocused?: boolean;
  min?: string | number;
  max?: string | number;
  step?: string | number;
  disabled?: boolean;
}

/** A labelled line to type in, or with `rows` several. */
export function TextField({
  label,
  help,
  error,
  value,
  onInput,
  required = false,
  markRequired = false,
  type = 'text',
  maxLength = 200,
  rows,
  plain = false,
  isFocused = false,
  list,
  ...others
}: TextFieldProps) {
  const control = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    if (isFocused) control.current?.focus();
  }, []);
  return (
    <Field label={<FieldLabel label={label} isMarked={markRequired} />} help={help} error={error}>
      {(given) => {
        const common = {
          ...given,
          ...others,
          ...(plain && { autocapitalize: 'none' as const, spellcheck: false }),
          ref: control,
          required,
          maxLength,
          value,
        };
        return rows === undefined ? (
          <input
            {...common}
            // Preact's types allow each attribute for some types only; which ones are given is up to the caller.
            {...({ type } as { type: 'text' })}
            {...(list !== undefined && { list })}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        ) : (
          <textarea {...common} rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
        );
      }}
    </Field>
  );
}

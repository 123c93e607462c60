import type { ComponentChildren } from 'preact';

/** Something to tick, with what it means beside it. */
export function CheckField({
  label,
  help,
  checked,
  onChange,
  disabled = false,
}: {
  label: ComponentChildren;
  help?: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        <strong>{label}</strong> {help !== undefined && <span class="soft">{help}</span>}
      </span>
    </label>
  );
}

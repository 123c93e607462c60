import { useId } from 'preact/hooks';
import { Icon, type IconName } from './Icon.js';

/** Chooses files. The browser's own control speaks the browser's language, so its label stands for it. */
export function FileButton({
  label,
  onFiles,
  accept,
  icon = 'file',
  multiple = false,
  capture = false,
  folder = false,
  kind = 'plain',
}: {
  label: string;
  onFiles: (files: File[]) => void;
  /** As the `accept` attribute. */
  accept?: string;
  icon?: IconName;
  multiple?: boolean;
  /** Opens the camera where the device has one. */
  capture?: boolean;
  /** Chooses a folder with everything in it. */
  folder?: boolean;
  kind?: 'plain' | 'primary';
}) {
  const id = useId();
  return (
    <span class="file-button">
      <input
        id={id}
        type="file"
        accept={accept}
        multiple={multiple}
        {...(capture && { capture: 'environment' as const })}
        {...(folder && { webkitdirectory: true })}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
      <label for={id} class={`button button-${kind}`}>
        <Icon name={icon} />
        <span>{label}</span>
      </label>
    </span>
  );
}

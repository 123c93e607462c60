import { useState } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { Field, Icon } from '../parts/index.js';
import type { Camera } from './camera.js';

/** Light, zoom and choice of camera: whatever this one has. */
export function CameraControls({ camera, onChoose }: { camera: Camera; onChoose: (id: string) => void }) {
  const { say } = useText();
  const [lit, setLit] = useState(false);
  const { torch, zoom, choices } = camera;
  return (
    <div class="scan-controls">
      {torch && (
        <button
          type="button"
          class="button button-plain"
          aria-pressed={lit}
          onClick={() => {
            setLit(!lit);
            void torch(!lit);
          }}
        >
          <Icon name="torch" />
          <span>{say('scan.torch')}</span>
        </button>
      )}
      {zoom && (
        <Field label={say('scan.zoom')}>
          {(control) => (
            <input
              {...control}
              type="range"
              min={zoom.min}
              max={zoom.max}
              step={zoom.step}
              defaultValue={String(zoom.value)}
              onInput={(event) => void zoom.set(event.currentTarget.valueAsNumber)}
            />
          )}
        </Field>
      )}
      {choices.length > 1 && (
        <Field label={say('scan.camera')}>
          {(control) => (
            <select {...control} value={camera.id ?? ''} onChange={(event) => onChoose(event.currentTarget.value)}>
              {choices.map(({ id, label }, index) => (
                <option key={id} value={id}>
                  {label === '' ? say('scan.camera-number', { number: index + 1 }) : label}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </div>
  );
}

import { useState } from 'preact/hooks';
import { Button, Field, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { TextField } from '../parts/index.js';
import { layoutSchema, type Layout } from './schemas.js';

/** Colours, query sites and the prefix of serials. */
export function LayoutForm({ path, known, onSaved }: { path: string; known: Layout; onSaved: () => void }) {
  const { say } = useText();
  const [layout, setLayout] = useState(known.layout);
  const [saved, setSaved] = useState(false);
  const save = useAction(async () => {
    const { certificateQueryUrl, institutionQueryUrl, ...rest } = layout;
    const body = {
      ...rest,
      ...(certificateQueryUrl && { certificateQueryUrl }),
      ...(institutionQueryUrl && { institutionQueryUrl }),
    };
    await call(`${path}/print-layout`, layoutSchema, { method: 'PUT', body });
    setSaved(true);
    onSaved();
  });
  const change = (changes: Partial<Layout['layout']>): void => {
    setSaved(false);
    setLayout({ ...layout, ...changes });
  };
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.run();
      }}
    >
      {(['accent', 'ornament'] as const).map((colour) => (
        <Field key={colour} label={say(`printing.${colour}`)}>
          {(props) => (
            <input
              {...props}
              type="color"
              value={layout[colour]}
              onInput={(event) => change({ [colour]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
      <TextField
        label={say('printing.certificate-site')}
        help={say('printing.site-help')}
        value={layout.certificateQueryUrl ?? ''}
        onInput={(certificateQueryUrl) => change({ certificateQueryUrl })}
        maxLength={60}
        plain
      />
      <TextField
        label={say('printing.institution-site')}
        value={layout.institutionQueryUrl ?? ''}
        onInput={(institutionQueryUrl) => change({ institutionQueryUrl })}
        maxLength={60}
        plain
      />
      <TextField
        label={say('printing.prefix')}
        help={say('printing.prefix-help')}
        value={layout.serialPrefix}
        onInput={(serialPrefix) => change({ serialPrefix })}
        maxLength={8}
        plain
      />
      <Problem error={save.error} />
      {saved && (
        <Notice kind="good" live>
          {say('printing.saved')}
        </Notice>
      )}
      <div class="actions">
        <Button type="submit" kind="primary" busy={save.busy}>
          {say('printing.save')}
        </Button>
      </div>
    </form>
  );
}

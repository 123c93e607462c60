import { useEffect, useState } from 'preact/hooks';
import { callForFile } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';

/** A page as it will print, drawn by the service; says so while it is being drawn, and why where it cannot be. `label`: what it shows. */
export function PagePicture({ path, label }: { path: string; label: string }) {
  const { say } = useText();
  const drawn = useCall((signal) => callForFile(path, { signal }), [path]);
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!drawn.value) return;
    const made = URL.createObjectURL(drawn.value);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [drawn.value]);
  if (drawn.error !== undefined) return <Problem error={drawn.error} />;
  return address === undefined ? (
    <p class="soft" role="status">
      {say('printing.drawing')}
    </p>
  ) : (
    <img class="page-preview" src={address} alt={label} />
  );
}

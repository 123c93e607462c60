import { useEffect, useState } from 'preact/hooks';
import { saveFile } from '../../../../ui/app/save-file.js';
import { Button, FileButton } from '../../../../ui/parts/index.js';
import { base64 } from '../api/base64.js';
import { callForFile } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useText } from '../i18n/index.js';
import { cutPortrait } from './cut-portrait.js';

/** Prints one certificate with a photo of its holder, which is looked at first and kept nowhere. `path`: of the certificate. */
export function PhotoPrint({ path, number }: { path: string; number: string }) {
  const { say } = useText();
  const [photo, setPhoto] = useState<{ picture: Blob; address: string }>();
  useEffect(() => () => URL.revokeObjectURL(photo?.address ?? ''), [photo]);
  const print = useAction(async (picture: Blob) => {
    const body = { photo: await base64(picture) };
    const file = await callForFile(`${path}/certificate.pdf`, { method: 'POST', body });
    saveFile(`${number}.pdf`, new Uint8Array(await file.arrayBuffer()), 'application/pdf');
  });
  const choose = useAction(async (file: File) => {
    setPhoto(undefined);
    const picture = await cutPortrait(file);
    setPhoto({ picture, address: URL.createObjectURL(picture) });
    print.clear();
  });
  return (
    <div class="stack">
      <h3>{say('photo.title')}</h3>
      <p class="soft">{say('photo.help')}</p>
      {photo && <img class="photo-preview" src={photo.address} alt={say('photo.chosen')} />}
      <Problem error={choose.error ?? print.error} />
      <div class="actions">
        <FileButton
          label={say(photo ? 'photo.other' : 'photo.choose')}
          accept="image/png,image/jpeg"
          onFiles={([file]) => file && choose.run(file)}
        />
        {photo && (
          <>
            <Button kind="primary" icon="print" busy={print.busy} onClick={() => print.run(photo.picture)}>
              {say('photo.print')}
            </Button>
            <Button onClick={() => setPhoto(undefined)}>{say('photo.drop')}</Button>
          </>
        )}
      </div>
    </div>
  );
}

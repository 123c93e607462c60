import { Notice } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';

/** This browser keeps nothing, so there can be no wallet. */
export function NoStorage({ code }: { code: string }) {
  const { say } = useText();
  return (
    <div class="stack">
      <h1>{say('no-storage.title')}</h1>
      <Notice kind="bad">
        <p>{say(code === 'STORAGE_FULL' ? 'no-storage.full' : 'no-storage.what')}</p>
      </Notice>
    </div>
  );
}

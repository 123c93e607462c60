import { isWord } from '../../../../ui/i18n/index.js';
import { Notice } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';

/** Why an answer does not count, by name. */
export function RefusedAnswer({ problems }: { problems: readonly { code: string; at?: string | undefined }[] }) {
  const { say } = useText();
  return (
    <Notice kind="bad" title={say('request.refused')} live>
      {problems.map(({ code, at = '' }) => {
        const key = `request.problem-${code}`;
        return (
          <p key={code} data-code={code}>
            {isWord(key) ? say(key, { at }) : say('request.problem-other', { code })}
          </p>
        );
      })}
    </Notice>
  );
}

import { translator } from '../../../../shared/verdict/translator.js';
import type { Headline } from '../../../../shared/verdict/types.js';
import { useText } from '../i18n/index.js';
import { Icon, type IconName } from '../../../../ui/parts/index.js';

const ICONS: Record<Headline, IconName> = {
  accepted: 'pass',
  'accepted-with-conditions': 'conditions',
  refused: 'fail',
  undetermined: 'unknown',
};

/** A headline in a list: icon and words, in its colour. */
export function HeadlineMark({ headline }: { headline: Headline }) {
  const { sentences } = useText();
  return (
    <span class={`mark mark-${headline}`}>
      <Icon name={ICONS[headline]} />
      {translator(sentences)(`headline.${headline}`)}
    </span>
  );
}

import { useText } from '../i18n/index.js';
import { Icon } from '../../../../ui/parts/index.js';
import { HeadlineMark } from './HeadlineMark.js';
import type { RowResult } from './row-result.js';

/** A result in the table: icon and words, in its colour. */
export function ResultMark({ result }: { result: RowResult }) {
  const { say } = useText();
  if (result !== 'differs') return <HeadlineMark headline={result} />;
  return (
    <span class="mark mark-differs">
      <Icon name="person" />
      {say('roster.result.differs')}
    </span>
  );
}

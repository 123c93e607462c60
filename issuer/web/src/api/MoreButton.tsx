import { Button } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import type { Pages } from './use-pages.js';

/** Reads the next page of a list. */
export function MoreButton({ pages }: { pages: Pages<unknown> }) {
  const { say } = useText();
  if (!pages.hasMore) return null;
  return (
    <Button busy={pages.busy} onClick={pages.more}>
      {say('list.more')}
    </Button>
  );
}

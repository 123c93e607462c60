import { useStore } from '../../../../ui/app/store.js';
import { timeText } from '../../../../ui/i18n/format.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { sessionState } from '../api/session-state.js';
import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { looked, newsState } from './news-state.js';

/** What happened to somebody's own batches since they last looked; gone once they say they have seen it. */
export function NewsList() {
  const { say } = useText();
  const { signedIn, tenant } = useStore(sessionState);
  const happened = useStore(newsState)?.filter(({ isTask }) => !isTask) ?? [];
  if (happened.length === 0 || !signedIn || tenant === undefined) return null;
  return (
    <Notice
      title={say('news.title')}
      actions={<Button onClick={() => looked(signedIn.account.id, tenant)}>{say('news.seen')}</Button>}
    >
      <ul class="news">
        {happened.map(({ kind, batch, at }) => (
          <li key={`${kind} ${batch.id}`}>
            <a href={routeHref('batches', batch.id)}>
              {say(`operation.${batch.operation}`)} · {batch.fileName ?? batch.assessmentId ?? batch.id}
            </a>{' '}
            {say(`news.${kind}`, { done: batch.done, failed: batch.failed })} <span class="soft">{timeText(at)}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

import type { ComponentChildren } from 'preact';
import type { Wording } from '../../../../shared/trust/explain/wording.js';
import { useText } from '../i18n/index.js';
import { FactList } from './FactList.js';
import { factsOf } from './facts.js';
import type { Kept } from './schemas.js';

/** A statement the registry keeps: what it says, whether it counts now, and whether it is published. */
export function KeptCard({ kept, words, children }: { kept: Kept; words: Wording; children?: ComponentChildren }) {
  const { say } = useText();
  const { id, statement, state, isPublished, replacedBy, revokedBy } = kept;
  return (
    <article class="card">
      <h2>
        {say(`statement.${statement.kind}`)} · {words.say(`state.${state}`)}
      </h2>
      {!isPublished && <p class="soft">{say('publication.not-yet')}</p>}
      {replacedBy !== undefined && <p class="soft">{say('institutions.replaced', { id: replacedBy })}</p>}
      {revokedBy !== undefined && <p class="soft">{say('institutions.revoked', { id: revokedBy })}</p>}
      <FactList facts={factsOf(statement, words)} />
      <p class="soft mono">{id}</p>
      {children}
    </article>
  );
}

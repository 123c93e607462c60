import { Icon, Notice } from '../../../../ui/parts/index.js';
import type { RequestParty } from '../core/share/read-request.js';
import { useText } from '../i18n/index.js';

/** Who asks: the host the answer goes to first, since that is certain; what it calls itself is only what it says. */
export function PartyCard({ party }: { party: RequestParty }) {
  const { say } = useText();
  return (
    <section class="card party" aria-label={say('party.title')} data-party={party.clientId}>
      <p class="party-host">
        <Icon name="person" large />
        <span>
          <strong>
            <bdi>{party.name ?? party.host}</bdi>
          </strong>
          <br />
          <span class="soft">
            {say('party.host')} <bdi>{party.host}</bdi>
          </span>
        </span>
      </p>
      <p class="soft">{say(party.proven ? 'party.proven' : 'party.unproven')}</p>
      {party.answerGoesElsewhere && <Notice kind="bad">{say('party.elsewhere', { host: party.host })}</Notice>}
    </section>
  );
}

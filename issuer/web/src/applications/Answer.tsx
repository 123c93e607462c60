import { Icon, Notice } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import type { Application, Part } from './schemas.js';

/** What is spared and what remains, in two plain lists. */
export function Answer({ application }: { application: Application }) {
  const { say } = useText();
  const { answer, evidence } = application;
  const isWhole = answer.exempted.includes('assessment');
  return (
    <section class="card stack" aria-labelledby="answer-title">
      <h2 id="answer-title">{say('exempt.answer')}</h2>
      <div class="spared" aria-live="polite">
        <Parts title={say('exempt.exempted')} parts={answer.exempted} icon="pass" />
        <Parts title={say('exempt.still')} parts={answer.stillRequired} icon="conditions" />
      </div>
      {isWhole && <Notice kind="info">{say('exempt.counts')}</Notice>}
      {evidence.length === 0 && <p class="soft">{say('exempt.no-certificate')}</p>}
      {answer.unknown > 0 && <Notice kind="care">{say('exempt.unknown', { count: answer.unknown })}</Notice>}
    </section>
  );
}

function Parts({ title, parts, icon }: { title: string; parts: readonly Part[]; icon: 'pass' | 'conditions' }) {
  const { say } = useText();
  return (
    <div>
      <h3>{title}</h3>
      {parts.length === 0 ? (
        <p class="soft">{say('exempt.nothing')}</p>
      ) : (
        <ul class="spared-parts">
          {parts.map((part) => (
            <li key={part}>
              <Icon name={icon} /> {say(`exempt.part.${part}`)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

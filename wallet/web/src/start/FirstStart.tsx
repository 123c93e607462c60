import { useEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { chooseLanguage, WEB_LANGUAGES } from '../../../../ui/i18n/index.js';
import { Button, Icon, Notice } from '../../../../ui/parts/index.js';
import { arrived } from '../app/arrival.js';
import { wallet } from '../app/wallet.js';
import { useText } from '../i18n/index.js';
import { ChooseSecret } from './ChooseSecret.js';
import { Restore } from './Restore.js';

type Step = 'welcome' | 'secret' | 'restore';

/** The first minutes: which language, what this is, what locks it; or everything from a backup or the old phone. */
export function FirstStart() {
  const { say, tag } = useText();
  const waiting = useStore(arrived);
  const [step, setStep] = useState<Step>('welcome');
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (step !== 'welcome') title.current?.focus();
    window.scrollTo(0, 0);
  }, [step]);
  return (
    <div class="stack">
      <h1 ref={title} tabIndex={-1}>
        {say(`start.${step}`)}
      </h1>
      {waiting && (
        <Notice kind="info">{say(waiting.kind === 'request' ? 'start.request-waits' : 'start.offer-waits')}</Notice>
      )}
      {step === 'welcome' && (
        <>
          <div class="languages" role="group" aria-label={say('app.language')}>
            {WEB_LANGUAGES.map((language) => (
              <button
                key={language.tag}
                type="button"
                class="button button-plain"
                lang={language.tag}
                aria-pressed={language.tag === tag}
                onClick={() => chooseLanguage(language.tag)}
              >
                {language.name}
              </button>
            ))}
          </div>
          <ul class="points">
            {(['keep', 'yours', 'offline'] as const).map((point) => (
              <li key={point}>
                <Icon name="pass" />
                <span>{say(`start.point-${point}`)}</span>
              </li>
            ))}
          </ul>
          <div class="actions">
            <Button kind="primary" icon="next" onClick={() => setStep('secret')}>
              {say('start.begin')}
            </Button>
            <Button icon="upload" onClick={() => setStep('restore')}>
              {say('start.have-one')}
            </Button>
          </div>
        </>
      )}
      {step === 'secret' && (
        <section class="card">
          <p>{say('start.secret-why')}</p>
          <ChooseSecret submit={say('start.create')} onSecret={(secret) => wallet().vault.create(secret)} />
        </section>
      )}
      {step === 'restore' && <Restore />}
      {step !== 'welcome' && (
        <div class="actions">
          <Button icon="back" onClick={() => setStep('welcome')}>
            {say('app.back')}
          </Button>
        </div>
      )}
    </div>
  );
}

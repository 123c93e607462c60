import { useState } from 'preact/hooks';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { VerdictView } from '../../../../ui/verdict/VerdictView.js';
import { certificateCard } from '../certificates/certificate-facts.js';
import { mainForm } from '../core/certificates/held-certificate.js';
import type { Preview } from '../core/receive/preview.js';
import { useText } from '../i18n/index.js';

/** What came, with the five answers about it, before it is kept: accept or leave it. */
export function ReviewPreviews({
  previews,
  onAccept,
  onDecline,
}: {
  previews: readonly Preview[];
  onAccept: () => Promise<void>;
  onDecline: () => void;
}) {
  const text = useText();
  const { say } = text;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const forged = previews.every(({ refusal }) => refusal !== undefined);
  const accept = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onAccept();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return (
    <div class="stack" data-previews={previews.length}>
      {previews.map(({ certificate, verdict, warnings, refusal }) => {
        const card = certificateCard(certificate, text);
        return (
          <section key={certificate.id} class="stack" aria-label={card.title}>
            <article class="certificate">
              <p class="certificate-kind">{card.group}</p>
              <h2>
                <bdi>{card.title}</bdi>
              </h2>
              {card.institution !== undefined && (
                <p>
                  <bdi>{card.institution}</bdi>
                </p>
              )}
            </article>
            {refusal !== undefined && (
              <Notice kind="bad" live>
                {say('problem.CREDENTIAL_NOT_GENUINE')}
              </Notice>
            )}
            {warnings.map((warning) => (
              <Notice key={warning} kind={warning === 'NOT_BOUND' ? 'info' : 'care'}>
                {say(`preview.${warning}`)}
              </Notice>
            ))}
            {verdict && (
              <VerdictView result={{ verdict, json: mainForm(certificate).text, carrier: 'json', memoranda: [] }} own />
            )}
          </section>
        );
      })}
      {problem !== undefined && (
        <Notice kind="bad" live>
          {problemText(problem, say)}
        </Notice>
      )}
      <div class="actions">
        {!forged && (
          <Button kind="primary" icon="pass" busy={busy} onClick={() => void accept()}>
            {say('preview.accept')}
          </Button>
        )}
        <Button onClick={onDecline}>{say(forged ? 'app.back' : 'preview.decline')}</Button>
      </div>
    </div>
  );
}

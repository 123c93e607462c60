import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../../shared/trust/types.js';
import type { Headline } from '../../shared/verdict/types.js';
import { verdictText, type VerdictText } from '../../shared/verdict/verdict-text.js';
import { hostWarning } from '../app/link-warning.js';
import { ownHosts } from '../app/own-hosts.js';
import { useStore } from '../app/store.js';
import { timeText } from '../i18n/format.js';
import { useText } from '../i18n/index.js';
import { isNameless, namelessText } from '../i18n/nameless.js';
import { Button, Icon, type IconName } from '../parts/index.js';
import type { CheckResult } from '../verify/types.js';
import { CompareWithCard } from './CompareWithCard.js';
import { decidingQuestion, inReadingOrder } from './deciding-question.js';
import { WhyPanel } from './WhyPanel.js';

const HEADLINE_ICONS: Record<Headline, IconName> = {
  accepted: 'pass',
  'accepted-with-conditions': 'conditions',
  refused: 'fail',
  undetermined: 'unknown',
};
const ANSWER_ICONS: Record<Answer, IconName> = { pass: 'pass', fail: 'fail', unknown: 'unknown' };

/**
 * One verdict as a person reads it: the headline with colour, icon and words; the five answers; the certificate; what it rests on.
 * @param props `takeFocus`: moves the focus to the headline for each new result; `children`: further buttons
 */
export function VerdictView({
  result,
  takeFocus = false,
  own = false,
  children,
}: {
  result: CheckResult;
  takeFocus?: boolean;
  /** The reader is its holder: what an employer must compare with the identity card is left out. */
  own?: boolean;
  children?: ComponentChildren;
}) {
  const { say, sentences } = useText();
  const hosts = useStore(ownHosts);
  const heading = useRef<HTMLHeadingElement>(null);
  const [why, setWhy] = useState(false);
  const { verdict, host } = result;
  useEffect(() => {
    setWhy(false);
    if (!takeFocus) return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'center' });
  }, [result]);
  const foreign = host !== undefined && hosts.length > 0 ? { host, ownHosts: hosts } : {};
  const text = verdictText(verdict, sentences, foreign);
  const lookalike = host !== undefined && hostWarning(host, hosts) === 'lookalike';
  const [anchor] = text.context;
  const accepted = verdict.headline.startsWith('accepted');
  const deciding = decidingQuestion(verdict);
  const reason = text.questions.find(({ question }) => question === deciding);
  const unproven = verdict.questions.authentic.answer !== 'pass';
  const onlyUnrecognised = verdict.headline === 'refused' && deciding === 'recognised';
  return (
    <section class={`verdict verdict-${verdict.headline}`} data-headline={verdict.headline} aria-label={text.headline}>
      <div class="verdict-headline">
        <span class="verdict-mark">
          <Icon name={HEADLINE_ICONS[verdict.headline]} large />
        </span>
        <h2 ref={heading} tabIndex={-1}>
          {text.headline}
        </h2>
      </div>
      {!accepted && reason && (
        <p class="verdict-note verdict-reason" data-reason={deciding}>
          {namelessText(reason.sentence, say)}
        </p>
      )}
      {onlyUnrecognised && <p class="verdict-note">{say('result.not-fake')}</p>}
      {anchor && (
        <p class="verdict-note">
          {anchor.label}: <bdi>{anchor.value}</bdi>
        </p>
      )}
      {lookalike ? (
        <p class="verdict-note verdict-warning">{say('result.lookalike', { host })}</p>
      ) : (
        text.warnings.map((warning) => <p class="verdict-note verdict-warning">{warning}</p>)
      )}
      {text.conditions.map((condition) => (
        <p class="verdict-note verdict-condition">{condition}</p>
      ))}
      {!own && <CompareWithCard verdict={verdict} />}
      <Answers verdict={result.verdict} questions={inReadingOrder(text.questions, verdict)} />
      {text.certificate.length > 0 && (
        <div class="verdict-section">
          <h3>{say('result.certificate')}</h3>
          {unproven && <p class="unproven">{say('result.unproven')}</p>}
          <Rows rows={text.certificate} strong={!unproven} />
        </div>
      )}
      <div class="verdict-section">
        <h3>{say('result.basis')}</h3>
        <Rows
          rows={[
            ...text.context,
            {
              label: say('result.data-as-of'),
              value: verdict.trust.dataAsOf ? timeText(verdict.trust.dataAsOf) : say('result.no-data'),
            },
            ...result.memoranda.map((value) => ({ label: say('result.memorandum'), value })),
            ...(result.name === undefined ? [] : [{ label: say('result.file'), value: result.name }]),
          ]}
        />
        {result.pages && <p class="soft">{say('result.pages', result.pages)}</p>}
        <div class="actions">
          <Button icon="info" onClick={() => setWhy(!why)}>
            {say(why ? 'why.close' : 'why.open')}
          </Button>
          {children}
        </div>
        {why && <WhyPanel result={result} />}
      </div>
    </section>
  );
}

function Answers({ verdict, questions }: { verdict: CheckResult['verdict']; questions: VerdictText['questions'] }) {
  const { say } = useText();
  return (
    <ul class="answers">
      {questions.map(({ question, title, answer, sentence, asOf, notes }) => {
        const { answer: kind, code } = verdict.questions[question];
        // To update would change nothing where a "no" has decided already.
        const pointless = verdict.headline === 'refused' && code === 'STATUS_LIST_UNKNOWN';
        return (
          <li class={kind} key={question} data-question={question} data-code={code}>
            <span class="answer-mark">
              <Icon name={ANSWER_ICONS[kind]} />
            </span>
            <h3 class="answer-title">{title}</h3>
            <span class="badge">{answer}</span>
            <p class="sentence">{pointless ? say('result.no-status-list') : namelessText(sentence, say)}</p>
            {notes.length > 0 && (
              <ul class="more">
                {notes.map((note) => (
                  <li>{namelessText(note, say)}</li>
                ))}
              </ul>
            )}
            {asOf !== '' && <p class="as-of">{asOf}</p>}
          </li>
        );
      })}
    </ul>
  );
}

function Rows({ rows, strong = false }: { rows: readonly { label: string; value: string }[]; strong?: boolean }) {
  const { say } = useText();
  return (
    <dl class={strong ? 'rows rows-strong' : 'rows'}>
      {rows.map(({ label, value }) => (
        <>
          <dt>{label}</dt>
          <dd>
            <bdi>{isNameless(value) ? namelessText(value, say) : value}</bdi>
            {isNameless(value) && (
              <>
                <br />
                <bdi class="did">{value}</bdi>
              </>
            )}
          </dd>
        </>
      ))}
    </dl>
  );
}

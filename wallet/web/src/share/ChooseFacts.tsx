import { Field, Notice } from '../../../../ui/parts/index.js';
import { certificateCard } from '../certificates/certificate-facts.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import type { Fact } from '../core/share/facts.js';
import type { Choice, QueryMatch, RequestMatch } from '../core/share/match-request.js';
import { useText } from '../i18n/index.js';
import { factLabel, factValue } from './fact-text.js';

/** For each thing asked: which certificate, and every fact the asker would get; what may stay hidden is off until switched on. */
export function ChooseFacts({
  match,
  choices,
  certificates,
  onChange,
}: {
  match: RequestMatch;
  choices: readonly Choice[];
  certificates: readonly HeldCertificate[];
  onChange: (choices: readonly Choice[]) => void;
}) {
  return choices.map((choice) => {
    const query = match.queries.find(({ queryId }) => queryId === choice.queryId);
    if (!query) return null;
    const put = (next: Choice): void => onChange(choices.map((each) => (each === choice ? next : each)));
    return <OneQuery key={choice.queryId} query={query} choice={choice} certificates={certificates} onChange={put} />;
  });
}

function OneQuery({
  query,
  choice,
  certificates,
  onChange,
}: {
  query: QueryMatch;
  choice: Choice;
  certificates: readonly HeldCertificate[];
  onChange: (choice: Choice) => void;
}) {
  const text = useText();
  const { say } = text;
  const chosen = query.candidates.find(
    ({ certificateId, format }) => certificateId === choice.certificateId && format === choice.format,
  );
  const titleOf = (id: string): string => {
    const certificate = certificates.find((item) => item.id === id);
    return certificate ? certificateCard(certificate, text).title : id;
  };
  if (!chosen) return null;
  const told = chosen.facts.filter(({ required }) => required);
  const alongside = told.filter(({ asked }) => !asked);
  const optional = chosen.facts.filter(({ required }) => !required);
  return (
    <section class="card" data-query={query.queryId}>
      <h2>
        <bdi>{titleOf(chosen.certificateId)}</bdi>
      </h2>
      {query.candidates.length > 1 && (
        <Field label={say('share.which')}>
          {(control) => (
            <select
              {...control}
              value={query.candidates.indexOf(chosen)}
              onChange={(event) => {
                const next = query.candidates[Number(event.currentTarget.value)];
                if (next) onChange({ ...choice, certificateId: next.certificateId, format: next.format, facts: [] });
              }}
            >
              {query.candidates.map(({ certificateId }, index) => (
                <option key={certificateId} value={index}>
                  {titleOf(certificateId)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {chosen.showsEverything && <Notice kind="care">{say('share.shows-everything')}</Notice>}
      <h3>{say('share.told')}</h3>
      <Told facts={told.filter(({ asked }) => asked)} />
      {alongside.length > 0 && (
        <details>
          <summary>{say('share.alongside', { count: alongside.length })}</summary>
          <Told facts={alongside} />
        </details>
      )}
      {optional.length > 0 && (
        <fieldset class="facts">
          <legend>{say('share.optional')}</legend>
          {optional.map((fact) => (
            <Optional key={fact.path.join('.')} fact={fact} choice={choice} onChange={onChange} />
          ))}
        </fieldset>
      )}
    </section>
  );
}

function Told({ facts }: { facts: readonly Fact[] }) {
  const text = useText();
  return (
    <dl class="rows rows-strong" data-told>
      {facts.map((fact) => [
        <dt key={`${fact.path.join('.')}-label`}>{factLabel(fact, text)}</dt>,
        <dd key={fact.path.join('.')}>
          <bdi>{factValue(fact, text)}</bdi>
        </dd>,
      ])}
    </dl>
  );
}

function Optional({ fact, choice, onChange }: { fact: Fact; choice: Choice; onChange: (choice: Choice) => void }) {
  const text = useText();
  const name = fact.path.join('.');
  const isOn = choice.facts.some((path) => path.join('.') === name);
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={isOn}
        data-fact={name}
        onChange={(event) => {
          const others = choice.facts.filter((path) => path.join('.') !== name);
          onChange({ ...choice, facts: event.currentTarget.checked ? [...others, fact.path] : others });
        }}
      />
      <span>
        <span class="soft">{factLabel(fact, text)}</span> <bdi>{factValue(fact, text)}</bdi>
        {fact.personal && <span class="fact-personal"> {text.say('share.personal')}</span>}
      </span>
    </label>
  );
}

import { useState } from 'preact/hooks';
import { CERTIFICATE_KINDS, type KindId } from '../../../../shared/certificate/kind.js';
import { findLevelFramework } from '../../../../shared/certificate/level.js';
import { OCCUPATION_CODE } from '../../../../shared/certificate/occupation.js';
import { DEFAULT_CLAIMS, type CertificateRequest, type RequestableClaim } from '../../../../shared/presentation/certificate-request.js'; // prettier-ignore
import { Button, Field } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';

const CLAIMS = ['name', 'occupation', 'level', 'certificateNumber', 'lastFour', 'scores'] as const satisfies readonly RequestableClaim[]; // prettier-ignore

/** What is needed: kind, occupation, level, and which facts; no more than that is asked for. */
export function RequestForm({
  working,
  onAsk,
}: {
  working: boolean;
  onAsk: (request: Partial<CertificateRequest>) => void;
}) {
  const { say, tag } = useText();
  const [kind, setKind] = useState<KindId>('skill-level');
  const [occupation, setOccupation] = useState('');
  const [level, setLevel] = useState('');
  const [claims, setClaims] = useState<readonly RequestableClaim[]>(DEFAULT_CLAIMS);
  const [wrongCode, setWrongCode] = useState(false);
  const { frameworks, hasOccupation } = CERTIFICATE_KINDS.find(({ id }) => id === kind) ?? { frameworks: [], hasOccupation: false }; // prettier-ignore
  const framework = frameworks[0] === undefined ? undefined : findLevelFramework(frameworks[0]);
  const possible = CLAIMS.filter((claim) => (claim !== 'occupation' || hasOccupation) && (claim !== 'level' || framework)); // prettier-ignore
  const submit = (event: Event): void => {
    event.preventDefault();
    const code = hasOccupation ? occupation.trim() : '';
    const isWrong = code !== '' && !OCCUPATION_CODE.test(code);
    setWrongCode(isWrong);
    if (isWrong) return;
    onAsk({
      kind,
      claims: possible.filter((claim) => claims.includes(claim)),
      ...(code !== '' && { occupation: code }),
      ...(framework && level !== '' && { atLeast: { framework: framework.id, value: level } }),
    });
  };
  const isZh = tag.startsWith('zh');
  return (
    <form class="card" aria-busy={working} onSubmit={submit}>
      <Field label={say('request.kind')}>
        {(control) => (
          <select
            {...control}
            value={kind}
            onChange={(event) => {
              setKind(event.currentTarget.value as KindId);
              setLevel('');
            }}
          >
            {CERTIFICATE_KINDS.map(({ id, nameZh, nameEn }) => (
              <option key={id} value={id}>
                {isZh ? nameZh : nameEn}
              </option>
            ))}
          </select>
        )}
      </Field>
      {hasOccupation && (
        <Field
          label={say('request.occupation')}
          help={say('request.occupation-help')}
          error={wrongCode ? say('request.occupation-wrong') : undefined}
        >
          {(control) => (
            <input
              {...control}
              type="text"
              value={occupation}
              maxLength={10}
              autocomplete="off"
              onInput={(event) => setOccupation(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      {framework && (
        <Field label={say('request.level')}>
          {(control) => (
            <select {...control} value={level} onChange={(event) => setLevel(event.currentTarget.value)}>
              <option value="">{say('request.any-level')}</option>
              {framework.values.map(({ value, nameZh, nameEn }) => (
                <option key={value} value={value}>
                  {isZh ? nameZh : nameEn}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <fieldset class="request-claims">
        <legend>{say('request.claims')}</legend>
        <p class="soft">{say('request.claims-help')}</p>
        {possible.map((claim) => (
          <label key={claim} class="check">
            <input
              type="checkbox"
              checked={claims.includes(claim)}
              onChange={(event) =>
                setClaims(event.currentTarget.checked ? [...claims, claim] : claims.filter((one) => one !== claim))
              }
            />
            <span>{say(`request.claim-${claim}`)}</span>
          </label>
        ))}
      </fieldset>
      <div class="actions">
        <Button
          type="submit"
          kind="primary"
          icon="person"
          busy={working}
          disabled={!possible.some((claim) => claims.includes(claim))}
        >
          {say('request.ask')}
        </Button>
      </div>
    </form>
  );
}

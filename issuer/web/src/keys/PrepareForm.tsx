import { useText } from '../i18n/index.js';
import { CeremonyForm } from './CeremonyForm.js';

/** Propose the next key: it is made once a second custodian confirms, and signs nothing yet. */
export function PrepareForm({ path }: { path: string }) {
  const { say } = useText();
  return (
    <CeremonyForm path={path} about={{ kind: 'prepare' }} submit={say('keys.propose-submit')}>
      <h2>{say('keys.prepare')}</h2>
      <p>{say('keys.explain.prepare')}</p>
    </CeremonyForm>
  );
}

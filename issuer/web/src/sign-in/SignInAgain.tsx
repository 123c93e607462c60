import { useEffect, useRef } from 'preact/hooks';
import { useText } from '../i18n/index.js';
import { SignIn } from './SignIn.js';

/** The session ended in the middle of something: sign in over the page, which stays as it is. */
export function SignInAgain() {
  const { say } = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-label={say('sign-in.again')} onCancel={(event) => event.preventDefault()}>
      <h2>{say('sign-in.again')}</h2>
      <p>{say('sign-in.again-help')}</p>
      <SignIn heading={false} />
    </dialog>
  );
}

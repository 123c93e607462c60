import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { wallet, walletState } from '../app/wallet.js';
import { listPending, type Pending } from '../core/receive/deferred.js';
import { resumeDeferred, type Received } from '../core/receive/obtain.js';
import { useText } from '../i18n/index.js';
import { ReviewReceived } from '../receive/ReviewReceived.js';

/** Certificates their issuer has still to approve, and a way to ask again. */
export function PendingList() {
  const { say } = useText();
  const state = useStore(walletState);
  const [pending, setPending] = useState<readonly Pending[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [came, setCame] = useState<Received>();
  const [nothing, setNothing] = useState(false);
  useEffect(() => {
    if (state.phase === 'open') listPending(wallet().vault).then(setPending, setProblem);
  }, [state]);
  const ask = async (): Promise<void> => {
    const { vault, platform } = wallet();
    setBusy(true);
    setProblem(undefined);
    try {
      const received = await resumeDeferred(vault, platform);
      setNothing(received.previews.length === 0);
      setCame(received.previews.length === 0 ? undefined : received);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  if (came) return <ReviewReceived received={came} onDone={() => setCame(undefined)} />;
  if (pending.length === 0) return null;
  return (
    <Notice
      kind="info"
      title={say('pending.title', { count: pending.length })}
      actions={
        <Button icon="update" busy={busy} onClick={() => void ask()}>
          {say('pending.ask')}
        </Button>
      }
    >
      <p>{say('pending.what', { host: [...new Set(pending.map(({ host }) => host))].join(', ') })}</p>
      {nothing && <p role="status">{say('pending.not-yet')}</p>}
      {problem !== undefined && <p role="alert">{problemText(problem, say)}</p>}
    </Notice>
  );
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { errorCode } from '../../shared/errors.js';
import { addOwnHosts } from '../app/own-hosts.js';
import { remembered } from '../app/preferences.js';
import { useText } from '../i18n/index.js';
import { problemText } from '../i18n/problem-text.js';
import { embeddedOffer, fileOffers, serverOffers, type Offer } from '../trust/offers.js';
import type { TrustState } from '../trust/trust-state.js';
import { Button, FileButton, Notice } from '../parts/index.js';
import { ConfirmRoot } from './ConfirmRoot.js';
import { OfferList } from './OfferList.js';

type Reason = Extract<TrustState, { phase: 'none' }>['reason'] | 'change';

/** Chooses the authority by whose rules to judge: from the host this app came from, from the file it is, or from a bundle file. */
export function ChooseAuthority({ reason, onDone }: { reason: Reason; onDone?: () => void }) {
  const { say } = useText();
  const [offers, setOffers] = useState<readonly Offer[]>();
  const [problem, setProblem] = useState<unknown>();
  const [chosen, setChosen] = useState<Offer>();
  const [confirming, setConfirming] = useState(false);
  const actions = useRef<HTMLDivElement>(null);

  const load = async (): Promise<void> => {
    setProblem(undefined);
    setOffers(undefined);
    try {
      const embedded = await embeddedOffer();
      if (embedded) addOwnHosts(embedded.hosts);
      const server = __SINGLE_FILE__ ? { offers: [], hosts: [] } : await serverOffers();
      addOwnHosts(server.hosts);
      setOffers([...(embedded ? [embedded.offer] : []), ...server.offers]);
    } catch (error) {
      setOffers([]);
      setProblem(error);
    }
  };
  useEffect(() => void load(), []);
  useEffect(() => {
    const [only] = offers ?? [];
    if (offers?.length === 1 && only) setChosen(only);
  }, [offers]);

  // The button below a list of authorities is out of sight on a phone, behind the navigation.
  useEffect(() => {
    if (chosen) actions.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const readFile = async ([file]: File[]): Promise<void> => {
    if (!file) return;
    setProblem(undefined);
    try {
      const found = await fileOffers(new Uint8Array(await file.arrayBuffer()));
      setChosen(undefined);
      setOffers(found);
    } catch (error) {
      setProblem(error);
    }
  };

  if (confirming && chosen)
    return <ConfirmRoot offer={chosen} onBack={() => setConfirming(false)} {...(onDone && { onDone })} />;
  const offline = errorCode(problem, '') === 'OFFLINE';
  const importButton = (
    <FileButton
      icon="upload"
      accept="application/json,.json"
      label={say('choose.import')}
      onFiles={(files) => void readFile(files)}
    />
  );
  return (
    <section class="card" aria-labelledby="choose-title">
      <h2 id="choose-title">{say('choose.title')}</h2>
      <ReasonNotice reason={reason} />
      <p>{say('choose.why')}</p>
      {offers === undefined && <p role="status">{say('choose.loading')}</p>}
      {problem !== undefined && (
        <Notice
          kind="care"
          live
          actions={offline && <Button onClick={() => void load()}>{say('choose.retry')}</Button>}
        >
          {offline ? say('choose.offline') : problemText(problem, say)}
        </Notice>
      )}
      {offers?.length === 0 && problem === undefined && <Notice kind="care">{say('choose.none')}</Notice>}
      {offers !== undefined && offers.length > 0 && <OfferList offers={offers} chosen={chosen} onChoose={setChosen} />}
      <div ref={actions} class="actions above-nav">
        {offers !== undefined && offers.length > 0 && (
          <Button kind="primary" icon="next" disabled={!chosen} onClick={() => setConfirming(true)}>
            {say('choose.next')}
          </Button>
        )}
        {importButton}
      </div>
      <p class="soft">{say('choose.import-help')}</p>
    </section>
  );
}

function ReasonNotice({ reason }: { reason: Reason }) {
  const { say } = useText();
  if (reason === 'first' || reason === 'change') return null;
  const name = remembered('authority-was-chosen') ?? '';
  return (
    <Notice kind={reason === 'damaged' ? 'bad' : 'care'} live>
      {say(`choose.${reason}`, { name })}
    </Notice>
  );
}

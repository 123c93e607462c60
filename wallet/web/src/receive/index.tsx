import { useEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../../../../ui/app/store.js';
import { problemText } from '../../../../ui/i18n/problem-text.js';
import { Button, Field, FileButton, Notice } from '../../../../ui/parts/index.js';
import { ChooseAuthority } from '../../../../ui/authority/ChooseAuthority.js';
import { ScanView } from '../../../../ui/scan/ScanView.js';
import { trustState } from '../../../../ui/trust/trust-state.js';
import { engine } from '../../../../ui/verify/verify-client.js';
import { arrive, arrived } from '../app/arrival.js';
import { wallet } from '../app/wallet.js';
import { readArrival, type Arrival } from '../core/arrive.js';
import type { HeldCertificate } from '../core/certificates/held-certificate.js';
import { acceptImport, previewImport } from '../core/receive/import-certificate.js';
import type { Received } from '../core/receive/obtain.js';
import type { Preview } from '../core/receive/preview.js';
import { readOffer, type Offer } from '../core/receive/read-offer.js';
import { useText } from '../i18n/index.js';
import { Accepted } from './Accepted.js';
import { OfferView } from './OfferView.js';
import { ReviewPreviews } from './ReviewPreviews.js';
import { ReviewReceived } from './ReviewReceived.js';

type Step =
  | { at: 'choose' }
  | { at: 'scan' }
  | { at: 'reading' }
  | { at: 'authority'; goOn: () => void }
  | { at: 'offer'; offer: Offer }
  | { at: 'received'; received: Received }
  | { at: 'import'; preview: Preview }
  | { at: 'done'; kept: readonly HeldCertificate[]; deferred: number }
  | { at: 'problem'; problem: unknown };

const FILE_TYPES = 'image/*,application/pdf,application/json,.json,.txt,.yz';

/** Receives a certificate: by the slip's code, a link, or from a file; seen and judged before it is kept. */
export function ReceiveView() {
  const { say } = useText();
  const waiting = useStore(arrived);
  const [step, setStep] = useState<Step>({ at: 'choose' });
  const trust = useStore(trustState);
  const unjudged = useRef(false);
  const title = useRef<HTMLHeadingElement>(null);
  const fail = (problem: unknown): void => setStep({ at: 'problem', problem });

  /** By whose rules it is judged must be known before anything is fetched; whoever cannot choose now goes on without an answer. */
  const needsAuthority = (goOn: () => void): boolean => {
    if (trustState.get().phase === 'ready' || unjudged.current) return false;
    setStep({ at: 'authority', goOn });
    return true;
  };
  const take = async (arrival: Arrival): Promise<void> => {
    const { vault, platform } = wallet();
    if (arrival.kind === 'request') {
      arrive(arrival);
      return;
    }
    if (needsAuthority(() => void take(arrival))) return;
    setStep({ at: 'reading' });
    try {
      if (arrival.kind === 'offer') setStep({ at: 'offer', offer: await readOffer(arrival.text, platform) });
      else {
        const { json } = await engine.ask('open', { input: { text: arrival.text } });
        setStep({ at: 'import', preview: await previewImport(json, vault, platform) });
      }
    } catch (error) {
      fail(error);
    }
  };
  const takeFile = async ([file]: readonly File[]): Promise<void> => {
    if (!file || needsAuthority(() => void takeFile([file]))) return;
    const { vault, platform } = wallet();
    setStep({ at: 'reading' });
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { json } = await engine.ask('open', { input: { bytes, name: file.name } });
      setStep({ at: 'import', preview: await previewImport(json, vault, platform) });
    } catch (error) {
      fail(error);
    }
  };
  useEffect(() => {
    if (!waiting || waiting.kind === 'request') return;
    arrived.set(undefined);
    void take(waiting);
  }, [waiting]);
  useEffect(() => {
    if (step.at !== 'choose' && step.at !== 'scan') title.current?.focus();
  }, [step.at]);
  useEffect(() => {
    if (step.at === 'authority' && trust.phase === 'ready') step.goOn();
  }, [step, trust.phase]);
  const restart = (): void => setStep({ at: 'choose' });

  return (
    <div class="stack" aria-busy={step.at === 'reading'}>
      <h1 ref={title} tabIndex={-1}>
        {say(`receive.${step.at}`)}
      </h1>
      {step.at === 'choose' && (
        <Choose onScan={() => setStep({ at: 'scan' })} onText={take} onFiles={(files) => void takeFile(files)} />
      )}
      {step.at === 'scan' && (
        <ScanView
          title={say('receive.scan')}
          read={readCode}
          onResult={(arrival) => void take(arrival)}
          onFiles={(files) => void takeFile(files)}
          onError={fail}
          onClose={restart}
        />
      )}
      {step.at === 'reading' && (
        <p class="soft" role="status">
          {say('receive.working')}
        </p>
      )}
      {step.at === 'authority' && (
        <>
          {trust.phase === 'none' && <ChooseAuthority reason={trust.reason} />}
          <div class="actions">
            <Button
              kind="link"
              onClick={() => {
                unjudged.current = true;
                step.goOn();
              }}
            >
              {say('receive.unjudged')}
            </Button>
          </div>
        </>
      )}
      {step.at === 'offer' && (
        <OfferView
          offer={step.offer}
          onReceived={(received) =>
            setStep(
              received.previews.length > 0
                ? { at: 'received', received }
                : { at: 'done', kept: [], deferred: received.deferred },
            )
          }
          onCancel={restart}
        />
      )}
      {step.at === 'received' && (
        <ReviewReceived
          received={step.received}
          onDone={(kept) => setStep(kept ? { at: 'done', kept, deferred: step.received.deferred } : { at: 'choose' })}
        />
      )}
      {step.at === 'import' && (
        <ReviewPreviews
          previews={[step.preview]}
          onAccept={async () => {
            setStep({ at: 'done', kept: [await acceptImport(step.preview, wallet().vault)], deferred: 0 });
          }}
          onDecline={restart}
        />
      )}
      {step.at === 'done' && <Accepted kept={step.kept} deferred={step.deferred} onMore={restart} />}
      {step.at === 'problem' && (
        <Notice kind="bad" live actions={<Button onClick={restart}>{say('receive.again')}</Button>}>
          {problemText(step.problem, say)}
        </Notice>
      )}
    </div>
  );
}

/** An offer or request as it is; a certificate only when it can be read as one, so that other codes are named. */
async function readCode(text: string): Promise<Arrival> {
  const arrival = readArrival(text);
  if (arrival.kind === 'carrier') await engine.ask('open', { input: { text: arrival.text } });
  return arrival;
}

function Choose({
  onScan,
  onText,
  onFiles,
}: {
  onScan: () => void;
  onText: (arrival: Arrival) => Promise<void>;
  onFiles: (files: readonly File[]) => void;
}) {
  const { say } = useText();
  const [pasted, setPasted] = useState('');
  const [empty, setEmpty] = useState(false);
  return (
    <section class="card">
      <p>{say('receive.what')}</p>
      <div class="actions">
        <Button kind="primary" icon="scan" onClick={onScan}>
          {say('receive.scan-it')}
        </Button>
        <FileButton label={say('receive.file')} accept={FILE_TYPES} onFiles={onFiles} />
      </div>
      <p class="soft">{say('receive.file-help')}</p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setEmpty(pasted.trim() === '');
          if (pasted.trim() !== '') void onText(readArrival(pasted.trim()));
        }}
      >
        <Field label={say('receive.paste')} error={empty ? say('receive.empty') : undefined}>
          {(control) => (
            <textarea
              {...control}
              rows={3}
              autocomplete="off"
              spellcheck={false}
              value={pasted}
              onInput={(event) => setPasted(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="actions">
          <Button type="submit" icon="next">
            {say('receive.open')}
          </Button>
        </div>
      </form>
    </section>
  );
}

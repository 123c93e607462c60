import { useEffect, useState } from 'preact/hooks';
import { Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { AddCandidate } from './AddCandidate.js';
import { CandidateTable } from './CandidateTable.js';
import { ResultGrid } from './ResultGrid.js';
import { candidatesSchema, type Candidate, type Detail } from './schemas.js';
import { SheetUpload } from './SheetUpload.js';

/** Candidates of a session and their results: entered, or to be read. */
export function CandidatePart({
  path,
  tenant,
  session,
  isLead,
  mayKeep,
  onChanged,
}: {
  /** Of the session. */
  path: string;
  /** Address of the institution. */
  tenant: string;
  session: Detail;
  /** The institution holds the session itself. */
  isLead: boolean;
  /** This person keeps candidates and results, as far as the session's state lets anybody. */
  mayKeep: boolean;
  onChanged: () => void;
}) {
  const { say, tag } = useText();
  const [round, setRound] = useState(0);
  const known = useCall((signal) => allCandidates(path, signal), [path, session.state, round]);
  const [seen, setSeen] = useState(0);
  const [isFirst] = useState(session.candidates === 0);
  // Rows that are typed in stay as they are until the page itself asks for them anew.
  useEffect(() => setSeen((one) => one + 1), [known.value]);
  const keeps = mayKeep && isLead;
  const isOpen = session.state === 'open';
  const mayAdd = keeps && (session.state === 'planned' || isOpen);
  const isHeld = session.today >= session.heldOn;
  const again = (): void => {
    setRound((one) => one + 1);
    onChanged();
  };
  const { candidates, passed, failed, absent, withheld } = session;
  const open = candidates - passed - failed - absent - withheld;
  return (
    <div class="stack exam-candidates">
      <h2>{say(isOpen && isHeld ? 'exam.results-title' : 'exam.candidates-title')}</h2>
      {!isLead && <p class="soft">{say('exam.lead-keeps', { lead: session.leadName })}</p>}
      <p>{say('exam.summary', { candidates, passed, failed, absent, withheld, open })}</p>
      {mayAdd && (
        <details class="card" open={isFirst}>
          <summary>{say('exam.add')}</summary>
          <AddCandidate path={path} isJoint={session.joint.length > 0} onAdded={again} />
          <div class="actions">
            <SheetUpload path={path} what="candidates" onTaken={again} />
            <a href={`.${tenant}/candidate-template.csv?lang=${tag}`} download>
              {say('exam.template')}
            </a>
          </div>
        </details>
      )}
      {keeps && isOpen && !isHeld && <Notice>{say('exam.too-early', { day: session.heldOn })}</Notice>}
      <Problem error={known.error} />
      {known.value &&
        (keeps && isOpen && isHeld ? (
          <ResultGrid
            key={seen}
            path={path}
            session={session}
            candidates={known.value}
            onChanged={onChanged}
            onReload={again}
          />
        ) : (
          <CandidateTable
            key={seen}
            path={path}
            session={session}
            candidates={known.value}
            mayNumber={mayKeep && session.state === 'results-entered'}
            mayRemove={mayAdd}
            empty={say(isLead ? 'exam.no-candidates' : 'exam.no-shared')}
            onRemoved={again}
          />
        ))}
      {(known.value?.length ?? 0) > 0 && (
        <div class="actions">
          <a href={`.${path}/results.csv?lang=${tag}`} download>
            {say('exam.results-sheet')}
          </a>
          {keeps && isOpen && isHeld && <SheetUpload path={path} what="results" onTaken={again} />}
        </div>
      )}
    </div>
  );
}

async function allCandidates(path: string, signal: AbortSignal): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: { candidates: Candidate[]; next?: number | undefined } = await call(
      `${path}/candidates?after=${after}&limit=1000`,
      candidatesSchema,
      { signal },
    );
    found.push(...page.candidates);
    after = page.next;
  }
  return found;
}

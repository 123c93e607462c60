import { useState } from 'preact/hooks';
import { digestMultibase } from '../../../../../shared/trust/digest.js';
import { Button, FileButton } from '../../../../../ui/parts/index.js';
import { call } from '../../api/call.js';
import { Problem } from '../../api/Problem.js';
import { useAction } from '../../api/use-action.js';
import { navigate } from '../../app/routes.js';
import { useText } from '../../i18n/index.js';
import { TextField } from '../../parts/index.js';
import { dayEnds } from '../../parts/china-time.js';
import { InstitutionFields, institutionInput, NO_INSTITUTION } from '../institutions/InstitutionFields.js';
import { accreditationScope, EMPTY_SCOPE } from '../scope/draft.js';
import { ScopeFields } from '../scope/ScopeFields.js';
import { useWording, type Desk } from '../use-desk.js';
import { applicationSchema } from './schemas.js';

/** An institution asks to be accredited; of its papers only names and digests are handed in. */
export function ApplyForm({ desk }: { desk: Desk }) {
  const { say } = useText();
  const words = useWording(desk.names);
  const [facts, setFacts] = useState(NO_INSTITUTION);
  const [until, setUntil] = useState('');
  const [remark, setRemark] = useState('');
  const [scope, setScope] = useState(EMPTY_SCOPE);
  const [documents, setDocuments] = useState<readonly { name: string; digestMultibase: string }[]>([]);
  const take = useAction(async (files: readonly File[]) => {
    const taken = await Promise.all(
      files.map(async (file) => ({
        name: file.name,
        digestMultibase: digestMultibase(new Uint8Array(await file.arrayBuffer())),
      })),
    );
    setDocuments([...documents, ...taken]);
  });
  const ends = dayEnds(until);
  const handIn = useAction(async () => {
    const body = {
      ...institutionInput(facts),
      documents,
      ...(remark.trim() !== '' && { remark: remark.trim() }),
      actions: [{ scope: accreditationScope(scope), ...(ends !== undefined && { validUntil: ends }) }],
    };
    const { id } = await call(`${desk.path}/applications`, applicationSchema, { method: 'POST', body });
    navigate('requests', id);
  });
  return (
    <form
      class="stack"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        handIn.run();
      }}
    >
      <h1>{say('requests.new')}</h1>
      <InstitutionFields facts={facts} onChange={setFacts} words={words} />
      <div class="card">
        <h2>{say('request.wanted')}</h2>
        <ScopeFields draft={scope} onChange={setScope} words={words} grants />
        <TextField
          label={say('period.until')}
          help={say('accredit.until-help')}
          type="date"
          value={until}
          onInput={setUntil}
        />
      </div>
      <div class="card">
        <h2>{say('request.documents')}</h2>
        <p class="soft">{say('request.documents-help')}</p>
        <ul>
          {documents.map(({ name, digestMultibase: digest }) => (
            <li key={digest}>
              {name} <span class="soft mono">{digest}</span>
            </li>
          ))}
        </ul>
        <div class="actions">
          <FileButton label={say('memorandum.choose')} multiple onFiles={(files) => take.run(files)} />
        </div>
        <TextField label={say('request.remark')} rows={3} value={remark} onInput={setRemark} maxLength={500} />
      </div>
      <Problem error={take.error ?? handIn.error} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={handIn.busy} disabled={documents.length === 0}>
          {say('requests.hand-in')}
        </Button>
      </div>
    </form>
  );
}

import { CERTIFICATE_KINDS } from '../../../../shared/certificate/kind.js';
import { Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';
import { DataTable } from '../parts/index.js';
import { previewSchema, type CompromisePreview } from './schemas.js';

/** What a loss means for every certificate the key signed, by the verifier's own decision, and the list of them. */
export function Consequences({
  path,
  name,
  since,
  isDone = false,
}: {
  path: string;
  name: string;
  /** RFC 3339. */
  since: string;
  /** It happened already: only the list is of use. */
  isDone?: boolean;
}) {
  const { say } = useText();
  const query = `since=${encodeURIComponent(since)}`;
  const known = useCall(
    (signal) => call(`${path}/keys/${name}/compromise-preview?${query}`, previewSchema, { signal }),
    [path, name, since],
  );
  const list = (
    <p>
      <a class="button" href={`.${path}/keys/${name}/certificates.csv?${query}`} download>
        {say('keys.list-download')}
      </a>
    </p>
  );
  if (isDone) return list;
  if (!known.value)
    return known.error === undefined ? <p class="soft">{say('app.loading')}</p> : <Problem error={known.error} />;
  const { refused, refusedSince, toReissue, walletForms, reserved, hasOtherKey } = known.value;
  const number = (count: number): string => count.toLocaleString();
  return (
    <div class="stack">
      <Notice kind="bad" title={say('keys.refused', { count: number(refused) })}>
        <ul class="consequences">
          <li>{say('keys.refused-why')}</li>
          <li>{say('keys.refused-since', { count: number(refusedSince) })}</li>
          <li>{say('keys.to-reissue', { count: number(toReissue) })}</li>
          {walletForms > 0 && <li>{say('keys.wallet-forms', { count: number(walletForms) })}</li>}
          {reserved > 0 && <li>{say('keys.reserved', { count: number(reserved) })}</li>}
          <li>{say(hasOtherKey ? 'keys.other-key' : 'keys.no-other-key')}</li>
        </ul>
      </Notice>
      <Groups groups={known.value.groups} />
      {list}
    </div>
  );
}

function kindName(id: string, tag: string): string {
  const kind = CERTIFICATE_KINDS.find((one) => one.id === id);
  return (tag === 'en' ? kind?.nameEn : kind?.nameZh) ?? id;
}

function Groups({ groups }: { groups: CompromisePreview['groups'] }) {
  const { say, tag } = useText();
  const words = ({ answer, code }: { answer: string; code: string }): string =>
    `${say(`keys.answer.${answer}` as 'keys.answer.pass')} (${code})`;
  return (
    <DataTable
      label={say('keys.groups')}
      rows={groups}
      rowKey={({ kind, status, isSince }) => `${kind} ${status} ${isSince}`}
      empty={say('keys.signed-none')}
      columns={[
        {
          key: 'signed',
          header: say('keys.group-signed'),
          isRowHeader: true,
          cell: ({ isSince }) => say(isSince ? 'keys.group-since' : 'keys.group-before'),
        },
        { key: 'kind', header: say('keys.group-kind'), cell: ({ kind }) => kindName(kind, tag) },
        { key: 'status', header: say('keys.group-status'), cell: ({ status }) => say(`keys.status.${status}`) },
        { key: 'count', header: say('keys.group-count'), align: 'end', cell: ({ certificates }) => certificates.toLocaleString() }, // prettier-ignore
        { key: 'now', header: say('keys.group-now'), cell: ({ now }) => words(now) },
        { key: 'then', header: say('keys.group-then'), cell: ({ then }) => words(then) },
      ]}
    />
  );
}

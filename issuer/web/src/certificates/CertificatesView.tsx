import { useState } from 'preact/hooks';
import type { ViewProps } from '../../../../ui/app/LazyView.js';
import { useStore } from '../../../../ui/app/store.js';
import { Button, Field } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { MoreButton } from '../api/MoreButton.js';
import { Problem } from '../api/Problem.js';
import { tenantPath } from '../api/service.js';
import { sessionState } from '../api/session-state.js';
import { usePages } from '../api/use-pages.js';
import { routeHref } from '../app/routes.js';
import { useText, type WordKey } from '../i18n/index.js';
import { CertificateDetail } from './CertificateDetail.js';
import { LevelText } from './LevelText.js';
import { searchSchema } from './schemas.js';

const FIELDS = [
  ['number', 'text'],
  ['name', 'text'],
  ['assessment', 'text'],
  ['from', 'date'],
  ['until', 'date'],
] as const;
type Filter = Partial<Record<(typeof FIELDS)[number][0] | 'status', string>>;

/** Issued certificates: find, look at, hand out, suspend or revoke. */
export function CertificatesView({ id }: ViewProps) {
  const { tenant } = useStore(sessionState);
  const path = tenantPath(tenant);
  return id === undefined ? <Search path={path} /> : <CertificateDetail key={id} path={path} id={id} />;
}

function Search({ path }: { path: string }) {
  const { say } = useText();
  const [typed, setTyped] = useState<Filter>({});
  const [asked, setAsked] = useState<Filter>({});
  const pages = usePages(
    async (after, signal) => {
      const query = new URLSearchParams(
        Object.entries({ ...asked, after }).flatMap(([name, value]) => (value ? [[name, value]] : [])),
      );
      const { certificates, next } = await call(`${path}/certificates?${query.toString()}`, searchSchema, { signal });
      return { rows: certificates, next };
    },
    [path, asked],
  );
  return (
    <section class="stack">
      <h1>{say('nav.certificates')}</h1>
      <form
        class="card search-form"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()])));
        }}
      >
        {FIELDS.map(([name, type]) => (
          <Field key={name} label={say(`search.${name}`)}>
            {(control) => (
              <input
                {...control}
                {...(type === 'date' ? { type: 'date' as const } : { type: 'text' as const, maxLength: 60 })}
                value={typed[name] ?? ''}
                onInput={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
              />
            )}
          </Field>
        ))}
        <Field label={say('search.status')}>
          {(control) => (
            <select
              {...control}
              value={typed.status ?? ''}
              onChange={(event) => setTyped({ ...typed, status: event.currentTarget.value })}
            >
              <option value="">{say('search.any')}</option>
              {(['active', 'suspended', 'revoked'] as const).map((status) => (
                <option key={status} value={status}>
                  {say(`status.${status}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div class="actions">
          <Button type="submit" kind="primary" icon="search" busy={pages.busy}>
            {say('search.submit')}
          </Button>
        </div>
        <p class="soft">{say('search.audited')}</p>
      </form>
      <Problem error={pages.error} />
      {!pages.busy && pages.rows.length === 0 && <p role="status">{say('search.none')}</p>}
      {pages.rows.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={say('nav.certificates')}>
          <table>
            <thead>
              <tr>
                {(
                  [
                    'search.number',
                    'people.name',
                    'ready.document',
                    'ready.occupation',
                    'certificate.issued',
                    'search.status',
                  ] satisfies WordKey[]
                ).map((key) => (
                  <th key={key} scope="col">
                    {say(key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {pages.rows.map(({ id, certificateNumber, revision, holder, occupation, level, issuedOn, status }) => (
                <tr key={id}>
                  <th scope="row">
                    <a href={routeHref('certificates', certificateNumber)}>{certificateNumber}</a>
                    {revision > 1 && <span class="soft"> {say('certificate.revision', { revision })}</span>}
                  </th>
                  <td>{holder.name}</td>
                  <td>{holder.idLastFour}</td>
                  <td>
                    {occupation?.name} {occupation?.trade} {level && <LevelText {...level} />}
                  </td>
                  <td>{issuedOn}</td>
                  <td>{say(`status.${status}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton pages={pages} />
    </section>
  );
}

import { call } from '../api/call.js';
import { MoreButton } from '../api/MoreButton.js';
import { Problem } from '../api/Problem.js';
import { usePages } from '../api/use-pages.js';
import { LevelText } from '../certificates/LevelText.js';
import { useText } from '../i18n/index.js';
import { readySchema, type Operation } from './schemas.js';

/** Rows that wait: who would get what, and what a correction changes. */
export function ReadyTable({ path, operation }: { path: string; operation: Operation }) {
  const { say } = useText();
  const pages = usePages(
    (after, signal) =>
      call(`${path}/ready?limit=100${after === undefined ? '' : `&after=${after}`}`, readySchema, { signal }),
    [path],
  );
  const isChange = operation !== 'issue';
  return (
    <div class="stack">
      <h2>{say('ready.title')}</h2>
      <Problem error={pages.error} />
      <div class="table-scroll" tabIndex={0} role="region" aria-label={say('ready.title')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say('ready.row')}</th>
              <th scope="col">{say('people.name')}</th>
              <th scope="col">{say('ready.document')}</th>
              <th scope="col">{say('ready.occupation')}</th>
              <th scope="col">{say('ready.assessment')}</th>
              {isChange && <th scope="col">{say('ready.change')}</th>}
            </tr>
          </thead>
          <tbody>
            {pages.rows.map(
              ({
                row,
                name,
                identityDocument,
                occupation,
                level,
                assessment,
                certificate,
                reason,
                changes,
                facts,
                issuedOn,
                number,
              }) => (
                <tr key={row}>
                  <th scope="row">{row === 0 ? '—' : row}</th>
                  <td>{name}</td>
                  <td>{identityDocument.lastFour}</td>
                  <td>
                    {occupation?.name} {occupation?.trade} {level && <LevelText {...level} />}
                  </td>
                  <td>
                    {assessment}
                    {issuedOn !== undefined && (
                      <div>
                        {say('certificate.issued')}: {issuedOn}
                      </div>
                    )}
                    {number !== undefined && (
                      <div>
                        {say('search.number')}: {number}
                      </div>
                    )}
                    {facts && (
                      <details>
                        <summary>{say('ready.facts')}</summary>
                        {facts.map(({ at, to }) => (
                          <div key={at}>
                            <span class="soft">{at}</span>: {to}
                          </div>
                        ))}
                      </details>
                    )}
                  </td>
                  {isChange && (
                    <td>
                      {certificate?.number}
                      {reason !== undefined && <div>{say(`reason.${reason}` as 'reason.error')}</div>}
                      {changes?.map(({ at, from, to }) => (
                        <div key={at}>
                          <span class="soft">{at}</span>: <del>{from}</del> → <ins>{to}</ins>
                        </div>
                      ))}
                    </td>
                  )}
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
      <MoreButton pages={pages} />
    </div>
  );
}

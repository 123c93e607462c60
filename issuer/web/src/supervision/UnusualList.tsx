import { routeHref } from '../app/routes.js';
import { useText } from '../i18n/index.js';
import { CheckList } from './CheckList.js';
import { LineName } from './LineName.js';
import type { Unusual } from './schemas.js';

/** Every marked month, each with the sentences that say why. */
export function UnusualList({
  found,
  leftOut = 0,
  nameOf,
  onOpen,
}: {
  found: readonly Unusual[];
  leftOut?: number;
  /** Name of an institution, where those of several are listed. */
  nameOf?: (code: string) => string;
  /** Before the link is followed. */
  onOpen?: (institution: string) => void;
}) {
  const { say } = useText();
  if (found.length === 0) return <p class="soft">{say('board.nothing-unusual')}</p>;
  return (
    <>
      <ul class="unusual-list">
        {found.map((one) => (
          <li key={`${one.institution} ${one.series?.id ?? ''} ${one.month}`} class="card">
            <h3>
              <a
                href={routeHref('supervision', one.series ? `${one.series.id}.${one.month}` : 'board')}
                {...(onOpen && { onClick: () => onOpen(one.institution) })}
              >
                {one.month} {nameOf?.(one.institution)}{' '}
                {one.series ? <LineName line={one.series} /> : say('board.all-lines')}
              </a>{' '}
              <span class="soft">{say('board.issued', { count: one.issued })}</span>
            </h3>
            <CheckList checks={one.checks} />
          </li>
        ))}
      </ul>
      {leftOut > 0 && <p class="soft">{say('board.left-out', { count: leftOut })}</p>}
    </>
  );
}

import { useState } from 'preact/hooks';
import { Icon } from '../../../../ui/parts/index.js';
import { useText } from '../i18n/index.js';
import { dayOf } from '../parts/china-time.js';
import { SelectField } from '../parts/index.js';

const COUNTS = ['6', '12', '24'] as const;

/** Which months are shown, as the address of a question says it. */
export interface Shown {
  until: string;
  months: (typeof COUNTS)[number];
}

/** The months that are shown at first: twelve, up to this one. */
export function useShown(): [Shown, (shown: Shown) => void] {
  return useState<Shown>({ until: '', months: '12' });
}

/** The same as a query. */
export function shownQuery({ until, months }: Shown): string {
  return new URLSearchParams({ months, ...(until !== '' && { until }) }).toString();
}

/** Chooses the months, and gives the board away as a file. */
export function ShownMonths({
  shown,
  onChange,
  path,
}: {
  shown: Shown;
  onChange: (shown: Shown) => void;
  /** Address of the board. */
  path: string;
}) {
  const { say, tag } = useText();
  const file = (audience: string): string =>
    `.${path}/export?${shownQuery(shown)}&${new URLSearchParams({ language: tag === 'zh-CN' ? tag : 'en', audience }).toString()}`;
  return (
    <div class="card search-form">
      <SelectField
        label={say('board.months')}
        value={shown.months}
        onChange={(months) => onChange({ ...shown, months })}
        choices={COUNTS.map((value) => ({ value, label: say('board.months-count', { count: value }) }))}
      />
      <SelectField
        label={say('board.until')}
        value={shown.until}
        onChange={(until) => onChange({ ...shown, until })}
        empty={say('board.this-month')}
        choices={earlierMonths().map((value) => ({ value, label: value }))}
      />
      <div class="actions">
        <a class="button button-plain" href={file('supervision')} download>
          <Icon name="download" />
          <span>{say('board.export')}</span>
        </a>
        <a class="button button-plain" href={file('public')} download>
          <Icon name="download" />
          <span>{say('board.export-public')}</span>
        </a>
      </div>
      <p class="soft">{say('board.audited')}</p>
    </div>
  );
}

/** The three years before this month, newest first. */
function earlierMonths(): string[] {
  const [year = 0, month = 0] = dayOf(Date.now()).split('-').map(Number);
  return Array.from({ length: 36 }, (_, i) => new Date(Date.UTC(year, month - 2 - i, 1)).toISOString().slice(0, 7));
}

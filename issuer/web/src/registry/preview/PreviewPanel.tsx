import type { Wording } from '../../../../../shared/trust/explain/wording.js';
import { timeText } from '../../../../../ui/i18n/format.js';
import { Notice } from '../../../../../ui/parts/index.js';
import { Problem } from '../../api/Problem.js';
import { useText } from '../../i18n/index.js';
import { useWording, type Desk } from '../use-desk.js';
import { PreviewTable } from './PreviewTable.js';
import { countsAs, sortText } from './sort-text.js';
import { CHANGES, type Preview } from './schemas.js';
import { usePreview, type PreviewBody } from './use-preview.js';

/** Roles the service answers. */
const ASKERS = ['officer', 'approver', 'auditor'];

/** What a draft would change, in sentences and then sort by sort; follows the draft as it is written. */
export function PreviewPanel({ desk, body }: { desk: Desk; body: PreviewBody | undefined }) {
  const { say } = useText();
  const mayAsk = desk.roles.some((role) => ASKERS.includes(role));
  const { preview, error, busy } = usePreview(desk.path, mayAsk ? body : undefined);
  const words = useWording(desk.names);
  if (!mayAsk) return null;
  return (
    <section class="card preview" aria-labelledby="preview-title" aria-busy={busy}>
      <h2 id="preview-title">{say('preview.title')}</h2>
      <p class="soft" role="status">
        {body === undefined ? say('preview.too-little') : busy ? say('preview.busy') : say('preview.help')}
      </p>
      {!busy && <Problem error={error} />}
      {preview && <Shown preview={preview} words={words} isOld={busy} />}
    </section>
  );
}

const MOST_SORTS = 4;

/** A path of one step is the authority's own institutions, which the sentences name already. */
function isLong(steps: readonly unknown[]): boolean {
  return steps.length > 1;
}

/** How many sorts of certificate become what, and which. */
function ChangeSentence({
  preview,
  change,
  words,
}: {
  preview: Preview;
  change: (typeof CHANGES)[number];
  words: Wording;
}) {
  const { say } = useText();
  const { rows: count, institutions, certificates } = preview.totals[change];
  const rows = preview.rows.filter((row) => row.change === change);
  const sorts = [...new Set(rows.map((row) => sortText(row, words)))];
  const worth = [...new Set(rows.map(({ after }) => countsAs(after, words)).filter((text) => text !== undefined))];
  const list = sorts.slice(0, MOST_SORTS).join(say('list.and'));
  const isWhole = rows.length === count;
  const isMore = !isWhole || sorts.length > MOST_SORTS;
  const total = sorts.length === 0 ? 'preview.total-only' : isMore ? 'preview.total-more' : 'preview.total';
  return (
    <>
      <strong>{say(`change.${change}`)}</strong> {say(total, { count, institutions, list })}{' '}
      {isWhole && worth.length === 1 && change !== 'lost' && say('preview.worth', { worth: worth[0] ?? '' })}{' '}
      {certificates !== null && say('preview.certificates', { certificates })}
    </>
  );
}

function Shown({ preview, words, isOld }: { preview: Preview; words: Wording; isOld: boolean }) {
  const { say } = useText();
  const { leadTime, totals, rows, rowsLeftOut, unchanged, conflicts, data, paths, unpublished, notJudged } = preview;
  const sentences = CHANGES.filter((change) => totals[change].rows > 0);
  const path = (steps: Preview['paths']['opened'][number]): string => steps.map(({ name }) => name).join(' → ');
  const weak = data.filter(({ source, age }) => source === 'missing' || age === 'stale');
  return (
    <div class={isOld ? 'stack preview-old' : 'stack'}>
      {leadTime && (
        <Notice kind="care" title={say('preview.lead-time', { earliest: timeText(leadTime.earliest) })}>
          {say('preview.lead-time-help', {
            members: leadTime.takesAway
              .map((member) => say(`member.${member}` as 'member.level'))
              .join(say('list.and')),
          })}
        </Notice>
      )}
      {conflicts.map(({ type, about, from, until }) => (
        <Notice key={`${type}${about.id}`} kind="care">
          {say(`preview.conflict.${type}`, { name: about.name, period: words.period(from, until) })}
        </Notice>
      ))}
      <ul class="preview-sentences">
        {sentences.map((change) => (
          <li key={change}>
            <ChangeSentence preview={preview} change={change} words={words} />
          </li>
        ))}
        {paths.opened.filter(isLong).map((steps) => (
          <li key={path(steps)}>{say('preview.opened', { path: path(steps) })}</li>
        ))}
        {paths.closed.filter(isLong).map((steps) => (
          <li key={path(steps)}>{say('preview.closed', { path: path(steps) })}</li>
        ))}
        {sentences.length === 0 && (
          <li>{say(weak.length > 0 || notJudged > 0 ? 'preview.nothing-judged' : 'preview.nothing')}</li>
        )}
        {unchanged.rows > 0 && <li>{say('preview.unchanged', { count: unchanged.rows })}</li>}
      </ul>
      {rows.length > 0 && <PreviewTable rows={rows} words={words} />}
      {rowsLeftOut > 0 && <p class="soft">{say('preview.left-out', { count: rowsLeftOut })}</p>}
      {sentences.some((change) => totals[change].certificates === null) && (
        <p class="soft">{say('preview.certificates-unknown')}</p>
      )}
      {notJudged > 0 && <p class="soft">{say('preview.not-judged', { count: notJudged })}</p>}
      {weak.map(({ authority, source, asOf }) => (
        <Notice key={authority.id} kind="care">
          {source === 'missing'
            ? say('preview.data-missing', { name: authority.name })
            : say('preview.data-stale', { name: authority.name, asOf: timeText(asOf) })}
        </Notice>
      ))}
      <p class="soft">
        {say('preview.at', { at: timeText(preview.at) })}
        {unpublished > 0 && ` ${say('preview.unpublished', { count: unpublished })}`}
        {preview.root &&
          ` ${say('preview.root', { version: preview.root.version, digest: preview.root.digestMultibase })}`}
      </p>
    </div>
  );
}

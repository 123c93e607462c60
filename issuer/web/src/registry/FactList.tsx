import { useText } from '../i18n/index.js';
import { compareFacts, isSame, type Fact, type FactChange } from './facts.js';

/** What a statement says, heading by heading. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  const { say } = useText();
  return (
    <dl class="rows">
      {facts.map(({ key, action, items }) => (
        <div key={`${action ?? ''}/${key}`} class="rows-part">
          <dt>
            {say(`fact.${key}`)}
            {action !== undefined && ` (${action + 1})`}
          </dt>
          <dd>
            <Items items={items} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What a change would do: before and after side by side, what stays the same can be opened; of something new, what it says. */
export function FactDifferences({ before, after }: { before: readonly Fact[]; after: readonly Fact[] }) {
  const { say } = useText();
  if (before.length === 0)
    return (
      <div class="card">
        <FactList facts={after} />
      </div>
    );
  const all = compareFacts(before, after);
  const changed = all.filter((one) => !isSame(one));
  const same = all.filter(isSame);
  return (
    <>
      {changed.length > 0 && <Differences label={say('difference.title')} changes={changed} />}
      {same.length > 0 && (
        <details>
          <summary>{say('difference.same', { count: same.length })}</summary>
          <FactList facts={same.map(({ after: items, ...one }) => ({ ...one, items }))} />
        </details>
      )}
    </>
  );
}

function Differences({ label, changes }: { label: string; changes: readonly FactChange[] }) {
  const { say } = useText();
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="differences">
        <thead>
          <tr>
            <th scope="col">{say('difference.what')}</th>
            <th scope="col">{say('difference.before')}</th>
            <th scope="col">{say('difference.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ key, action, before, after }) => (
            <tr key={`${action ?? ''}/${key}`}>
              <th scope="row">
                {say(`fact.${key}`)}
                {action !== undefined && ` (${action + 1})`}
              </th>
              <td>
                <Items items={before} others={after} mark="removed" />
              </td>
              <td>
                <Items items={after} others={before} mark="added" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Several things; those the other side does not have are marked, with a word and a line, not by colour. */
function Items({
  items,
  others,
  mark,
}: {
  items: readonly string[];
  others?: readonly string[];
  mark?: 'added' | 'removed';
}) {
  const { say } = useText();
  if (items.length === 0) return <span class="soft">{say('difference.none')}</span>;
  return (
    <ul class="items">
      {items.map((item) => {
        const isMarked = others !== undefined && others.length > 0 && !others.includes(item);
        return (
          <li key={item}>
            {isMarked && mark === 'removed' ? (
              <del>
                <span class="mark">{say('difference.removed')}</span> {item}
              </del>
            ) : isMarked && mark === 'added' ? (
              <ins>
                <span class="mark">{say('difference.added')}</span> {item}
              </ins>
            ) : (
              item
            )}
          </li>
        );
      })}
    </ul>
  );
}

import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { Button } from '../../../../../ui/parts/index.js';
import { useText } from '../../i18n/index.js';
import { TextField } from '../../parts/index.js';

/** A list that is typed or picked item by item; each can be taken away again. */
export function ItemList({
  label,
  help,
  items,
  onChange,
  pattern,
  wrong,
  textOf,
  list,
  empty,
  isOneAtATime = false,
}: {
  label: ComponentChildren;
  help: string;
  items: readonly string[];
  onChange: (items: string[]) => void;
  /** Form of an item. */
  pattern: RegExp;
  /** Said of what has another form. */
  wrong: string;
  textOf: (item: string) => string;
  /** Id of a `<datalist>`. */
  list?: string;
  /** Said while there is none. */
  empty: string;
  /** An item may have spaces and commas in it. */
  isOneAtATime?: boolean;
}) {
  const { say } = useText();
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const add = (): void => {
    const wanted = (isOneAtATime ? [text] : text.split(/[\s,，;；]+/))
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (wanted.length === 0 || !wanted.every((item) => pattern.test(item))) {
      setWrong(wanted.length > 0);
      return;
    }
    onChange([...new Set([...items, ...wanted])]);
    setText('');
    setWrong(false);
  };
  return (
    <div
      class="item-list"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        add();
      }}
    >
      <div class="item-list-entry">
        <TextField
          label={label}
          help={help}
          error={isWrong ? wrong : undefined}
          value={text}
          onInput={setText}
          maxLength={2000}
          plain
          {...(list !== undefined && { list })}
        />
        <Button onClick={add}>{say('items.add')}</Button>
      </div>
      {items.length === 0 ? (
        <p class="soft">{empty}</p>
      ) : (
        <ul class="chips">
          {items.map((item) => (
            <li key={item}>
              {textOf(item)}
              <button
                type="button"
                class="chip-remove"
                aria-label={say('items.remove', { item: textOf(item) })}
                onClick={() => onChange(items.filter((one) => one !== item))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

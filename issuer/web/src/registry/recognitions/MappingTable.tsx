import { useState } from 'preact/hooks';
import { CERTIFICATE_KINDS, type KindId } from '../../../../../shared/certificate/kind.js';
import { findLevel, LEVEL_FRAMEWORKS, type Level } from '../../../../../shared/certificate/level.js';
import type { Wording } from '../../../../../shared/trust/explain/wording.js';
import type { LevelMapping } from '../../../../../shared/trust/types.js';
import { Button } from '../../../../../ui/parts/index.js';
import { useText } from '../../i18n/index.js';
import { SelectField } from '../../parts/index.js';

const LEVELS = LEVEL_FRAMEWORKS.flatMap(({ id, values }) => values.map(({ value }) => ({ framework: id, value })));
const keyOf = ({ framework, value }: Level): string => `${framework}/${value}`;
const levelOf = (key: string): Level => {
  const [framework = '', value = ''] = key.split('/');
  return { framework, value };
};

/** Which level of the other authority counts as which level here, line by line. */
export function MappingTable({
  mapping,
  onChange,
  words,
}: {
  mapping: readonly LevelMapping[];
  onChange: (mapping: readonly LevelMapping[]) => void;
  words: Wording;
}) {
  const { say, sentences } = useText();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [kind, setKind] = useState<KindId | ''>('');
  const choices = LEVELS.map((level) => ({ value: keyOf(level), label: levelText(level, sentences) }));
  const add = (): void => {
    if (from === '' || to === '') return;
    const target: LevelMapping['to'] = { ...levelOf(to), ...(kind !== '' && { kind }) };
    onChange([...mapping.filter((one) => keyOf(one.from) !== from), { from: levelOf(from), to: target }]);
    setFrom('');
    setTo('');
  };
  return (
    <fieldset class="choices">
      <legend>{say('fact.mapping')}</legend>
      <p class="soft">{say('mapping.help')}</p>
      {mapping.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={say('fact.mapping')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say('mapping.from')}</th>
                <th scope="col">{say('mapping.to')}</th>
                <th scope="col">{say('people.change')}</th>
              </tr>
            </thead>
            <tbody>
              {mapping.map((one) => (
                <tr key={keyOf(one.from)}>
                  <th scope="row">{levelText(one.from, sentences)}</th>
                  <td>
                    {one.to.kind !== undefined && `${words.kind(one.to.kind)} `}
                    {levelText(one.to, sentences)}
                  </td>
                  <td>
                    <Button onClick={() => onChange(mapping.filter((other) => other !== one))}>
                      {say('mapping.remove')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div class="field-row">
        <SelectField
          label={say('mapping.from')}
          value={from}
          onChange={setFrom}
          choices={choices}
          empty={say('change.choose')}
        />
        <SelectField
          label={say('mapping.to')}
          value={to}
          onChange={setTo}
          choices={choices}
          empty={say('change.choose')}
        />
        <SelectField
          label={say('mapping.kind')}
          value={kind}
          onChange={setKind}
          choices={CERTIFICATE_KINDS.filter(({ frameworks }) => frameworks.length > 0).map(({ id }) => ({
            value: id,
            label: words.kind(id),
          }))}
          empty={say('mapping.same-kind')}
        />
      </div>
      <div class="actions">
        <Button onClick={add} disabled={from === '' || to === ''}>
          {say('mapping.add')}
        </Button>
      </div>
    </fieldset>
  );
}

/** A level with its framework, as two frameworks call levels alike. */
function levelText(level: Level, language: string): string {
  const framework = LEVEL_FRAMEWORKS.find(({ id }) => id === level.framework);
  const value = findLevel(level);
  if (!framework || !value) return keyOf(level);
  return language === 'zh-CN' ? `${value.nameZh}（${framework.nameZh}）` : `${value.nameEn} (${framework.nameEn})`;
}

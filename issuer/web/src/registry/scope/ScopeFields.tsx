import { CERTIFICATE_KINDS } from '../../../../../shared/certificate/kind.js';
import { LEVEL_FRAMEWORKS } from '../../../../../shared/certificate/level.js';
import { OCCUPATIONS } from '../../../../../shared/certificate/occupation-data.js';
import type { Wording } from '../../../../../shared/trust/explain/wording.js';
import type { Scope } from '../../../../../shared/trust/types.js';
import { useText } from '../../i18n/index.js';
import { CheckField, SelectField, TextField } from '../../parts/index.js';
import { REGIONS, regionText } from '../regions.js';
import { frameworksOf, hasOccupations, type ScopeDraft } from './draft.js';
import { ItemList } from './ItemList.js';

const OCCUPATION =
  /^(?:(?:(?:1999|2015|2022):)?(?:\*|[1-8](?:-\d{2}){0,2}-\*|[1-8](?:-\d{2}){3})|permit:[\p{L}\p{N}·、()()/-]{1,60}\*?)$/u;
const REGION = /^(?:\*|\d{2}\*|\d{4}\*|\d{6})$/;
const STANDARD = /^\S.{0,59}$/u;
const CANDIDATES: readonly NonNullable<Scope['candidates']>[] = ['public', 'own-employees', 'supply-chain'];

/**
 * What certificates a statement is about: kinds, levels, occupations, regions.
 * @param grants an accreditation, which grants only what is named, and has candidates and a quota; else what is left empty does not limit
 */
export function ScopeFields({
  draft,
  onChange,
  words,
  grants,
}: {
  draft: ScopeDraft;
  onChange: (draft: ScopeDraft) => void;
  words: Wording;
  grants: boolean;
}) {
  const { say, sentences } = useText();
  const set = (change: Partial<ScopeDraft>): void => onChange({ ...draft, ...change });
  const toggled = <T,>(list: readonly T[], item: T, on: boolean, same: (a: T, b: T) => boolean): T[] =>
    on ? [...list, item] : list.filter((one) => !same(one, item));
  const none = say(grants ? 'scope.none' : 'scope.any');
  const frameworks = LEVEL_FRAMEWORKS.filter(({ id }) => frameworksOf(draft.kinds).includes(id));
  const nameOf = (row: { nameZh: string; nameEn: string }): string => (sentences === 'zh-CN' ? row.nameZh : row.nameEn);
  return (
    <div class="stack">
      <fieldset class="choices">
        <legend>{say('fact.kind')}</legend>
        {!grants && draft.kinds.length === 0 && <p class="soft">{none}</p>}
        <div class="choices-grid">
          {CERTIFICATE_KINDS.map((kind) => (
            <CheckField
              key={kind.id}
              label={nameOf(kind)}
              checked={draft.kinds.includes(kind.id)}
              onChange={(on) => set({ kinds: toggled(draft.kinds, kind.id, on, (a, b) => a === b) })}
            />
          ))}
        </div>
      </fieldset>
      {frameworks.length > 0 && (grants ? draft.kinds.length > 0 : true) && (
        <fieldset class="choices">
          <legend>{say('fact.level')}</legend>
          {!grants && draft.levels.length === 0 && <p class="soft">{none}</p>}
          {frameworks.map((framework) => (
            <div key={framework.id}>
              {frameworks.length > 1 && <p class="soft">{nameOf(framework)}</p>}
              <div class="choices-grid">
                {framework.values.map((value) => {
                  const level = { framework: framework.id, value: value.value };
                  const same = (a: typeof level, b: typeof level): boolean =>
                    a.framework === b.framework && a.value === b.value;
                  return (
                    <CheckField
                      key={value.value}
                      label={nameOf(value)}
                      checked={draft.levels.some((one) => same(one, level))}
                      onChange={(on) => set({ levels: toggled(draft.levels, level, on, same) })}
                    />
                  );
                })}
              </div>
            </div>
          ))}
        </fieldset>
      )}
      {hasOccupations(draft.kinds) && (!grants || draft.kinds.length > 0) && (
        <ItemList
          label={say('fact.occupation')}
          help={say('scope.occupation-help')}
          items={draft.occupations}
          onChange={(occupations) => set({ occupations })}
          pattern={OCCUPATION}
          wrong={say('scope.occupation-wrong')}
          textOf={(item) => words.occupation(item)}
          list="scope-occupations"
          empty={none}
        />
      )}
      <ItemList
        label={say('fact.region')}
        help={say('scope.region-help')}
        items={draft.regions}
        onChange={(regions) => set({ regions })}
        pattern={REGION}
        wrong={say('scope.region-wrong')}
        textOf={(item) => regionText(item, sentences)}
        list="scope-regions"
        empty={none}
      />
      <ItemList
        label={say('fact.standard')}
        help={say(grants ? 'scope.standard-help-grants' : 'scope.standard-help')}
        items={draft.standards}
        onChange={(standards) => set({ standards })}
        pattern={STANDARD}
        wrong={say('scope.standard-wrong')}
        textOf={(item) => item}
        empty={say(grants ? 'scope.standard-none' : 'scope.any')}
        isOneAtATime
      />
      {grants && (
        <div class="field-row">
          <SelectField
            label={say('fact.candidates')}
            value={draft.candidates}
            onChange={(candidates) => set({ candidates })}
            choices={CANDIDATES.map((value) => ({ value, label: say(`scope.candidates.${value}`) }))}
          />
          <TextField
            label={say('scope.quota')}
            help={say('scope.quota-help')}
            inputMode="numeric"
            maxLength={9}
            value={draft.quota}
            onInput={(text) => set({ quota: text.replace(/\D/g, '') })}
          />
          <SelectField
            label={say('scope.quota-per')}
            value={draft.quotaPer}
            onChange={(quotaPer) => set({ quotaPer })}
            choices={(['year', 'month'] as const).map((value) => ({ value, label: words.say(`quota.${value}`) }))}
          />
        </div>
      )}
      <datalist id="scope-occupations">
        {OCCUPATIONS.filter(({ edition }) => edition === '2022').map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </datalist>
      <datalist id="scope-regions">
        {REGIONS.map((region) => (
          <option key={region.pattern} value={region.pattern}>
            {nameOf(region)}
          </option>
        ))}
      </datalist>
    </div>
  );
}

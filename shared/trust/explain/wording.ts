import { certificateKind, KIND_IDS, type KindId } from '../../certificate/kind.js';
import { findLevel, findLevelFramework, type Level } from '../../certificate/level.js';
import { findOccupation } from '../../certificate/occupation.js';
import { instant } from '../time.js';
import { trustTranslator, type TrustLanguage, type TrustTranslate } from '../trust-translator.js';
import type { TrustView } from '../trust-view.js';
import type { LevelMapping } from '../types.js';

/** Prefix of permit items in scopes. */
const PERMIT = 'permit:';
const CHINA_STANDARD_TIME = 8 * 3_600_000;

/** Names, days, levels and lists as a reader of one language writes them. */
export class Wording {
  readonly say: TrustTranslate;

  constructor(
    readonly view: TrustView,
    readonly language: TrustLanguage,
  ) {
    this.say = trustTranslator(language);
  }

  /** Name of an authority or institution from signed data; its DID where no name is known. */
  name(did: string): string {
    return this.view.authorityName(did) ?? this.view.institutionName(did) ?? did;
  }

  /** China Standard Time; the time of day only where it is not midnight. */
  day(at: string | number): string {
    const milliseconds = typeof at === 'number' ? at : instant(at);
    const text = new Date(milliseconds + CHINA_STANDARD_TIME).toISOString();
    return text.slice(11, 19) === '00:00:00' ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
  }

  /** An interval whose end is excluded; an end at midnight is said as the last day inside. */
  period(from: string | number | undefined, until: string | number | undefined): string {
    const ends = until === undefined ? Infinity : typeof until === 'number' ? until : instant(until);
    const last = Number.isFinite(ends) ? this.lastDay(ends) : undefined;
    const first = from === undefined ? undefined : this.day(from);
    if (first !== undefined && last !== undefined) return this.say('period.between', { from: first, until: last });
    if (first !== undefined) return this.say('period.from', { from: first });
    return last === undefined ? this.say('period.always') : this.say('period.until', { until: last });
  }

  kind(id: KindId): string {
    return KIND_IDS.includes(id) ? certificateKind(id)[this.language === 'zh-CN' ? 'nameZh' : 'nameEn'] : id;
  }

  level(level: Level): string {
    const value = findLevel(level);
    if (!value) return `${level.framework} ${level.value}`;
    const name = this.language === 'zh-CN' ? value.nameZh : value.nameEn;
    const framework = level.framework === 'cn-skill-5' ? undefined : findLevelFramework(level.framework);
    if (!framework || level.framework === 'cn-occ-qual') return name;
    return `${this.language === 'zh-CN' ? framework.nameZh : framework.nameEn} ${name}`;
  }

  /** A code or pattern, with its name where the catalogue of that edition has one. */
  occupation(pattern: string, edition = '2022'): string {
    if (pattern === '*') return this.say('occupation.all');
    if (pattern.startsWith(PERMIT)) return pattern.slice(PERMIT.length);
    const row = findOccupation(pattern, edition);
    return row ? `${row.name} (${pattern})` : pattern;
  }

  mapping({ from, to }: LevelMapping): string {
    const side = (item: LevelMapping['from']): string =>
      [
        ...(item.kind === undefined ? [] : [this.kind(item.kind)]),
        ...(item.occupation === undefined ? [] : [this.occupation(item.occupation)]),
        this.level(item),
      ].join(' ');
    return this.say('detail.mapping', { from: side(from), to: side(to) });
  }

  list(items: readonly string[], empty = 'nothing.listed'): string {
    return items.length === 0 ? this.say(empty) : [...new Set(items)].join(this.say('list.separator'));
  }

  private lastDay(ends: number): string {
    const midnight = (ends + CHINA_STANDARD_TIME) % 86_400_000 === 0;
    return this.day(midnight ? ends - 86_400_000 : ends);
  }
}

import type { KindId } from '../../../shared/certificate/kind.js';
import { certificateKind } from '../../../shared/certificate/kind.js';
import { findLevel, type Level } from '../../../shared/certificate/level.js';

/** Words for a level, as people write them; the value is that of the Chinese frameworks. */
const WORDS: Readonly<Record<string, string>> = {
  学徒工: 'apprentice',
  学徒: 'apprentice',
  初级工: '5',
  初级: '5',
  初级技能: '5',
  中级工: '4',
  中级: '4',
  中级技能: '4',
  高级工: '3',
  高级: '3',
  高级技能: '3',
  技师: '2',
  高级技师: '1',
  特级技师: 'special',
  特级: 'special',
  首席技师: 'chief',
  首席: 'chief',
};
const NUMERALS: Readonly<Record<string, string>> = {
  一: '1',
  二: '2',
  三: '3',
  四: '4',
  五: '5',
  I: '1',
  II: '2',
  III: '3',
  IV: '4',
  V: '5',
};
const MACAU: Readonly<Record<string, string>> = {
  '5': 'basic',
  '4': 'intermediate',
  basic: 'basic',
  intermediate: 'intermediate',
};
const PREFIX = /^(?:职业技能等级|国家职业资格|职业资格|技能等级|等级)[::]?/;
const NUMBERED = /^(?:l|level|lv)?\.?([1-5]|[一二三四五]|I{1,3}|IV|V)级?$/i;

/**
 * Reads what people write for a level: `五级`, `五级/初级工`, `初级工`, `L5`, `5`, `职业技能等级五级`, `特级技师` …
 * @param text tidied text
 * @returns value as the frameworks name it; undefined when it is none, or when two parts of the text disagree
 */
export function readLevelWord(text: string): string | undefined {
  const parts = text
    .replace(PREFIX, '')
    .replace(/[()]/g, '/')
    .split(/[/、,]/)
    .filter((part) => part !== '');
  const values = new Set(parts.map(wordOf));
  const [value] = values;
  return values.size === 1 ? value : undefined;
}

function wordOf(part: string): string | undefined {
  const word = part.replace(PREFIX, '');
  const numeral = NUMBERED.exec(word)?.[1];
  if (numeral !== undefined) return NUMERALS[numeral.toUpperCase()] ?? numeral;
  const joined = /^([一二三四五1-5])级(.+)$/.exec(word);
  if (joined) {
    const [number, name] = [wordOf(joined[1] ?? ''), WORDS[joined[2] ?? '']];
    return number === name ? number : undefined;
  }
  return WORDS[word] ?? (Object.hasOwn(MACAU, word.toLowerCase()) ? word.toLowerCase() : undefined);
}

/**
 * Gives a level word its framework.
 * @param kind kind of the certificate
 * @param granted levels the institution may assess; where a word is in two frameworks, theirs is meant
 * @returns undefined when the kind has no such level
 */
export function levelOfKind(word: string, kind: KindId, granted: readonly Level[]): Level | undefined {
  const levels = certificateKind(kind)
    .frameworks.map((framework) => ({
      framework,
      value: framework === 'mo-dsal' ? (MACAU[word] ?? word) : word,
    }))
    .filter((level) => findLevel(level) !== undefined);
  const isGranted = (level: Level): boolean =>
    granted.some((item) => item.framework === level.framework && item.value === level.value);
  return levels.find(isGranted) ?? levels[0];
}

import { createTranslator, type Language } from '../i18n/create-translator.js';
import type { Check } from './check.js';
import { en } from './messages/en.js';
import { zhCN } from './messages/zh-CN.js';
import type { SupervisionRule } from './rules.js';

const translator = createTranslator({ 'zh-CN': zhCN, en });

/** Details that are names of sentences themselves, with the beginning of those names. */
const WORDS = ['per', 'basis'] as const;

/** One sentence that names the rule, what was found and what was expected, or why that is not known. */
export function explainCheck({ rule, answer, value, most, why, detail = {} }: Check, language: Language): string {
  const say = translator(language);
  const values: Record<string, string> = { rule: ruleName(rule, language) };
  for (const [name, one] of Object.entries({ ...detail, value, most }))
    if (one !== undefined) values[name] = String(one);
  for (const name of WORDS) if (values[name] !== undefined) values[name] = say(`${name}.${values[name]}`);
  return say(answer === 'unknown' ? `unknown.${why ?? ''}` : `${rule}.${answer}`, values);
}

/** What a rule is called. */
export function ruleName(rule: SupervisionRule, language: Language): string {
  return translator(language)(`rule.${rule}`);
}

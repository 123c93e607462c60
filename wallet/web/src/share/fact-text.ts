import { isWord } from '../../../../ui/i18n/index.js';
import type { Fact } from '../core/share/facts.js';
import type { Text } from '../i18n/index.js';

const MAX_SHOWN = 200;

/** What a fact is called; of one we have no word for, the name its form has for it. */
export function factLabel({ path }: Pick<Fact, 'path'>, { say }: Text): string {
  return labelOf(path.filter((step) => typeof step === 'string').join('.'), say);
}

/** The same for a path as the log keeps it. */
export function loggedLabel(path: string, { say }: Text): string {
  return labelOf(
    path
      .split('.')
      .filter((step) => !/^\d+$/.test(step))
      .join('.'),
    say,
  );
}

/** A fact's value as a person reads it. */
export function factValue({ path, value }: Pick<Fact, 'path' | 'value'>, { say }: Text): string {
  if (typeof value === 'boolean') return say(value ? 'fact.yes' : 'fact.no');
  if (path.some((step) => step === 'picture' || step === 'photo')) return say('fact.picture-there');
  const text = String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function labelOf(path: string, say: Text['say']): string {
  const whole = `fact.${path.replace(/^credentialSubject\./, '').replaceAll('_', '-')}`;
  return isWord(whole) ? say(whole) : path;
}

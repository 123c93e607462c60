import type { Headline } from '../../shared/verdict/types.js';

/** Milliseconds of buzzing and silence: one short for good, two for conditions, one long for no, three for unknown. */
const PATTERNS: Record<Headline, number[]> = {
  accepted: [90],
  'accepted-with-conditions': [90, 80, 90],
  refused: [450],
  undetermined: [90, 80, 90, 80, 90],
};

/** Lets a hand feel the verdict, where the device can. */
export function vibrate(headline: Headline): void {
  (navigator as Partial<Navigator>).vibrate?.(PATTERNS[headline]);
}

/** Whether the device can speak. */
export function canSpeak(): boolean {
  return 'speechSynthesis' in globalThis;
}

/** Says a sentence, with a voice that is on the device only: what a certificate says goes to nobody. */
export function speak(sentence: string, tag: string): void {
  if (!canSpeak()) return;
  const local = speechSynthesis.getVoices().filter(({ localService }) => localService);
  const voice =
    local.find(({ lang }) => lang.replace('_', '-') === tag) ??
    local.find(({ lang }) => lang.slice(0, 2) === tag.slice(0, 2));
  if (!voice) return;
  const utterance = new SpeechSynthesisUtterance(sentence);
  Object.assign(utterance, { voice, lang: tag });
  speechSynthesis.cancel();
  speechSynthesis.speak(utterance);
}

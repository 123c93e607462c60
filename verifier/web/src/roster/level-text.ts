import { findLevel, type Level } from '../../../../shared/certificate/level.js';
import type { Language } from '../../../../shared/i18n/create-translator.js';

/** A level as people write it. */
export function levelText(level: Level, language: Language): string {
  const found = findLevel(level);
  return found ? (language === 'en' ? found.nameEn : found.nameZh) : `${level.framework} ${level.value}`;
}

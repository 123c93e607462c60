import { findLevel } from '../../../../shared/certificate/level.js';
import { useText } from '../i18n/index.js';

/** A level by its name. */
export function LevelText({ framework, value }: { framework: string; value: string }) {
  const { sentences } = useText();
  const level = findLevel({ framework, value });
  return <>{level ? (sentences === 'zh-CN' ? level.nameZh : level.nameEn) : `${framework} ${value}`}</>;
}

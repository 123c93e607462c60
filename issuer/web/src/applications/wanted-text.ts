import { CERTIFICATE_KINDS } from '../../../../shared/certificate/kind.js';
import { findLevel } from '../../../../shared/certificate/level.js';
import { findOccupation } from '../../../../shared/certificate/occupation.js';
import type { Text } from '../i18n/index.js';

/** A qualification in a few words: item or occupation and level, and the kind of certificate. */
export function qualificationText(
  of: {
    kind: string;
    item?: string | undefined;
    occupation?: string | undefined;
    level?: { framework: string; value: string } | undefined;
  },
  sentences: Text['sentences'],
): string {
  const zh = sentences === 'zh-CN';
  const kind = CERTIFICATE_KINDS.find(({ id }) => id === of.kind);
  const level = of.level && findLevel(of.level);
  const occupation =
    of.occupation === undefined ? undefined : (findOccupation(of.occupation, '2022')?.name ?? of.occupation);
  const words = [of.item ?? occupation, level && (zh ? level.nameZh : level.nameEn)].filter((one) => one !== undefined);
  const name = kind ? (zh ? kind.nameZh : kind.nameEn) : of.kind;
  return words.length === 0 ? name : `${words.join(' ')} · ${name}`;
}

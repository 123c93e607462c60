import { YizhengError } from '../shared/errors.js';
import { instant, rfc3339 } from '../shared/trust/time.js';
import type { Accreditation, SigningKey } from '../shared/trust/types.js';

/** Another accreditation of the institution with the keys ended that `said` ends; undefined when it stays as it is. */
export function keysEndedWith(said: Accreditation, row: Accreditation): Accreditation | undefined {
  if (row.id === said.id || row.institution !== said.institution) return undefined;
  const signingKeys = row.signingKeys.map((key) =>
    endedAt(key, said.signingKeys.find(({ id }) => id === key.id)?.validUntil),
  );
  const isSame = signingKeys.every((key, i) => key.validUntil === row.signingKeys[i]?.validUntil);
  return isSame ? undefined : { ...row, signingKeys };
}

/**
 * Keys of an accreditation with those the institution shows now: new ones are added, ended and vanished ones get their end.
 * @param at RFC 3339: the end of one that vanished
 * @throws YizhengError `SIGNING_KEY_CHANGED` (409) when a key of the same name is another one
 */
export function mergeKeys(old: readonly SigningKey[], published: readonly SigningKey[], at: string): SigningKey[] {
  const merged = old.map((key) => {
    const now = published.find(({ id }) => id === key.id);
    if (now && now.publicKeyMultibase !== key.publicKeyMultibase)
      throw new YizhengError('SIGNING_KEY_CHANGED', `The institution shows another key under the name ${key.id}.`, {
        status: 409,
      });
    return endedAt(key, now ? now.validUntil : at);
  });
  return [...merged, ...published.filter((key) => isUsable(key) && !old.some(({ id }) => id === key.id))];
}

/** False for a key that was over before it could be published. */
export function isUsable({ validFrom, validUntil }: SigningKey): boolean {
  return validUntil === undefined || instant(validFrom) < instant(validUntil);
}

/** The key with this end, unless it has an earlier one. One that has not begun has no past to keep: it ends as it begins. */
function endedAt(key: SigningKey, until: string | undefined): SigningKey {
  if (until === undefined || (key.validUntil !== undefined && instant(key.validUntil) <= instant(until))) return key;
  const end = Math.max(instant(until), instant(key.validFrom) + 1000);
  return { ...key, validUntil: end === instant(until) ? until : rfc3339(end) };
}

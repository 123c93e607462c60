import { createHash } from 'node:crypto';
import type { KeyInfo, KeyPlace } from '../../keys/custody.js';
import type { Keystore } from '../../keys/keystore.js';
import type { RegistryEvent } from '../../shared/trust/types.js';
import { signCompact } from '../../shared/trust/jws.js';
import type { Institution } from '../institutions.js';
import type { CeremonyRow } from './ceremony.js';
import { keyFingerprint } from './fingerprint.js';
import type { CompromisePreview } from './preview-compromise.js';

/** `typ` of a signed ceremony record. */
export const CEREMONY_RECORD_TYPE = 'yizheng-key-ceremony+jwt';

/** A key as it stands in a record: public facts only. */
export type RecordedKey = Pick<
  KeyInfo,
  'id' | 'algorithm' | 'publicKeyMultibase' | 'state' | 'createdAt' | 'validFrom' | 'validUntil' | 'compromisedSince'
> & {
  fingerprint: string;
  /** Token the private key lies on, from where it cannot be copied; whether it is destroyed there. */
  token?: Pick<KeyPlace, 'label' | 'serial' | 'isDestroyed'>;
};

/** What two custodians did, for the authority and for the institution's own files. */
export interface CeremonyRecord {
  type: 'KeyCeremonyRecord';
  id: string;
  institution: Pick<Institution, 'code' | 'did' | 'name' | 'authority'>;
  kind: CeremonyRow['kind'];
  reason: string;
  proposed: { by: string; name: string; at: string };
  confirmed: { by: string; name: string; at: string };
  doneAt: string;
  key: RecordedKey;
  /** Every key the accreditation should list now; one without `validFrom` begins when the authority says. */
  keys: { id: string; publicKeyMultibase: string; validFrom?: string; validUntil?: string }[];
  /** Active key that ended when this one took over. */
  replaced?: RecordedKey;
  /** What the authority publishes about a compromised key; id and authority are its own. */
  event?: Omit<RegistryEvent, 'id' | 'authority'>;
  /** What was signed with a compromised key. */
  consequences?: Omit<CompromisePreview, 'keyId'>;
}

/** The public facts of a key, with its fingerprint. */
export function recordedKey(key: KeyInfo): RecordedKey {
  const { id, algorithm, publicKeyMultibase, state, createdAt, validFrom, validUntil, compromisedSince, token } = key;
  return {
    id,
    algorithm,
    publicKeyMultibase,
    fingerprint: keyFingerprint(publicKeyMultibase),
    state,
    createdAt,
    validFrom,
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(compromisedSince === undefined ? {} : { compromisedSince }),
    ...(token && { token: { label: token.label, serial: token.serial, isDestroyed: token.isDestroyed } }),
  };
}

/**
 * Signs a record with the institution's `audit` key, which is made when it is first needed and signs nothing else: a compromised
 * certificate key can never speak about itself.
 * @returns text of the file to hand over: `record` to read, `jws` (compact, RFC 7515) that signs the same record, and again `institution` and
 *   `keys` where the authority's form looks for them; and the SHA-256 of the file, hex
 */
export async function signRecord(
  keystore: Keystore,
  record: CeremonyRecord,
  now: Date,
): Promise<{ text: string; sha256: string; signedBy: string }> {
  const { did } = record.institution;
  const kid = await auditKey(keystore, did, now);
  const jws = await signCompact(CEREMONY_RECORD_TYPE, JSON.stringify(record), {
    kid,
    sign: (bytes) => keystore.sign(kid, bytes),
  });
  const text = `${JSON.stringify({ institution: did, keys: record.keys, record, jws }, null, 2)}\n`;
  return { text, sha256: createHash('sha256').update(text).digest('hex'), signedBy: kid };
}

async function auditKey(keystore: Keystore, controller: string, now: Date): Promise<string> {
  const held = (): string | undefined => keystore.list({ controller, purpose: 'audit', state: 'active' })[0]?.id;
  try {
    return held() ?? (await keystore.createKey({ controller, purpose: 'audit', now })).id;
  } catch (error) {
    const madeMeanwhile = held();
    if (madeMeanwhile === undefined) throw error;
    return madeMeanwhile;
  }
}

/** See `CeremonyRecord.keys`: all but the compromised ones, which the authority revokes by an event. */
export function keysToList(held: readonly KeyInfo[]): CeremonyRecord['keys'] {
  return held
    .filter(({ state }) => state !== 'compromised')
    .map(({ id, publicKeyMultibase, state, validFrom, validUntil }) => ({
      id,
      publicKeyMultibase,
      ...(state === 'next' ? {} : { validFrom }),
      ...(validUntil === undefined ? {} : { validUntil }),
    }));
}

import type { PackedKeys } from '../../server/index.js';
import type { IssuerKeystore } from '../effects.js';
import type { PackedCandidates } from '../packed-candidates.js';
import { packedKeys, type ResultKeys } from '../result-keys.js';
import type { PlainRows } from './plain-rows.js';

/** Bytes of a key, and its characters as hex. */
const BYTES = 32;
const HEX = 2 * BYTES;

/** The keys a block of plain rows is found by; see {@link ResultKeys}. */
export class PlainKeys implements PackedCandidates {
  private constructor(
    /** The duplicate keys as they are made, 32 bytes each. */
    readonly digests: Uint8Array,
    private readonly hex: Readonly<Record<keyof ResultKeys, Buffer>>,
  ) {}

  /** Makes them, in three calls to custody. What they are made of is overwritten. */
  static async of(custody: Pick<IssuerKeystore, 'hmacPacked'>, plain: PlainRows): Promise<PlainKeys> {
    const { texts, stored } = plain;
    const [duplicates, holders, results] = await Promise.all([
      packedKeys(custody, 'duplicate', texts.duplicate),
      packedKeys(custody, 'holder', texts.holder),
      packedKeys(custody, 'result', texts.result),
    ]);
    plain.forgetKeyTexts();
    stored.duplicateKey.writeHex(duplicates);
    stored.holderKey.writeHex(holders);
    stored.resultKey.writeHex(results);
    return new PlainKeys(duplicates, {
      duplicateKey: stored.duplicateKey.written(),
      holderKey: stored.holderKey.written(),
      resultKey: stored.resultKey.written(),
    });
  }

  /** How many rows there are. */
  get count(): number {
    return this.digests.length / BYTES;
  }

  get duplicateKey(): PackedKeys {
    return this.packed('duplicateKey');
  }

  get resultKey(): PackedKeys {
    return this.packed('resultKey');
  }

  /** A key of a row. */
  key(name: keyof ResultKeys, i: number): string {
    return this.hex[name].toString('latin1', i * HEX, (i + 1) * HEX);
  }

  /** A key of all rows, as it is stored. */
  packed(name: keyof ResultKeys): PackedKeys {
    return { bytes: this.hex[name], width: HEX };
  }

  /** Where the duplicate key of a row begins among {@link digests}. */
  place(i: number): number {
    return i * BYTES;
  }
}

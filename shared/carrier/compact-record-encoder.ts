import type { CertificateRecord } from '../certificate/record.js';
import type { SignedBytes } from '../certificate/signed-bytes.js';
import { YizhengError } from '../errors.js';
import { BitWriter } from './bit-stream.js';
import { GROUPS, RARE, RECORD, type Field } from './certificate-fields.js';
import { COMPACT_FORM, LATEST_TABLES, occupationRowsOf } from './compact-codec.js';
import { noFacts, type KnownFacts } from './field-codec.js';
import { FieldMemory } from './field-memory.js';
import { SIGNATURE_BYTES } from './proof-codec.js';
import { ProofMemory } from './proof-memory.js';
import { sameFacts } from './same-facts.js';

/** A field and its memory; none where the values differ from certificate to certificate. */
interface Step {
  field: Field;
  memory: FieldMemory | undefined;
}

/**
 * `encodeCompactRecord` for whoever signs many records: certificates of one exam agree in nearly every field, so the bits of a field's
 * last few values are kept and copied. Memory is bounded.
 *
 * Every payload is read back, field by field: reading a field is a function of the bits from its place on and of the facts told
 * before it, and ends where its bits end; so when each field gives its value back from its bits under those facts, a reader of the whole
 * payload does. Bits that are kept were read back under the same facts; all others are read back where they stand.
 */
export class CompactRecordEncoder {
  readonly #steps = RECORD.map(stepOf);
  readonly #rareSteps = RARE.map(stepOf);
  readonly #proofs = new ProofMemory();
  readonly #out = new BitWriter();

  /**
   * Packs one certificate.
   * @param record a record `parseCertificateRecord` accepts, of which `json` was made
   * @param signed UTF-8 of the signed credential as JSON text, and the 64 bytes of its signature
   * @returns the payload `encodeCompactRecord` gives, good until the next call; undefined for what only the dictionary form can express
   */
  encode(record: CertificateRecord, signed: SignedBytes): Uint8Array | undefined {
    try {
      return this.#encode(record, signed);
    } catch (error) {
      if (error instanceof YizhengError || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  #encode(record: CertificateRecord, { json, signature }: SignedBytes): Uint8Array | undefined {
    const out = this.#out;
    out.clear();
    out.write(COMPACT_FORM, 4);
    out.write(LATEST_TABLES, 4);
    const facts = noFacts(occupationRowsOf(LATEST_TABLES));
    const coded = this.#append(this.#steps, record, facts);
    const hasRare = coded?.last === true;
    const rare = hasRare ? this.#append(this.#rareSteps, record, facts) : NONE;
    if (!coded || !rare || coded.members + rare.members !== membersOf(record)) return undefined;
    const proof = signature.length === SIGNATURE_BYTES ? this.#proofs.bitsOf(json, signature, facts) : undefined;
    if (!proof) return undefined;
    out.writeRun(proof);
    const place = out.position;
    out.writeBytes(signature);
    return out.reader(place).isNext(signature) ? out.view() : undefined;
  }

  /** @returns how many members of the record were coded, and the last field's value; undefined when one was not read back */
  #append(
    steps: readonly Step[],
    record: CertificateRecord,
    facts: KnownFacts,
  ): { members: number; last: unknown } | undefined {
    let members = 0;
    let last: unknown;
    for (const step of steps) {
      const { field, memory } = step;
      const value = field.take(record, facts);
      if (memory) {
        const bits = memory.bitsOf(value, facts);
        if (!bits) return undefined;
        this.#out.writeRun(bits);
      } else if (!this.#isReadBack(field, value, facts)) return undefined;
      field.tell(facts, value);
      if (field.isMember && value !== undefined) members++;
      last = value;
    }
    return { members, last };
  }

  #isReadBack(field: Field, value: unknown, facts: KnownFacts): boolean {
    const out = this.#out;
    const place = out.position;
    field.write(out, value, facts);
    const input = out.reader(place);
    return sameFacts(field.read(input, facts), value) && input.position === out.position;
  }
}

const NONE = { members: 0, last: undefined };

function stepOf(field: Field): Step {
  return { field, memory: field.varies ? undefined : new FieldMemory(field) };
}

/** Members that state something; one the field table does not know must not be lost. */
function membersOf(record: CertificateRecord): number {
  let count = -GROUPS.length;
  for (const name in record) if (record[name as keyof CertificateRecord] !== undefined) count++;
  for (const group of GROUPS) {
    const part: Record<string, unknown> = record[group];
    for (const name in part) if (part[name] !== undefined) count++;
  }
  return count;
}

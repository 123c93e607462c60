import { BitWriter, type BitRun } from './bit-stream.js';
import type { Field } from './certificate-fields.js';
import type { KnownFacts } from './field-codec.js';
import { sameFacts } from './same-facts.js';

const MOST_VALUES = 256;
const MOST_OBJECTS = 8;

/** Bits, and what a reader reads from them where the facts leaned on are the same. */
interface Kept {
  value: unknown;
  leaned: readonly unknown[];
  bits: BitRun;
}

/** The bits a field's last few values became, each read back once. */
export class FieldMemory {
  readonly #field: Field;
  readonly #values = new Map<unknown, Kept>();
  readonly #objects: Kept[] = [];
  #last: Kept | undefined;

  /** @param field of the field table */
  constructor(field: Field) {
    this.#field = field;
  }

  /**
   * The bits of a value.
   * @param facts what was told before the field
   * @returns undefined when reading them does not give the value back
   * @throws YizhengError, RangeError when the field cannot express it
   */
  bitsOf(value: unknown, facts: KnownFacts): BitRun | undefined {
    const last = this.#last;
    if (last !== undefined && isSame(last.value, value) && this.#isLeanedOn(last, facts)) return last.bits;
    const kept = this.#find(value, facts) ?? this.#learn(value, facts);
    this.#last = kept;
    return kept?.bits;
  }

  #find(value: unknown, facts: KnownFacts): Kept | undefined {
    if (typeof value === 'object')
      return this.#objects.find((kept) => sameFacts(kept.value, value) && this.#isLeanedOn(kept, facts));
    const kept = this.#values.get(value);
    return kept !== undefined && this.#isLeanedOn(kept, facts) ? kept : undefined;
  }

  #isLeanedOn({ leaned }: Kept, facts: KnownFacts): boolean {
    const names = this.#field.leansOn;
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      if (name !== undefined && facts[name] !== leaned[i]) return false;
    }
    return true;
  }

  #learn(value: unknown, facts: KnownFacts): Kept | undefined {
    const field = this.#field;
    const out = new BitWriter();
    field.write(out, value, facts);
    const input = out.reader(0);
    const read = field.read(input, facts);
    if (input.position !== out.position || !sameFacts(read, value)) return undefined;
    const kept: Kept = {
      value: read,
      leaned: field.leansOn.map((name) => facts[name]),
      bits: out.run(out.position),
    };
    if (typeof read === 'object') {
      if (this.#objects.unshift(kept) > MOST_OBJECTS) this.#objects.pop();
    } else {
      if (this.#values.size >= MOST_VALUES) this.#values.clear();
      this.#values.set(read, kept);
    }
    return kept;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof b === 'object' && sameFacts(a, b));
}

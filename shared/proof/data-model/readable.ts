import { YizhengError } from '../../errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/parse-json.js';
import { assertCompact } from '../compaction.js';

const VALUE_MEMBERS = ['@value', '@language', '@direction'];

/**
 * Demands that a document says to a reader of its JSON what it says to JSON-LD: every term defined (safe mode), written as its own
 * compaction, no keywords but those of language values, no second description of itself inside (SECURITY F1). Proofs are left out:
 * they have a closed schema.
 * @throws YizhengError `CREDENTIAL_SHAPE`, `TERM_UNDEFINED`, `COMPACTION_DIFFERS` (422)
 */
export async function assertReadable(document: JsonObject): Promise<void> {
  const { proof: _, ...unsecured } = document;
  assertPlainJson(unsecured);
  await assertCompact(unsecured);
}

/**
 * Refuses JSON-LD keywords and second descriptions of the document inside it: both move statements out of a reader's sight
 * without changing what is signed (SECURITY F1).
 * @throws YizhengError `CREDENTIAL_SHAPE`
 */
export function assertPlainJson(document: JsonObject): void {
  const { '@context': _, id, ...members } = document;
  const visit = (value: JsonValue): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isJsonObject(value) || isLanguageValue(value)) return;
    for (const [name, member] of Object.entries(value)) {
      if (name.startsWith('@') || (name === 'id' && repeats(member, id)))
        throw new YizhengError('CREDENTIAL_SHAPE', 'The document uses JSON-LD keywords or describes itself twice.', {
          status: 422,
        });
      visit(member);
    }
  };
  visit(members);
}

function isLanguageValue(value: JsonObject): boolean {
  return (
    typeof value['@value'] === 'string' &&
    Object.entries(value).every(([name, member]) => VALUE_MEMBERS.includes(name) && typeof member === 'string')
  );
}

function repeats(id: JsonValue, documentId: JsonValue | undefined): boolean {
  return id === documentId || (typeof id === 'string' && id.startsWith('_:'));
}

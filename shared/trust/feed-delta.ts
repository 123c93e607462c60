import { z } from 'zod';
import { schemaError } from '../certificate/record.js';
import { YizhengError } from '../errors.js';
import { parseJson, utf8Length, type JsonObject } from '../json/parse-json.js';
import { sha256Hex } from './digest.js';
import { MAX_PART_BYTES, rowKey, type PartName, type PartReference } from './feed-part.js';

/**
 * What changed in a part (TRUST §3.1). Unsigned: it counts only when the result has the hash `to`, which a signed manifest names.
 */
export interface FeedDelta {
  /** Name of the part. */
  part: string;
  /** SHA-256 of the part it applies to, hex. */
  from: string;
  /** SHA-256 of the result, hex. */
  to: string;
  /** New and changed rows, by key. */
  upsert: JsonObject[];
  /** Keys of the rows that are gone. */
  remove: string[];
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const deltaSchema = z.strictObject({
  part: z.string().max(40),
  from: sha256,
  to: sha256,
  upsert: z.array(z.record(z.string(), z.unknown())),
  remove: z.array(z.string().max(300)),
});
const LIMITS = { maxBytes: MAX_PART_BYTES, maxDepth: 20, maxNodes: 4_000_000 };

/** Path of the delta between two versions of a part, below the registry's address. */
export function deltaPath(part: string, from: string, to: string): string {
  return `delta/${part}/${from}-${to}.json`;
}

/**
 * The delta from one version of a part to another.
 * @param from plain text of the part as published before; one JSON row a line, sorted by key
 * @param to plain text of the part now
 * @returns undefined when a row would not come out byte for byte as it was published, so that only the whole part will do
 */
export function makeDelta(part: PartName, from: string, to: string): FeedDelta | undefined {
  const before = new Set(linesOf(from));
  const after = linesOf(to);
  const kept = new Set(after);
  const changed = after.filter((line) => !before.has(line));
  const upsert = changed.map((line) => JSON.parse(line) as JsonObject);
  if (upsert.some((row, i) => JSON.stringify(row) !== changed[i])) return undefined;
  const stays = new Set(upsert.map((row) => keyOf(part, row)));
  const remove = [...before]
    .filter((line) => !kept.has(line))
    .map((line) => keyOf(part, JSON.parse(line) as JsonObject))
    .filter((key) => !stays.has(key));
  return { part, from: sha256Hex(from), to: sha256Hex(to), upsert, remove };
}

/**
 * Applies a delta to the part held. Nothing of it is believed: the result must be, byte for byte, the part the manifest names.
 * @param held plain text of the part as held
 * @param delta the file as it came
 * @param target the part as the signed manifest describes it
 * @returns plain text of the new part
 * @throws YizhengError `FEED_DELTA_INVALID` (form, or not from the part held to the part wanted, or a key twice or unknown),
 *   `FEED_DELTA_ROWS`, `FEED_DELTA_LENGTH` (other numbers of rows or bytes than the manifest says), `FEED_DELTA_HASH` (gives another part), `JSON_*`
 */
export function applyDelta(
  held: string,
  delta: Uint8Array | string,
  target: PartReference & { name: PartName },
): string {
  const { name } = target;
  const parsed = deltaSchema.safeParse(parseJson(delta, LIMITS));
  if (!parsed.success) throw schemaError('FEED_DELTA_INVALID', parsed.error);
  const { part, from, to, upsert, remove } = parsed.data;
  if (part !== name || to !== target.sha256 || from !== sha256Hex(held))
    throw refused('FEED_DELTA_INVALID', name, 'The delta does not lead from the part held to the part wanted.');

  const rows = new Map(linesOf(held).map((line) => [keyOf(name, JSON.parse(line) as JsonObject), line]));
  for (const key of remove)
    if (!rows.delete(key)) throw refused('FEED_DELTA_INVALID', name, 'The delta removes a row that is not there.');
  for (const row of upsert) rows.set(keyOf(name, row as JsonObject), JSON.stringify(row));
  if (rows.size !== target.rows)
    throw refused('FEED_DELTA_ROWS', name, 'The delta does not give the number of rows the manifest says.');
  const text = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, line]) => `${line}\n`)
    .join('');
  if (utf8Length(text) !== target.length)
    throw refused('FEED_DELTA_LENGTH', name, 'The delta does not give a part of the length the manifest says.');
  if (sha256Hex(text) !== target.sha256)
    throw refused('FEED_DELTA_HASH', name, 'The delta does not give the part the manifest names.');
  return text;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.slice(0, -1).split('\n');
}

function keyOf(name: PartName, row: JsonObject): string {
  const key = rowKey(name, row as unknown as { id: string });
  if (typeof key !== 'string' || key === '')
    throw refused('FEED_DELTA_INVALID', name, 'A row of the delta has no key.');
  return key;
}

function refused(code: string, at: string, message: string): YizhengError {
  return new YizhengError(code, message, { at, status: 422 });
}

import { z } from 'zod';
import { schemaError } from '../certificate/record.js';
import { YizhengError } from '../errors.js';
import { parseJson, utf8Length } from '../json/parse-json.js';
import { sha256Hex } from './digest.js';
import type { FeedCrypto } from './feed-crypto.js';
import type { FeedJwk } from './jws.js';
import { readPlainAccreditation } from './plain-accreditation.js';
import { verifyStatement } from './statement-credential.js';
import { parseStatement } from './statement-schema.js';
import type { FeedContent } from './trust-view.js';
import type { Recognition, StatusListRow } from './types.js';

/** Names of the parts a feed may have; a client skips names it does not know. */
export const PART_NAMES = ['accreditations', 'recognitions', 'events', 'reviews', 'supply-chain', 'status'] as const;
/** One of {@link PART_NAMES}. */
export type PartName = (typeof PART_NAMES)[number];

/** A row of part `recognitions`: the whole signed statement, few as they are. */
export interface SignedRecognitionRow {
  id: string;
  /** `vc+jwt`. */
  vc: string;
}

/** What the manifest says of a part. */
export interface PartReference {
  name: string;
  /** Length of the plain text in UTF-8 bytes. */
  length: number;
  /** SHA-256 of the plain text, hex; also its file name. */
  sha256: string;
  rows: number;
}

/** A part ready to be published. */
export interface Part extends PartReference {
  name: PartName;
  /** One JSON row a line, sorted by key. */
  text: string;
}

/** Largest part, in bytes. */
export const MAX_PART_BYTES = 48 * 1024 * 1024;

const ROW_LIMITS = { maxBytes: 8 * 1024 * 1024, maxDepth: 16, maxNodes: 60_000 };
const statusRow = z.strictObject({ url: z.url().max(300), credential: z.string().max(8 * 1024 * 1024) });
const recognitionRow = z.strictObject({ id: z.string().max(200), vc: z.string().max(600_000) });

/** Key of a row: what the rows are sorted by and what a delta names. */
export function rowKey(name: PartName, row: { id: string } | { url: string }): string {
  return name === 'status' && 'url' in row ? row.url : 'id' in row ? row.id : '';
}

/**
 * Writes a part: rows sorted by key (UTF-16 order), one JSON text a line, so that the same rows always give the same bytes.
 * @throws YizhengError `FEED_PART_UNSORTED` when two rows have one key, `FEED_PART_LENGTH`
 */
export function buildPart(name: PartName, rows: readonly ({ id: string } | { url: string })[]): Part {
  const sorted = rows.toSorted((a, b) => (rowKey(name, a) < rowKey(name, b) ? -1 : 1));
  for (const [i, row] of sorted.entries()) {
    const next = sorted[i + 1];
    if (next && rowKey(name, next) === rowKey(name, row))
      throw new YizhengError('FEED_PART_UNSORTED', `Part ${name} holds two rows with the key ${rowKey(name, row)}.`);
  }
  const text = sorted.map((row) => `${JSON.stringify(row)}\n`).join('');
  const length = utf8Length(text);
  if (length > MAX_PART_BYTES)
    throw new YizhengError('FEED_PART_LENGTH', `Part ${name} is larger than ${MAX_PART_BYTES} bytes.`);
  return { name, text, length, sha256: sha256Hex(text), rows: sorted.length };
}

/** Rows of the parts, by name. */
export type PartRows = Pick<
  FeedContent,
  'accreditations' | 'recognitions' | 'events' | 'reviews' | 'supplyChain' | 'statusLists'
>;

/**
 * Reads the parts of one authority. Every row must be a valid statement **of this authority**, in order, each key once; every
 * recognition must be signed by a current statement key of its own.
 * @param texts plain text by part name; hashes were checked before
 * @param statementKey current statement keys of the authority, by verification method URL
 * @throws YizhengError `FEED_ROW_INVALID`, `FEED_PART_UNSORTED`, `FEED_STATEMENT_FOREIGN`, `FEED_KEY_CONFLICT`, `STATEMENT_*`
 */
export function readParts(
  authority: string,
  texts: ReadonlyMap<string, string>,
  statementKey: (verificationMethod: string) => FeedJwk | undefined,
  crypto?: FeedCrypto,
): PartRows {
  const rows = <T extends object>(
    name: PartName,
    read: (value: unknown) => T,
    plain?: (line: string) => T | undefined,
  ): T[] =>
    readRows(name, texts.get(name) ?? '', (line) => {
      const row = plain?.(line) ?? read(parseJson(line, ROW_LIMITS));
      const speaker = (row as { authority?: string }).authority ?? authority;
      if (speaker !== authority)
        throw new YizhengError('FEED_STATEMENT_FOREIGN', `A feed holds a statement in the name of ${speaker}.`);
      return row;
    });
  const parts: PartRows = {
    accreditations: rows('accreditations', (value) => parseStatement('accreditation', value), readPlainAccreditation),
    recognitions: rows('recognitions', (value) => readRecognition(value, statementKey, crypto)),
    events: rows('events', (value) => parseStatement('event', value)),
    reviews: rows('reviews', (value) => parseStatement('review', value)),
    supplyChain: rows('supply-chain', (value) => parseStatement('supply-chain', value)),
    statusLists: rows('status', (value): StatusListRow => checked(statusRow, value)),
  };
  oneKeyOneMaterial(parts);
  return parts;
}

function readRecognition(
  value: unknown,
  statementKey: (kid: string) => FeedJwk | undefined,
  crypto: FeedCrypto | undefined,
): Recognition {
  const row = checked(recognitionRow, value);
  const statement = verifyStatement('recognition', row.vc, statementKey, crypto);
  if (statement.id !== row.id) throw new YizhengError('FEED_ROW_INVALID', 'A recognition row names another statement.');
  return statement;
}

function readRows<T extends object>(name: PartName, text: string, read: (line: string) => T): T[] {
  if (text === '') return [];
  if (!text.endsWith('\n')) throw new YizhengError('FEED_ROW_INVALID', `Part ${name} ends inside a row.`, { at: name });
  let previous: string | undefined;
  return text
    .slice(0, -1)
    .split('\n')
    .map((line, i) => {
      const at = `${name}, row ${i + 1}`;
      const row = read(line);
      const key = rowKey(name, row as { id: string });
      if (previous !== undefined && key <= previous)
        throw new YizhengError('FEED_PART_UNSORTED', `Part ${name} is not sorted, or names a row twice.`, { at });
      previous = key;
      return row;
    });
}

/** An authority that publishes two keys under one name has no key of that name. */
function oneKeyOneMaterial({ accreditations }: PartRows): void {
  const material = new Map<string, string>();
  for (const row of accreditations)
    for (const key of row.signingKeys) {
      if ((material.get(key.id) ?? key.publicKeyMultibase) !== key.publicKeyMultibase)
        throw new YizhengError('FEED_KEY_CONFLICT', `Two keys are published under the name ${key.id}.`);
      material.set(key.id, key.publicKeyMultibase);
    }
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw schemaError('FEED_ROW_INVALID', parsed.error);
  return parsed.data;
}
